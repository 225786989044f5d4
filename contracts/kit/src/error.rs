//! Typed errors: revert data, built from the Solidity errors of an interface.

use crate::out::Out;
use alloc::vec::Vec;
use alloy_sol_types::{Panic, SolError};

/// Why a call was refused: revert data, ready to leave. Made by [`refuse!`](crate::refuse)
/// from an error of a `sol!` interface, or passed on from a called contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Vec<u8>);

/// What fallible functions return.
pub type Result<T, E = Error> = core::result::Result<T, E>;

impl Error {
    /// An error without fields.
    #[must_use]
    #[cold]
    #[inline(never)]
    pub fn plain(selector: u32) -> Self {
        Self(Out::selector(selector).into_bytes())
    }

    /// Solidity's `Panic(code)`.
    #[must_use]
    #[cold]
    pub fn panic(code: u64) -> Self {
        let mut out = Out::selector(u32::from_be_bytes(Panic::SELECTOR));
        out.put(&code);
        out.into()
    }

    /// A revert without data: malformed calldata, unknown selectors, value sent along.
    #[must_use]
    pub const fn silent() -> Self {
        Self(Vec::new())
    }
}

impl From<Vec<u8>> for Error {
    #[inline(always)]
    fn from(data: Vec<u8>) -> Self {
        Self(data)
    }
}

impl From<Out> for Error {
    #[inline(always)]
    fn from(data: Out) -> Self {
        Self(data.into_bytes())
    }
}

impl From<Error> for Out {
    #[inline(always)]
    fn from(error: Error) -> Self {
        error.0.into()
    }
}

impl From<Error> for Vec<u8> {
    fn from(error: Error) -> Self {
        error.0
    }
}

/// The [`Error`](crate::Error) of an interface: `refuse!(Interface::Name, field, ...)`.
/// The number of fields is held against the interface by the compiler.
#[macro_export]
macro_rules! refuse {
    ($error:path) => {{
        const { $crate::error::assert_words::<$error>(0) };
        $crate::Error::plain(u32::from_be_bytes(<$error as $crate::SolError>::SELECTOR))
    }};
    ($error:path, $($field:expr),+) => {{
        const { $crate::error::assert_words::<$error>([$(stringify!($field)),+].len()) };
        let mut out = $crate::out::Out::selector(u32::from_be_bytes(
            <$error as $crate::SolError>::SELECTOR,
        ));
        $(out.put(&$field);)+
        $crate::Error::from(out)
    }};
}

/// Fails to compile unless the error `E` has `words` static fields.
pub const fn assert_words<E: alloy_sol_types::SolError>(words: usize) {
    use alloy_sol_types::SolType;
    assert!(matches!(
        <E::Parameters<'static> as SolType>::ENCODED_SIZE,
        Some(size) if size == 32 * words
    ));
}
