//! Typed errors: one enum per contract, each variant a Solidity error of its interface.

use alloc::vec::Vec;
use alloy_primitives::U256;

/// Selector and words, as a revert or a call carries them.
#[must_use]
pub fn encode(selector: [u8; 4], words: &[U256]) -> Vec<u8> {
    let mut data = Vec::with_capacity(4 + 32 * words.len());
    data.extend_from_slice(&selector);
    for word in words {
        data.extend_from_slice(&word.to_be_bytes::<32>());
    }
    data
}

/// Declares a contract's error enum from the errors of its `sol!` interface.
///
/// Fields are words (`ToWord`); a last variant `Bubbled` passes on the revert data of a
/// called contract, or of OpenZeppelin's parts, as it came. The enum turns into revert
/// data with `Into<Vec<u8>>`.
#[macro_export]
macro_rules! errors {
    ($interface:ident: $($(#[$meta:meta])* $name:ident $({ $($field:ident: $type:ty),+ $(,)? })?),+ $(,)?) => {
        /// Why a call was refused; each variant is the Solidity error of the same name.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "documented where the interface declares them")]
        pub enum Error {
            $($(#[$meta])* $name $({ $($field: $type),+ })?,)+
            /// Revert data of a called contract or a library, passed on unchanged.
            Bubbled(::alloc::vec::Vec<u8>),
        }

        impl From<Error> for ::alloc::vec::Vec<u8> {
            fn from(error: Error) -> Self {
                #[allow(unused_imports, reason = "an interface without fields needs no words")]
                use $crate::word::ToWord;
                match error {
                    $(Error::$name $({ $($field),+ })? => $crate::error::encode(
                        <$interface::$name as $crate::SolError>::SELECTOR,
                        &[$($($field.to_word()),+)?],
                    ),)+
                    Error::Bubbled(data) => data,
                }
            }
        }
    };
}
