//! Sums of all events, kept as blocks come: what the contracts must hold follows from what they
//! said, and where the two disagree either the node lost events or something is very wrong.

use crate::Result;
use crate::chain::{Chain, Head};
use crate::deployment::Deployment;
use alloy::primitives::{Address, U256};
use alloy::rpc::types::Log;
use alloy::sol_types::SolEventInterface;
use diem_abi::{IDiem, IStakedVvv};
use std::collections::BTreeSet;

/// What the events of sVVV and DIEM add up to, from their first block to one block. All WAD.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// The last block that is in the sums.
    until: Option<Head>,
    /// sVVV minted less burned.
    pub(super) s_vvv_supply: Sum,
    /// sVVV locked less unlocked.
    pub(super) locked: Sum,
    /// VVV that is cooling down.
    pub(super) cooling: Sum,
    /// VVV given for rewards and not paid out: the reserve, and what is owed to stakers and DIEM.
    pub(super) rewards: Sum,
    /// DIEM minted less burned.
    pub(super) diem_supply: Sum,
    /// DIEM staked or cooling down.
    pub(super) diem_staked: Sum,
    /// Gateways that are registered and not revoked.
    pub(super) gateways: BTreeSet<Address>,
}

/// What came in and what went out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    came: U256,
    went: U256,
}

impl Sum {
    fn add(&mut self, amount: U256) {
        self.came = self.came.saturating_add(amount);
    }

    fn take(&mut self, amount: U256) {
        self.went = self.went.saturating_add(amount);
    }

    /// What is left; none where more went than came, which no whole history can tell.
    pub(super) fn left(self) -> Option<U256> {
        self.came.checked_sub(self.went)
    }
}

impl Books {
    /// Reads on to the latest block and returns it. Where the chain has left the block at which it
    /// stood, it begins anew.
    ///
    /// # Errors
    /// The node does not answer.
    pub(super) async fn read(&mut self, chain: &Chain, at: &Deployment) -> Result<Head> {
        let head = chain.head(None).await?;
        if let Some(until) = self.until
            && (until.number > head.number || chain.head(Some(until.number)).await? != until)
        {
            *self = Self::default();
        }
        let begin = [at.contracts.s_vvv.block, at.contracts.diem.block];
        let begin = begin.into_iter().map(Option::unwrap_or_default).min();
        let next = self.until.map(|until| until.number + 1).or(begin);
        // A look that fails half way leaves the sums as they were.
        let mut sums = self.clone();
        let contracts = [at.s_vvv, at.diem];
        chain
            .logs(&contracts, next.unwrap_or_default(), head.number, |log| {
                if log.address() == at.s_vvv {
                    sums.s_vvv(log);
                } else {
                    sums.diem(log);
                }
                Ok(())
            })
            .await?;
        sums.until = Some(head);
        *self = sums;
        Ok(head)
    }

    fn s_vvv(&mut self, log: &Log) {
        use IStakedVvv::IStakedVvvEvents as Event;
        let Ok(event) = Event::decode_log(&log.inner) else {
            return;
        };
        match event.data {
            Event::Transfer(IStakedVvv::Transfer { from, to, value }) => {
                turn_over(&mut self.s_vvv_supply, from, to, value);
            }
            Event::Locked(IStakedVvv::Locked { amount, .. }) => self.locked.add(amount),
            Event::Unlocked(IStakedVvv::Unlocked { amount, .. }) => self.locked.take(amount),
            Event::UnstakeInitiated(IStakedVvv::UnstakeInitiated { amount, .. }) => {
                self.cooling.add(amount);
            }
            Event::UnstakeFinalized(IStakedVvv::UnstakeFinalized { amount, .. }) => {
                self.cooling.take(amount);
            }
            Event::RewardsFunded(IStakedVvv::RewardsFunded { amount, .. }) => {
                self.rewards.add(amount);
            }
            Event::Claimed(IStakedVvv::Claimed { amount, .. })
            | Event::LockedYieldPaid(IStakedVvv::LockedYieldPaid { amount, .. }) => {
                self.rewards.take(amount);
            }
            _ => {}
        }
    }

    fn diem(&mut self, log: &Log) {
        use IDiem::IDiemEvents as Event;
        let Ok(event) = Event::decode_log(&log.inner) else {
            return;
        };
        match event.data {
            Event::Transfer(IDiem::Transfer { from, to, value }) => {
                turn_over(&mut self.diem_supply, from, to, value);
            }
            Event::Staked(IDiem::Staked { amount, .. }) => self.diem_staked.add(amount),
            Event::Unstaked(IDiem::Unstaked { amount, .. }) => self.diem_staked.take(amount),
            Event::GatewaySet(IDiem::GatewaySet { gateway, allowed }) => {
                if allowed {
                    self.gateways.insert(gateway);
                } else {
                    self.gateways.remove(&gateway);
                }
            }
            _ => {}
        }
    }
}

/// Tokens come from nobody when they are minted, and go to nobody when they are burned.
fn turn_over(supply: &mut Sum, from: Address, to: Address, value: U256) {
    if from.is_zero() {
        supply.add(value);
    }
    if to.is_zero() {
        supply.take(value);
    }
}
