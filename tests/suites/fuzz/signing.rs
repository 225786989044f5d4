//! Signatures of permits, right ones and spoiled ones, and what is to be said to each. Who signed is not the contracts'
//! word but the recovery of alloy's signer, with the order of refusals as `Token::permit` documents it: too late, `s`
//! in the upper half, no signer, another signer, no spender.

use super::side::Side;
use crate::prelude::*;
use alloy::signers::SignerSync;
use alloy::sol_types::{Eip712Domain, SolError, SolStruct};
use alloy_primitives::{B256, Signature};
use e2e::action::permit::ORDER;
use e2e::action::permit::signed::Permit;
use proptest::prelude::*;
use proptest::sample::Index;
use std::borrow::Cow;

const NAMES: [&str; 5] = ["Venice Token", "Diem", "", "diem", "Staked Venice Token"];
const VERSIONS: [&str; 3] = ["1", "2", ""];

/// What becomes of a part of the signature.
#[derive(Clone, Debug)]
enum Part {
    AsSigned,
    Flipped(Index),
    Zero,
    /// The order, and its neighbours.
    Order(i8),
    /// Half the order, and its neighbours.
    Half(i8),
    /// The order less what was signed: for `s`, the malleable twin.
    Mirrored,
    /// With the recovery bit on top, as EIP-2098 has it.
    Compact,
    Most,
    Any([u8; 32]),
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        12 => Just(Part::AsSigned),
        2 => any::<Index>().prop_map(Part::Flipped),
        1 => Just(Part::Zero),
        1 => (-1..2_i8).prop_map(Part::Order),
        1 => (-1..2_i8).prop_map(Part::Half),
        2 => Just(Part::Mirrored),
        1 => Just(Part::Compact),
        1 => Just(Part::Most),
        1 => any::<[u8; 32]>().prop_map(Part::Any),
    ]
}

impl Part {
    fn of(&self, signed: U256, parity: bool) -> U256 {
        let beside = |middle: U256, by: i8| match by {
            -1 => middle - U256::ONE,
            0 => middle,
            _ => middle + U256::ONE,
        };
        match self {
            Self::AsSigned => signed,
            Self::Flipped(bit) => signed ^ (U256::ONE << bit.index(256)),
            Self::Zero => U256::ZERO,
            Self::Order(by) => beside(ORDER, *by),
            Self::Half(by) => beside(ORDER >> 1, *by),
            Self::Mirrored => ORDER.wrapping_sub(signed),
            Self::Compact => signed | (U256::from(u8::from(parity)) << 255),
            Self::Most => U256::MAX,
            Self::Any(bytes) => U256::from_be_bytes(*bytes),
        }
    }
}

/// What the signer had in mind; each field mostly what is submitted.
#[derive(Clone, Debug, Default)]
struct Meant {
    name: Option<Index>,
    version: Option<Index>,
    chain_id: Option<u64>,
    /// A contract among the accounts.
    verifier: Option<Index>,
    owner: Option<Index>,
    spender: Option<Index>,
    value: Option<u64>,
    /// Ahead of what is due, or behind.
    nonce: i64,
    deadline: Option<u64>,
}

fn seldom<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<S::Value>>
where
    S::Value: Clone,
{
    proptest::option::weighted(0.1, strategy)
}

fn spoiled_meaning() -> impl Strategy<Value = Meant> {
    let domain = (
        seldom(any::<Index>()),
        seldom(any::<Index>()),
        seldom(any::<u64>()),
        seldom(any::<Index>()),
    );
    let nonce =
        prop_oneof![24 => Just(0_i64), 1 => Just(1_i64), 1 => Just(-1_i64), 1 => any::<i64>()];
    let message = (
        seldom(any::<Index>()),
        seldom(any::<Index>()),
        seldom(any::<u64>()),
        nonce,
        seldom(any::<u64>()),
    );
    (domain, message).prop_map(
        |((name, version, chain_id, verifier), (owner, spender, value, nonce, deadline))| Meant {
            name,
            version,
            chain_id,
            verifier,
            owner,
            spender,
            value,
            nonce,
            deadline,
        },
    )
}

fn meant() -> impl Strategy<Value = Meant> {
    prop_oneof![Just(Meant::default()), spoiled_meaning()]
}

/// What becomes of the recovery id.
#[derive(Clone, Debug)]
enum V {
    AsSigned,
    /// The other one of 27 and 28.
    Other,
    /// 0 or 1, as typed transactions have it.
    Parity,
    Any(u8),
}

/// What becomes of a signature.
#[derive(Clone, Debug)]
struct Spoiled {
    v: V,
    r: Part,
    s: Part,
}

fn spoiled() -> impl Strategy<Value = Spoiled> {
    let v = prop_oneof![
        4 => Just(V::AsSigned),
        1 => Just(V::Other),
        1 => Just(V::Parity),
        1 => any::<u8>().prop_map(V::Any),
    ];
    let as_signed = Spoiled {
        v: V::AsSigned,
        r: Part::AsSigned,
        s: Part::AsSigned,
    };
    let spoiled = (v, part(), part()).prop_map(|(v, r, s)| Spoiled { v, r, s });
    prop_oneof![Just(as_signed), spoiled]
}

/// A permit that somebody signs.
#[derive(Clone, Debug)]
pub(crate) struct Signing {
    pub(crate) signer: Index,
    value: U256,
    /// From the present second; none: for ever.
    deadline: Option<i64>,
    meant: Meant,
    spoiled: Spoiled,
}

pub(crate) fn signing() -> impl Strategy<Value = Signing> {
    let value = prop_oneof![
        4 => (0..2_000 * WAD).prop_map(U256::from),
        1 => Just(U256::ZERO),
        1 => Just(U256::MAX),
        1 => any::<[u8; 32]>().prop_map(U256::from_be_bytes),
    ];
    let deadline = prop_oneof![
        4 => Just(None),
        3 => (-2..3_i64).prop_map(Some),
        1 => any::<i32>().prop_map(|by| Some(by.into())),
    ];
    (any::<Index>(), value, deadline, meant(), spoiled()).prop_map(
        |(signer, value, deadline, meant, spoiled)| Signing {
            signer,
            value,
            deadline,
            meant,
            spoiled,
        },
    )
}

fn domain(side: &Side, token: usize) -> Eip712Domain {
    let name = if token == 0 { NAMES[0] } else { NAMES[1] };
    Eip712Domain {
        name: Some(name.into()),
        version: Some(VERSIONS[0].into()),
        chain_id: Some(U256::from(side.world.chain.chain_id())),
        verifying_contract: Some(side.contracts[token]),
        salt: None,
    }
}

/// A permit as it is submitted.
pub(crate) struct Submitted {
    token: usize,
    pub(crate) permit: Permit,
    pub(crate) v: u8,
    pub(crate) r: B256,
    pub(crate) s: B256,
}

impl Submitted {
    /// Signs what was meant, and spoils it.
    pub(crate) fn of(
        signing: &Signing,
        side: &Side,
        token: usize,
        owner: Address,
        spender: Address,
    ) -> Self {
        let chain = &side.world.chain;
        let signer = *signing.signer.get(&Who::ALL);
        let nonce = chain.view(side.contracts[token], &IDiem::noncesCall { owner });
        let deadline = signing.deadline.map_or(U256::MAX, |by| {
            U256::from(chain.time().saturating_add_signed(by))
        });
        let permit = Permit {
            owner,
            spender,
            value: signing.value,
            nonce,
            deadline,
        };
        let meant = &signing.meant;
        let account = |index: Option<Index>, else_: Address| {
            index.map_or(else_, |index| *index.get(&side.accounts))
        };
        let signed = Permit {
            owner: account(meant.owner, owner),
            spender: account(meant.spender, spender),
            value: meant.value.map_or(signing.value, U256::from),
            nonce: nonce.wrapping_add(shift(meant.nonce)),
            deadline: meant.deadline.map_or(deadline, U256::from),
        };
        let mut domain = domain(side, token);
        let text =
            |index: Option<Index>, texts: &[&'static str], own: &mut Option<Cow<'static, str>>| {
                if let Some(index) = index {
                    *own = Some((*index.get(texts)).into());
                }
            };
        text(meant.name, &NAMES, &mut domain.name);
        text(meant.version, &VERSIONS, &mut domain.version);
        if let Some(id) = meant.chain_id {
            domain.chain_id = Some(U256::from(id));
        }
        if let Some(index) = meant.verifier {
            domain.verifying_contract = Some(*index.get(&side.accounts));
        }
        let hash = signed.eip712_signing_hash(&domain);
        let signature = signer.signer().sign_hash_sync(&hash).unwrap();
        let parity = signature.v();
        let v = match signing.spoiled.v {
            V::AsSigned => 27 + u8::from(parity),
            V::Other => 27 + u8::from(!parity),
            V::Parity => u8::from(parity),
            V::Any(byte) => byte,
        };
        Self {
            token,
            permit,
            v,
            r: signing.spoiled.r.of(signature.r(), parity).into(),
            s: signing.spoiled.s.of(signature.s(), parity).into(),
        }
    }

    /// What a token has to say to it in this second.
    pub(crate) fn refusal(&self, side: &Side) -> Option<Vec<u8>> {
        let Permit {
            owner,
            spender,
            deadline,
            ..
        } = self.permit;
        if U256::from(side.world.chain.time()) > deadline {
            return Some(IDiem::ERC2612ExpiredSignature { deadline }.abi_encode());
        }
        let (r, s) = (U256::from_be_bytes(self.r.0), U256::from_be_bytes(self.s.0));
        if s > ORDER >> 1 {
            return Some(IDiem::ECDSAInvalidSignatureS { s: self.s }.abi_encode());
        }
        let token = side.contracts[self.token];
        let nonce = side.world.chain.view(token, &IDiem::noncesCall { owner });
        let asked = Permit {
            nonce,
            ..self.permit.clone()
        };
        let hash = asked.eip712_signing_hash(&domain(side, self.token));
        let signature = Signature::new(r, s, self.v == 28);
        let recovered = signature.recover_address_from_prehash(&hash).ok();
        let Some(signer) = recovered.filter(|_| [27, 28].contains(&self.v)) else {
            return Some(IDiem::ECDSAInvalidSignature {}.abi_encode());
        };
        if signer != owner {
            return Some(IDiem::ERC2612InvalidSigner { signer, owner }.abi_encode());
        }
        spender
            .is_zero()
            .then(|| IDiem::ERC20InvalidSpender { spender }.abi_encode())
    }
}

/// A number to add, modulo 2^256.
fn shift(by: i64) -> U256 {
    let size = U256::from(by.unsigned_abs());
    if by < 0 { size.wrapping_neg() } else { size }
}
