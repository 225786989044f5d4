//! Arguments as Nitro's ABI decoder takes them.

use alloy_sol_types::{SolCall, SolType, abi, sol_data};

use super::Failure;

/// Decodes the arguments of a call, without its selector.
pub(super) fn arguments<C>(data: &[u8]) -> Result<C, Failure>
where
    C: SolCall,
    for<'a> C::Parameters<'a>: Accepts,
{
    let tokens = abi::decode_sequence::<C::Token<'_>>(data).map_err(|_| Failure::Undecodable)?;
    if !<C::Parameters<'_>>::accepts(&tokens) {
        return Err(Failure::Undecodable);
    }
    Ok(C::new(<C::Parameters<'_>>::detokenize(tokens)))
}

/// Types and what may stand in their words. Numbers and flags must be in range; the bytes that an
/// address or a short byte string leaves over may be anything.
pub(super) trait Accepts: SolType {
    /// Whether a word, or what hangs on it, is taken.
    fn accepts(token: &Self::Token<'_>) -> bool;
}

impl Accepts for sol_data::Address {
    fn accepts(_: &Self::Token<'_>) -> bool {
        true
    }
}

impl<const N: usize> Accepts for sol_data::FixedBytes<N>
where
    sol_data::ByteCount<N>: sol_data::SupportedFixedBytes,
{
    fn accepts(_: &Self::Token<'_>) -> bool {
        true
    }
}

impl Accepts for sol_data::String {
    fn accepts(_: &Self::Token<'_>) -> bool {
        true
    }
}

impl Accepts for sol_data::Bytes {
    fn accepts(_: &Self::Token<'_>) -> bool {
        true
    }
}

impl Accepts for sol_data::Bool {
    fn accepts(token: &Self::Token<'_>) -> bool {
        Self::valid_token(token)
    }
}

impl<const BITS: usize> Accepts for sol_data::Uint<BITS>
where
    sol_data::IntBitCount<BITS>: sol_data::SupportedInt,
{
    fn accepts(token: &Self::Token<'_>) -> bool {
        Self::valid_token(token)
    }
}

impl<const BITS: usize> Accepts for sol_data::Int<BITS>
where
    sol_data::IntBitCount<BITS>: sol_data::SupportedInt,
{
    fn accepts(token: &Self::Token<'_>) -> bool {
        Self::valid_token(token)
    }
}

impl<T: Accepts> Accepts for sol_data::Array<T> {
    fn accepts(token: &Self::Token<'_>) -> bool {
        token.0.iter().all(T::accepts)
    }
}

impl<T: Accepts, const N: usize> Accepts for sol_data::FixedArray<T, N> {
    fn accepts(token: &Self::Token<'_>) -> bool {
        token.0.iter().all(T::accepts)
    }
}

macro_rules! tuples {
    ($(($($member:ident),*))*) => {
        $(
            #[allow(non_snake_case, reason = "members are named as their types")]
            impl<$($member: Accepts),*> Accepts for ($($member,)*) {
                fn accepts(token: &Self::Token<'_>) -> bool {
                    let ($($member,)*) = token;
                    true $(&& $member::accepts($member))*
                }
            }
        )*
    };
}

tuples! {
    ()
    (A)
    (A, B)
    (A, B, C)
    (A, B, C, D)
    (A, B, C, D, E)
    (A, B, C, D, E, F)
    (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H)
    (A, B, C, D, E, F, G, H, I)
    (A, B, C, D, E, F, G, H, I, J)
    (A, B, C, D, E, F, G, H, I, J, K)
}
