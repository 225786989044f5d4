//! Calldata in, answer out: a router in plain words.
//!
//! The SDK's `#[public]` generates a decoder and an encoder per method; this table costs
//! a few dozen bytes per method instead, and module size is gas on every call. It decodes
//! as Solidity does: short calldata and dirty high bits are refused, bytes after the
//! arguments are ignored (wallets append tags there).
//!
//! Selectors come from the `sol!` interface. The test helper [`Route::difference`] holds the
//! Rust types of every route against the interface's Solidity types.

use crate::error::Error;
use crate::out::{Out, Put};
use crate::word::{decode, encode};
use alloc::string::String;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};

/// Bytes of a word.
const WORD: usize = 32;
/// Bits of an address.
const ADDRESS_BITS: usize = 160;

/// Calldata without its selector, read one argument after the other.
///
/// Calldata that is no encoding of the arguments is noted, and refused before the method
/// runs: one check for all arguments.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a> {
    /// All of it: what offsets of dynamic arguments count from.
    data: &'a [u8],
    /// What is left to read.
    rest: &'a [u8],
    malformed: bool,
}

impl<'a> Args<'a> {
    /// Splits calldata into selector and arguments; nothing when it is too short.
    #[must_use]
    pub fn split(calldata: &'a [u8]) -> Option<(u32, Self)> {
        let (selector, data) = calldata.split_first_chunk::<4>()?;
        let args = Self {
            data,
            rest: data,
            malformed: false,
        };
        Some((u32::from_be_bytes(*selector), args))
    }

    /// The next argument.
    pub fn read<T: Argument>(&mut self) -> T {
        T::read(self)
    }

    /// Whether anything read so far was no encoding of its type.
    #[must_use]
    pub const fn malformed(&self) -> bool {
        self.malformed
    }

    #[inline(never)]
    fn word(&mut self) -> U256 {
        if let Some((word, rest)) = self.rest.split_first_chunk::<WORD>() {
            self.rest = rest;
            return decode(word);
        }
        self.malformed = true;
        U256::ZERO
    }

    #[inline(never)]
    fn address(&mut self) -> Address {
        let word = self.word();
        self.malformed |= word >> ADDRESS_BITS != U256::ZERO;
        crate::word::address(word)
    }

    /// A number of at most `maximum`.
    #[inline(never)]
    fn small(&mut self, maximum: u32) -> u32 {
        let [number, above @ ..] = self.word().into_limbs();
        self.malformed |= above != [0; 3] || number > u64::from(maximum);
        number as u32
    }

    /// The dynamic array whose offset comes next: its items, as arguments of their own.
    /// The length is held against the calldata before anything is allocated.
    fn array<T: Argument>(&mut self) -> Vec<T> {
        let start = self.small(u32::MAX) as usize;
        let tail = self.data.get(start..).unwrap_or_default();
        let mut items = Args {
            data: tail,
            rest: tail,
            malformed: false,
        };
        let length = items.small(u32::MAX) as usize;
        if self.malformed || items.malformed || length > items.rest.len() / WORD {
            self.malformed = true;
            return Vec::new();
        }
        let values = (0..length).map(|_| items.read()).collect();
        self.malformed |= items.malformed;
        values
    }
}

/// A method's argument.
pub trait Argument: Sized {
    /// The Solidity type.
    const SOL: &'static str;
    /// Reads it; bits that the type does not have are malformed.
    fn read(args: &mut Args<'_>) -> Self;
}

macro_rules! argument {
    ($($type:ty, $sol:literal: |$args:ident| $read:expr;)*) => {$(
        impl Argument for $type {
            const SOL: &'static str = $sol;
            fn read($args: &mut Args<'_>) -> Self {
                $read
            }
        }
    )*};
}

argument! {
    U256, "uint256": |args| args.word();
    B256, "bytes32": |args| B256::new(encode(args.word()));
    Address, "address": |args| args.address();
    bool, "bool": |args| args.small(1) == 1;
    u8, "uint8": |args| args.small(u8::MAX.into()) as Self;
    u32, "uint32": |args| args.small(u32::MAX);
    Vec<Address>, "address[]": |args| args.array();
    Vec<U256>, "uint256[]": |args| args.array();
}

/// What a method answers.
pub trait Answer {
    /// The Solidity types, comma separated.
    fn sol() -> String;
    /// The ABI encoding.
    fn encode(&self, out: &mut Out);
}

impl Answer for () {
    fn sol() -> String {
        String::new()
    }
    fn encode(&self, _: &mut Out) {}
}

macro_rules! answer_word {
    ($($type:ty),*) => {$(
        impl Answer for $type {
            fn sol() -> String {
                <$type as Argument>::SOL.into()
            }
            fn encode(&self, out: &mut Out) {
                out.put(self);
            }
        }
    )*};
}

answer_word!(U256, Address, B256, bool, u8);

macro_rules! answer_tuple {
    ($($field:ident $index:tt),+) => {
        impl<$($field: Argument + Put),+> Answer for ($($field,)+) {
            fn sol() -> String {
                [$($field::SOL),+].join(",")
            }
            fn encode(&self, out: &mut Out) {
                $(out.put(&self.$index);)+
            }
        }
    };
}

answer_tuple!(A 0, B 1);
answer_tuple!(A 0, B 1, C 2);
answer_tuple!(A 0, B 1, C 2, D 3);
answer_tuple!(A 0, B 1, C 2, D 3, E 4);
answer_tuple!(A 0, B 1, C 2, D 3, E 4, F 5);

impl Answer for &'static str {
    fn sol() -> String {
        "string".into()
    }
    fn encode(&self, out: &mut Out) {
        out.put(&(WORD as u64));
        out.put_text(self);
    }
}

/// A method's result: an answer, or an error with its revert data.
pub trait Outcome {
    /// What it answers when it succeeds.
    type Answer: Answer;
    /// Sorts the two apart.
    fn sort(self) -> Result<Self::Answer, Error>;
}

impl<T: Answer> Outcome for Result<T, Error> {
    type Answer = T;
    fn sort(self) -> Self {
        self
    }
}

impl<T: Answer> Outcome for T {
    type Answer = T;
    fn sort(self) -> Result<T, Error> {
        Ok(self)
    }
}

/// Writes an outcome whose answer must be an `A`: the encoded answer, or the revert data.
/// Gives back whether the method succeeded.
#[inline(never)]
pub fn finish<A: Answer, O: Outcome<Answer = A>>(outcome: O, out: &mut Out) -> bool {
    match outcome.sort() {
        Ok(answer) => {
            answer.encode(out);
            true
        }
        Err(error) => {
            *out = error.into();
            false
        }
    }
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
/// `routes()`. The method's own result type is held against the stated one by
/// the compiler, the stated one against the interface by a test.
#[macro_export]
macro_rules! routes {
    ($contract:ident: $interface:ident;
     $($call:ident => $method:ident($($arg:ident: $type:ty),*) -> $answer:ty;)+) => {
        #[cfg(target_arch = "wasm32")]
        impl $contract {
            /// Runs the method that `selector` names; gives back whether it succeeded.
            pub(crate) fn route(
                &mut self,
                selector: u32,
                #[allow(unused_mut, reason = "only methods with arguments read any")]
                mut args: $crate::abi::Args<'_>,
                out: &mut $crate::out::Out,
            ) -> bool {
                #![allow(non_upper_case_globals, reason = "named like the interface's calls")]
                $(const $call: u32 =
                    u32::from_be_bytes(<$interface::$call as $crate::SolCall>::SELECTOR);)+
                match selector {
                    $($call => {
                        $(let $arg = args.read::<$type>();)*
                        if args.malformed() {
                            return false;
                        }
                        $crate::abi::finish::<$answer, _>(self.$method($($arg),*), out)
                    })+
                    // An unknown selector reverts without data.
                    _ => false,
                }
            }
        }

            /// All routes, to be held against the interface.
            #[cfg(test)]
            pub(crate) fn routes() -> ::alloc::vec::Vec<$crate::abi::Route> {
                ::alloc::vec![$($crate::abi::Route {
                    selector: <$interface::$call as $crate::SolCall>::SELECTOR,
                    declared: <$interface::$call as $crate::SolCall>::SIGNATURE,
                    declared_results: <<$interface::$call as $crate::SolCall>::ReturnTuple<'_>
                        as $crate::SolType>::SOL_NAME.into(),
                    arguments: ::alloc::vec![$(<$type as $crate::abi::Argument>::SOL),*],
                    results: <$answer as $crate::abi::Answer>::sol(),
                }),+]
            }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Selector and words.
    fn calldata(words: &[U256]) -> Vec<u8> {
        let mut out = Out::selector(0xdead_beef);
        for word in words {
            out.put(word);
        }
        out.into_bytes()
    }

    fn read<T: Argument>(calldata: &[u8]) -> Option<T> {
        let (_, mut args) = Args::split(calldata)?;
        let value = args.read();
        (!args.malformed()).then_some(value)
    }

    #[test]
    fn less_than_a_selector_is_no_call() {
        assert!(Args::split(&[1, 2, 3]).is_none());
        assert!(matches!(Args::split(&[0, 0, 0, 7]), Some((7, _))));
    }

    #[test]
    fn short_arguments_are_malformed_and_bytes_after_them_are_ignored() {
        let mut data = calldata(&[U256::from(5)]);
        assert_eq!(read::<U256>(&data), Some(U256::from(5)));
        assert_eq!(read::<U256>(&data[..35]), None);
        data.extend_from_slice(b"tag");
        assert_eq!(read::<U256>(&data), Some(U256::from(5)));
    }

    #[test]
    fn dirty_high_bits_are_malformed() {
        assert_eq!(read::<Address>(&calldata(&[U256::ONE << 160])), None);
        assert_eq!(
            read::<Address>(&calldata(&[U256::ONE])),
            Some(Address::with_last_byte(1))
        );
        assert_eq!(read::<bool>(&calldata(&[U256::from(2)])), None);
        assert_eq!(read::<bool>(&calldata(&[U256::ONE])), Some(true));
        assert_eq!(read::<u8>(&calldata(&[U256::from(256)])), None);
        assert_eq!(read::<u32>(&calldata(&[U256::ONE << 64])), None);
        assert_eq!(
            read::<u32>(&calldata(&[U256::from(u32::MAX)])),
            Some(u32::MAX)
        );
    }

    #[test]
    fn arrays_are_read_behind_their_offset_and_held_against_the_calldata() {
        let word = |value: u64| U256::from(value);
        let data = calldata(&[word(32), word(2), word(7), word(8)]);
        assert_eq!(read::<Vec<U256>>(&data), Some([word(7), word(8)].into()));
        assert_eq!(read::<Vec<U256>>(&data[..data.len() - 1]), None);
        assert_eq!(read::<Vec<U256>>(&calldata(&[word(32), U256::MAX])), None);
        assert_eq!(read::<Vec<U256>>(&calldata(&[U256::MAX])), None);
        assert_eq!(
            read::<Vec<U256>>(&calldata(&[word(32), word(u32::MAX.into())])),
            None
        );
        let dirty = calldata(&[word(32), word(1), U256::MAX]);
        assert_eq!(read::<Vec<Address>>(&dirty), None);
    }

    #[test]
    fn answers_are_encoded_as_solidity_does() {
        let mut out = Out::new();
        assert!(finish::<&'static str, _>("DIEM", &mut out));
        let mut expected = Out::new();
        expected.put(&32_u64);
        expected.put(&4_u64);
        let mut expected = expected.into_bytes();
        expected.extend_from_slice(b"DIEM");
        expected.resize(96, 0);
        assert_eq!(out.into_bytes(), expected);
    }

    #[test]
    fn an_error_replaces_the_answer_with_its_data() {
        let mut out = Out::new();
        let outcome: Result<U256, Error> = Err(Error::plain(0x0102_0304));
        assert!(!finish::<U256, _>(outcome, &mut out));
        assert_eq!(out.into_bytes(), [1, 2, 3, 4]);
    }
}
