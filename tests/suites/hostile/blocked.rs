//! A token that refuses single accounts, as stablecoins can: it holds up whom it blocks and nobody else, and takes
//! nothing from them.

use super::{IHostile, Nest};
use crate::prelude::*;
use alloy::sol_types::SolCall;
use e2e::chain::asm;

impl Nest {
    fn block(&self, account: Address, blocked: bool) {
        let call = IHostile::setBlockedCall { account, blocked };
        self.0.chain.send(Stranger, self.0.contracts.vvv, &call);
    }

    fn vvv_of(&self, account: Address) -> U256 {
        let vvv = self.0.contracts.vvv;
        self.0.chain.view(vvv, &IVVV::balanceOfCall { account })
    }

    fn fees(&self) -> U256 {
        let diem = self.0.contracts.diem;
        self.0.chain.view(diem, &IDiem::pendingFeesCall {})
    }

    fn set_treasury(&self, treasury: Address) {
        let call = IDiem::setTreasuryCall {
            newTreasury: treasury,
        };
        self.0.chain.send(Owner, self.0.contracts.diem, &call);
    }
}

#[test]
fn an_account_that_the_token_blocks_holds_up_nobody_and_is_paid_later() {
    let nest = Nest::new();
    let (chain, at) = (&nest.0.chain, nest.0.contracts);
    let (alice, bob, amount) = (Alice.address(), Bob.address(), tokens(5));
    chain.send(Bob, at.vvv, &IVVV::mintCall { to: bob, amount });
    nest.block(alice, true);
    let collect = IDiem::collectFeesCall {}.abi_encode();
    let before = nest.fingerprint();
    for (to, call) in nest.pulls().into_iter().chain(nest.payments()) {
        if call == collect {
            // Not hers.
            continue;
        }
        let refusal = nest.ask(to, &call).unwrap_err();
        assert!(
            refusal.is(&IHostile::Blocked { account: alice }),
            "{refusal}"
        );
        assert!(!nest.does(to, call));
    }
    assert_eq!(nest.fingerprint(), before);
    let stake = IStakedVvv::stakeCall {
        recipient: bob,
        amount,
    };
    chain.send(Bob, at.s_vvv, &stake);
    chain.set_time(chain.time() + 1);
    chain.send(Bob, at.s_vvv, &IStakedVvv::claimCall {});
    chain.send(Bob, at.diem, &IDiem::collectFeesCall {});
    nest.block(alice, false);
    for (to, call) in nest.payments() {
        assert!(nest.does(to, call), "paid once the token lets her");
    }
}

/// What moves no VVV goes on even when the token blocks sVVV itself.
#[test]
fn blocking_the_pool_stops_no_act_that_moves_no_vvv() {
    let nest = Nest::new();
    let (chain, at) = (&nest.0.chain, nest.0.contracts);
    let finish = IStakedVvv::finalizeUnstakeCall {};
    chain.send(Alice, at.s_vvv, &finish);
    nest.block(at.s_vvv, true);
    let account = Alice.address();
    let all = chain.view(at.diem, &IDiem::balanceOfCall { account });
    chain.send(Alice, at.diem, &IDiem::burnCall { diemAmount: all });
    let user = account;
    let amount = chain.view(at.s_vvv, &IStakedVvv::balanceOfUnlockedCall { user });
    let leave = IStakedVvv::initiateUnstakeCall { amount };
    chain.send(Alice, at.s_vvv, &leave);
    chain.set_time(chain.time() + 7 * DAY);
    let refusal = chain.refusal(Alice, at.s_vvv, &finish);
    assert!(
        refusal.is(&IHostile::Blocked { account: at.s_vvv }),
        "{refusal}"
    );
    nest.block(at.s_vvv, false);
    let before = nest.vvv_of(account);
    chain.send(Alice, at.s_vvv, &finish);
    assert_eq!(nest.vvv_of(account) - before, amount);
}

#[test]
fn a_blocked_treasury_holds_up_the_fees_alone_until_the_owner_names_another() {
    let nest = Nest::new();
    let (chain, at) = (&nest.0.chain, nest.0.contracts);
    nest.block(Treasury.address(), true);
    let fees = nest.fees();
    assert!(!fees.is_zero());
    let collect = IDiem::collectFeesCall {};
    assert!(!nest.does(at.diem, collect.abi_encode()));
    assert_eq!(nest.fees(), fees);
    let others = nest
        .payments()
        .into_iter()
        .filter(|(_, call)| *call != collect.abi_encode());
    for (to, call) in others {
        assert!(nest.does(to, call), "everybody else is paid");
    }
    let due = nest.fees();
    nest.set_treasury(Carol.address());
    chain.send(Stranger, at.diem, &collect);
    assert_eq!(nest.vvv_of(Carol.address()), due);
}

/// A contract that reverts on everything: a token asks nobody's leave to credit it.
#[test]
fn a_treasury_that_reverts_is_paid_like_any_other() {
    let nest = Nest::new();
    let (chain, at) = (&nest.0.chain, nest.0.contracts);
    // PUSH0 PUSH0 REVERT
    let treasury = chain.create(Stranger, asm::install(&[0x5f, 0x5f, 0xfd]));
    let called = chain.call_raw(Stranger.address(), treasury.into(), Bytes::new());
    assert!(called.is_err(), "it reverts");
    nest.set_treasury(treasury);
    let fees = nest.fees();
    chain.send(Stranger, at.diem, &IDiem::collectFeesCall {});
    assert_eq!(nest.vvv_of(treasury), fees);
    for (to, call) in nest.payments().into_iter().take(3) {
        assert!(nest.does(to, call));
    }
}
