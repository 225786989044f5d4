//! Calldata in, answer out: a router in plain words.
//!
//! The SDK's `#[public]` generates a decoder and an encoder per method; this table costs
//! a few dozen bytes per method instead, and module size is gas on every call. It decodes
//! as Solidity does: short calldata and dirty high bits are refused, bytes after the
//! arguments are ignored (wallets append tags there).
//!
//! Selectors come from the `sol!` interface. The test helper [`Route::check`] holds the
//! Rust types of every route against the interface's Solidity types.

use crate::word::ToWord;
use alloc::string::String;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};

/// Bytes of a word.
const WORD: usize = 32;

/// Calldata without its selector, read one argument after the other.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a> {
    /// All of it: what offsets of dynamic arguments count from.
    data: &'a [u8],
    /// Where the next argument stands.
    at: usize,
}

/// Calldata that is no encoding of the method's arguments. It reverts without data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl From<Malformed> for Vec<u8> {
    fn from(_: Malformed) -> Self {
        Self::new()
    }
}

impl<'a> Args<'a> {
    /// Splits calldata into selector and arguments; nothing when it is too short.
    #[must_use]
    pub fn split(calldata: &'a [u8]) -> Option<(u32, Self)> {
        let (selector, data) = calldata.split_first_chunk::<4>()?;
        Some((u32::from_be_bytes(*selector), Self { data, at: 0 }))
    }

    /// The next argument, held against its type.
    pub fn next<T: Argument>(&mut self) -> Result<T, Malformed> {
        let word = word_at(self.data, self.at)?;
        self.at += WORD;
        T::decode(word, self.data).ok_or(Malformed)
    }
}

fn word_at(data: &[u8], start: usize) -> Result<U256, Malformed> {
    let bytes = start.checked_add(WORD).and_then(|end| data.get(start..end));
    bytes.and_then(U256::try_from_be_slice).ok_or(Malformed)
}

/// A method's argument.
pub trait Argument: Sized {
    /// The Solidity type.
    const SOL: &'static str;
    /// Decodes from its head word, and for dynamic types from all the data.
    fn decode(head: U256, data: &[u8]) -> Option<Self>;
}

impl<T: FromWord> Argument for T {
    const SOL: &'static str = <T as FromWord>::SOL;
    fn decode(head: U256, _: &[u8]) -> Option<Self> {
        T::from_word(head)
    }
}

macro_rules! argument_array {
    ($($type:ty: $sol:literal),*) => {$(
        impl Argument for Vec<$type> {
            const SOL: &'static str = $sol;
            fn decode(head: U256, data: &[u8]) -> Option<Self> {
                let tail = data.get(usize::try_from(head).ok()?..)?;
                let (length, items) = tail.split_at_checked(WORD)?;
                let length = usize::try_from(U256::try_from_be_slice(length)?).ok()?;
                // Held against the calldata before anything is allocated.
                let items = items.get(..length.checked_mul(WORD)?)?;
                items
                    .chunks_exact(WORD)
                    .map(|item| FromWord::from_word(U256::try_from_be_slice(item)?))
                    .collect()
            }
        }
    )*};
}

argument_array!(Address: "address[]", U256: "uint256[]");

/// A static argument or result: one word.
pub trait FromWord: Sized {
    /// The Solidity type.
    const SOL: &'static str;
    /// Decodes; nothing when bits are set that the type does not have.
    fn from_word(word: U256) -> Option<Self>;
}

impl FromWord for U256 {
    const SOL: &'static str = "uint256";
    fn from_word(word: U256) -> Option<Self> {
        Some(word)
    }
}

impl FromWord for B256 {
    const SOL: &'static str = "bytes32";
    fn from_word(word: U256) -> Option<Self> {
        Some(word.into())
    }
}

impl FromWord for Address {
    const SOL: &'static str = "address";
    fn from_word(word: U256) -> Option<Self> {
        (word.bit_len() <= 160).then(|| crate::word::address(word))
    }
}

impl FromWord for bool {
    const SOL: &'static str = "bool";
    fn from_word(word: U256) -> Option<Self> {
        (word.bit_len() <= 1).then(|| !word.is_zero())
    }
}

impl FromWord for u8 {
    const SOL: &'static str = "uint8";
    fn from_word(word: U256) -> Option<Self> {
        Self::try_from(word).ok()
    }
}

impl FromWord for u32 {
    const SOL: &'static str = "uint32";
    fn from_word(word: U256) -> Option<Self> {
        Self::try_from(word).ok()
    }
}

/// What a method answers.
pub trait Answer {
    /// The Solidity types, comma separated.
    fn sol() -> String;
    /// The ABI encoding.
    fn encode(&self) -> Vec<u8>;
}

impl Answer for () {
    fn sol() -> String {
        String::new()
    }
    fn encode(&self) -> Vec<u8> {
        Vec::new()
    }
}

/// Plain words, back to back.
#[must_use]
pub fn words(words: &[U256]) -> Vec<u8> {
    let mut data = Vec::with_capacity(WORD * words.len());
    for word in words {
        data.extend_from_slice(&word.to_be_bytes::<WORD>());
    }
    data
}

macro_rules! answer_word {
    ($($type:ty),*) => {$(
        impl Answer for $type {
            fn sol() -> String {
                <$type as FromWord>::SOL.into()
            }
            fn encode(&self) -> Vec<u8> {
                words(&[self.to_word()])
            }
        }
    )*};
}

answer_word!(U256, Address, B256, bool, u8);

impl Answer for &'static str {
    fn sol() -> String {
        "string".into()
    }
    fn encode(&self) -> Vec<u8> {
        let mut data = words(&[U256::from(WORD)]);
        append_text(&mut data, self);
        data
    }
}

/// Length and padded bytes of a text.
pub fn append_text(data: &mut Vec<u8>, text: &str) {
    data.extend_from_slice(&words(&[U256::from(text.len())]));
    data.extend_from_slice(text.as_bytes());
    data.resize(data.len().next_multiple_of(WORD), 0);
}

macro_rules! answer_tuple {
    ($($field:ident $index:tt),+) => {
        impl<$($field: FromWord + ToWord),+> Answer for ($($field,)+) {
            fn sol() -> String {
                [$($field::SOL),+].join(",")
            }
            fn encode(&self) -> Vec<u8> {
                words(&[$(self.$index.to_word()),+])
            }
        }
    };
}

answer_tuple!(A 0, B 1);
answer_tuple!(A 0, B 1, C 2);
answer_tuple!(A 0, B 1, C 2, D 3);
answer_tuple!(A 0, B 1, C 2, D 3, E 4);

/// A method's result: an answer, or an error with its revert data.
pub trait Outcome {
    /// What it answers when it succeeds.
    type Answer: Answer;
    /// The encoded answer, or the revert data.
    fn finish(self) -> Result<Vec<u8>, Vec<u8>>;
}

impl<T: Answer, E: Into<Vec<u8>>> Outcome for Result<T, E> {
    type Answer = T;
    fn finish(self) -> Result<Vec<u8>, Vec<u8>> {
        match self {
            Ok(answer) => Ok(answer.encode()),
            Err(error) => Err(error.into()),
        }
    }
}

impl<T: Answer> Outcome for T {
    type Answer = T;
    fn finish(self) -> Result<Vec<u8>, Vec<u8>> {
        Ok(self.encode())
    }
}

/// Encodes an outcome whose answer must be an `A`.
pub fn finish<A: Answer, O: Outcome<Answer = A>>(outcome: O) -> Result<Vec<u8>, Vec<u8>> {
    outcome.finish()
}

/// What a route promises, for the test that holds it against the interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The interface's selector.
    pub selector: [u8; 4],
    /// The interface's signature: name and argument types.
    pub declared: &'static str,
    /// The interface's result types, in parentheses.
    pub declared_results: String,
    /// The argument types that the route decodes.
    pub arguments: Vec<&'static str>,
    /// The result types that the route encodes.
    pub results: String,
}

impl Route {
    /// What differs between the route and the interface; nothing when all is well.
    #[must_use]
    pub fn difference(&self) -> Option<String> {
        let name = self.declared.split('(').next().unwrap_or_default();
        let routed = alloc::format!("{name}({})", self.arguments.join(","));
        let declared = self.declared_results.trim_matches(['(', ')']);
        (routed != self.declared || declared != self.results).then(|| {
            alloc::format!(
                "{} returns {declared}: routed as {routed} returns {}",
                self.declared,
                self.results
            )
        })
    }
}

/// Declares a contract's router:
/// `routes! { Contract: Interface; functionCall => method(name: Type, ...) -> (Type); ... }`.
///
/// Generates `Contract::route(&mut self, selector, args)` and, for tests,
/// `Contract::routes()`. The method's own result type is held against the stated one by
/// the compiler, the stated one against the interface by a test.
#[macro_export]
macro_rules! routes {
    ($contract:ident: $interface:ident;
     $($call:ident => $method:ident($($arg:ident: $type:ty),*) -> $answer:ty;)+) => {
        impl $contract {
            /// Runs the method that `selector` names.
            fn route(
                &mut self,
                selector: u32,
                #[allow(unused_mut, reason = "only methods with arguments read any")]
                mut args: $crate::abi::Args<'_>,
            ) -> ::core::result::Result<::alloc::vec::Vec<u8>, ::alloc::vec::Vec<u8>> {
                #![allow(non_upper_case_globals, reason = "named like the interface's calls")]
                $(const $call: u32 =
                    u32::from_be_bytes(<$interface::$call as $crate::SolCall>::SELECTOR);)+
                match selector {
                    $($call => {
                        $(let $arg = args.next::<$type>()?;)*
                        $crate::abi::finish::<$answer, _>(self.$method($($arg),*))
                    })+
                    // An unknown selector reverts without data.
                    _ => Err(::alloc::vec::Vec::new()),
                }
            }

            /// All routes, to be held against the interface.
            #[cfg(test)]
            fn routes() -> ::alloc::vec::Vec<$crate::abi::Route> {
                ::alloc::vec![$($crate::abi::Route {
                    selector: <$interface::$call as $crate::SolCall>::SELECTOR,
                    declared: <$interface::$call as $crate::SolCall>::SIGNATURE,
                    declared_results: <<$interface::$call as $crate::SolCall>::ReturnTuple<'_>
                        as $crate::SolType>::SOL_NAME.into(),
                    arguments: ::alloc::vec![$(<$type as $crate::abi::Argument>::SOL),*],
                    results: <$answer as $crate::abi::Answer>::sol(),
                }),+]
            }
        }
    };
}
