//! Permits as anybody may sign, spoil and submit them, for both tokens and behind a stake: a permit counts exactly when
//! `signing` says so, moves the nonce and tells of the allowance exactly then, and no stake hangs on it.

use super::side::Side;
use super::signing::{Signing, Submitted, signing};
use super::{figures, try_cases};
use crate::prelude::*;
use alloy::sol_types::{SolCall, SolError, SolEvent};
use e2e::chain::Chain;
use e2e::deploy::Target;
use proptest::prelude::*;
use proptest::sample::Index;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Cases in the gate.
const CASES: u32 = 150;
/// Tokens with permits: VVV and DIEM, by their places among the three.
const TOKENS: [usize; 2] = [0, 2];
#[derive(Clone, Debug)]
enum Door {
    /// `permit` of a token, by anybody.
    Permit { token: usize, submitter: Index },
    /// `stakeWithPermit`, which goes on whatever becomes of the permit: the allowance decides, and there may be one.
    Stake { allowance: Option<u128> },
}

/// A permit and what becomes of it on its way.
#[derive(Clone, Debug)]
struct Case {
    door: Door,
    /// The account whose tokens they are: mostly the signer's.
    owner: Option<Index>,
    spender: Index,
    signing: Signing,
    /// How often it is submitted.
    times: u8,
}

fn case() -> impl Strategy<Value = Case> {
    let door = prop_oneof![
        3 => (proptest::sample::select(&TOKENS[..]), any::<Index>())
            .prop_map(|(token, submitter)| Door::Permit { token, submitter }),
        1 => proptest::option::of(prop_oneof![Just(0), Just(u128::MAX), 0..2_000 * WAD])
            .prop_map(|allowance| Door::Stake { allowance }),
    ];
    let owner = proptest::option::weighted(0.1, any::<Index>());
    (door, owner, any::<Index>(), signing(), 1..3_u8).prop_map(
        |(door, owner, spender, signing, times)| Case {
            door,
            owner,
            spender,
            signing,
            times,
        },
    )
}

/// What a token knows of an owner and a spender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    nonce: U256,
    allowance: U256,
}

fn known(side: &Side, token: usize, owner: Address, spender: Address) -> Known {
    let (chain, token) = (&side.world.chain, side.contracts[token]);
    Known {
        nonce: chain.view(token, &IDiem::noncesCall { owner }),
        allowance: chain.view(token, &IDiem::allowanceCall { owner, spender }),
    }
}

/// How often a token refused, by the error; and accepted, by none.
type Tally = BTreeMap<String, u64>;

fn permits(side: &Side, case: &Case, token: usize, submitter: Who, tally: &mut Tally) {
    let chain = &side.world.chain;
    let signer = case.signing.signer.get(&Who::ALL).address();
    let owner = case
        .owner
        .map_or(signer, |index| *index.get(&side.accounts));
    let spender = *case.spender.get(&side.accounts);
    let submitted = Submitted::of(&case.signing, side, token, owner, spender);
    let Submitted {
        v, r, s, permit, ..
    } = &submitted;
    let call = IDiem::permitCall {
        owner,
        spender,
        value: permit.value,
        deadline: permit.deadline,
        v: *v,
        r: *r,
        s: *s,
    };
    let (to, data) = (side.contracts[token], Bytes::from(call.abi_encode()));
    for _ in 0..case.times {
        let refusal = submitted.refusal(side);
        let before = known(side, token, owner, spender);
        let answer = chain.call_raw(submitter.address(), to.into(), data.clone());
        let told = answer.map(|it| it.to_vec()).map_err(|it| it.data.to_vec());
        let expected = refusal.clone().map_or(Ok(Vec::new()), Err);
        assert_eq!(told, expected, "{:?}: {data}", side.target);
        let name = refusal
            .as_deref()
            .map_or("none".to_owned(), e2e::abi::error_name);
        *tally.entry(name).or_default() += 1;
        let receipt = chain.transact(submitter, to.into(), data.clone(), U256::ZERO);
        assert_eq!(receipt.status(), refusal.is_none(), "{data}");
        let logs = Chain::logs_of(&receipt);
        let after = known(side, token, owner, spender);
        if refusal.is_some() {
            assert!(logs.is_empty() && after == before, "{data} was refused");
            continue;
        }
        let expected = Known {
            nonce: before.nonce + U256::ONE,
            allowance: permit.value,
        };
        assert_eq!(after, expected, "{data}");
        assert_eq!(logs.len(), 1, "{data}");
        let log = IDiem::Approval::decode_log(&logs[0]).unwrap();
        let told = (log.address, log.owner, log.spender, log.value);
        assert_eq!(told, (to, owner, spender, permit.value));
    }
}

/// What the VVV of `permit`'s owner has to say to being pulled.
fn pulled(balance: U256, allowance: U256, value: U256) -> Result<U256, Vec<u8>> {
    let falls_short = || vvv_falls_short().abi_encode();
    let left = if allowance == U256::MAX {
        allowance
    } else {
        allowance.checked_sub(value).ok_or_else(falls_short)?
    };
    balance.checked_sub(value).ok_or_else(falls_short)?;
    Ok(left)
}

fn stakes(side: &Side, case: &Case, allowance: Option<u128>, tally: &mut Tally) {
    let (chain, at) = (&side.world.chain, side.world.contracts);
    let signer = *case.signing.signer.get(&Who::ALL);
    let caller = if case.owner.is_some() {
        Stranger
    } else {
        signer
    };
    let owner = caller.address();
    let given = allowance.map_or(U256::ZERO, |most| match most {
        u128::MAX => U256::MAX,
        some => U256::from(some),
    });
    chain.send(
        caller,
        at.vvv,
        &IVVV::approveCall {
            spender: at.s_vvv,
            value: given,
        },
    );
    chain.send(
        caller,
        at.vvv,
        &IVVV::mintCall {
            to: owner,
            amount: tokens(1_000),
        },
    );
    let submitted = Submitted::of(&case.signing, side, 0, owner, at.s_vvv);
    let Submitted {
        v, r, s, permit, ..
    } = &submitted;
    let (amount, recipient) = (permit.value, owner);
    let call = IStakedVvv::stakeWithPermitCall {
        recipient,
        amount,
        deadline: permit.deadline,
        v: *v,
        r: *r,
        s: *s,
    };
    let data = Bytes::from(call.abi_encode());
    for _ in 0..case.times {
        let before = known(side, 0, owner, at.s_vvv);
        let balance = chain.view(at.vvv, &IVVV::balanceOfCall { account: owner });
        let permitted = submitted.refusal(side).is_none();
        let allowance = if permitted { amount } else { before.allowance };
        let answer = chain.call_raw(owner, at.s_vvv.into(), data.clone());
        let receipt = chain.transact(caller, at.s_vvv.into(), data.clone(), U256::ZERO);
        let after = known(side, 0, owner, at.s_vvv);
        // sVVV looks at the amount first: nothing, or more than there can ever be, is refused before VVV is asked.
        let refused = match &answer {
            Err(refusal) if amount.is_zero() => {
                assert!(refusal.is(&IStakedVvv::ZeroAmount {}), "{data}: {refusal}");
                true
            }
            Err(refusal) if amount > U256::from(u128::MAX) => {
                assert_eq!(refusal.name(), "AmountTooLarge", "{data}");
                true
            }
            _ => {
                let expected = pulled(balance, allowance, amount);
                let told = answer
                    .clone()
                    .map(drop)
                    .map_err(|refusal| refusal.data.to_vec());
                assert_eq!(
                    told,
                    expected.clone().map(drop),
                    "{:?}: {data}",
                    side.target
                );
                if let Ok(left) = expected {
                    let nonce = before.nonce + U256::from(u8::from(permitted));
                    let expected = Known {
                        nonce,
                        allowance: left,
                    };
                    assert_eq!(after, expected, "{data}");
                }
                answer.is_err()
            }
        };
        assert_eq!(receipt.status(), !refused, "{data}");
        if refused {
            assert_eq!(after, before, "{data} was refused");
        }
        let approvals = Chain::logs_of(&receipt)
            .iter()
            .filter(|log| log.data.topics()[0] == IVVV::Approval::SIGNATURE_HASH)
            .count();
        assert_eq!(approvals, usize::from(permitted && !refused), "{data}");
        let name = if refused {
            "stake refused"
        } else {
            "stake done"
        };
        *tally.entry(name.to_owned()).or_default() += 1;
    }
}

#[test]
fn a_permit_counts_exactly_when_its_owner_signed_it_whatever_is_signed_and_submitted() {
    let sides = [Target::Stylus, Target::Evm]
        .map(|target| Side::prepared(target, |world| world.history().model.now));
    let tally = RefCell::new(Tally::default());
    try_cases(CASES, &case(), |case| {
        for side in &sides {
            side.begin();
            let tally = &mut *tally.borrow_mut();
            match &case.door {
                Door::Permit { token, submitter } => {
                    permits(side, &case, *token, *submitter.get(&Who::ALL), tally);
                }
                Door::Stake { allowance } => stakes(side, &case, *allowance, tally),
            }
        }
        Ok(())
    });
    let tally = tally.into_inner();
    figures(&tally);
    let count = |name: &str| tally.get(name).copied().unwrap_or_default();
    let all: u64 = tally.values().sum();
    assert!(
        count("none") > all / 20 && count("stake done") > 0,
        "{tally:?}"
    );
    assert!(count("ERC2612InvalidSigner") > all / 20, "{tally:?}");
}
