//! A statement: the totals of some lines of one kind in one epoch, as the call that tells them.

use alloy::{
    primitives::{Bytes, U256},
    sol_types::SolCall,
};
use diem_abi::IDiem;

use crate::{
    line::{Epoch, Line},
    money::Usd,
};

/// A line and what it has used in the epoch, in all.
pub type Stated = (Line, Usd);

/// Lines of one kind: one transaction states accounts or leases, never both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Batch {
    /// Accounts.
    Accounts(Vec<Stated>),
    /// Leases.
    Leases(Vec<Stated>),
}

impl Batch {
    /// The next batch of at most `most` lines from `totals`: accounts first, then leases. `None` where there is none.
    #[must_use]
    pub fn next(totals: &[Stated], most: usize) -> Option<Self> {
        let kind = |accounts: bool| {
            let stated = totals
                .iter()
                .filter(move |(line, _)| matches!(line, Line::Account(_)) == accounts);
            stated.take(most.max(1)).copied().collect::<Vec<_>>()
        };
        let accounts = kind(true);
        if !accounts.is_empty() {
            return Some(Self::Accounts(accounts));
        }
        let leases = kind(false);
        (!leases.is_empty()).then_some(Self::Leases(leases))
    }

    /// What is stated.
    #[must_use]
    pub fn stated(&self) -> &[Stated] {
        match self {
            Self::Accounts(stated) | Self::Leases(stated) => stated,
        }
    }

    /// The first `count` of it.
    #[must_use]
    pub fn first(&self, count: usize) -> Self {
        let part = |stated: &[Stated]| stated.iter().take(count.max(1)).copied().collect();
        match self {
            Self::Accounts(stated) => Self::Accounts(part(stated)),
            Self::Leases(stated) => Self::Leases(part(stated)),
        }
    }

    /// Both halves; the first is empty where there is but one line.
    #[must_use]
    pub fn halves(&self) -> [Self; 2] {
        let (left, right) = self.stated().split_at(self.stated().len() / 2);
        [left, right].map(|half| match self {
            Self::Accounts(_) => Self::Accounts(half.to_vec()),
            Self::Leases(_) => Self::Leases(half.to_vec()),
        })
    }

    /// The call of the DIEM contract.
    #[must_use]
    pub fn call(&self, epoch: Epoch) -> Bytes {
        let epoch = U256::from(epoch);
        let used = self
            .stated()
            .iter()
            .map(|(_, total)| U256::from(total.0))
            .collect();
        let encoded = match self {
            Self::Accounts(stated) => {
                let account = |(line, _): &Stated| match line {
                    Line::Account(account) => Some(*account),
                    Line::Lease(_) => None,
                };
                let accounts = stated.iter().filter_map(account).collect();
                IDiem::settleBatchCall {
                    epoch,
                    accounts,
                    used,
                }
                .abi_encode()
            }
            Self::Leases(stated) => {
                let id = |(line, _): &Stated| match line {
                    Line::Lease(id) => Some(U256::from(*id)),
                    Line::Account(_) => None,
                };
                let ids = stated.iter().filter_map(id).collect();
                IDiem::settleLeasesCall { epoch, ids, used }.abi_encode()
            }
        };
        encoded.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy::primitives::Address;

    #[test]
    fn a_batch_states_accounts_before_leases_and_never_both() {
        let account = |n| (Line::Account(Address::repeat_byte(n)), Usd(u128::from(n)));
        let lease = |n: u8| (Line::Lease(n.into()), Usd(u128::from(n)));
        let totals = [lease(7), account(1), account(2), account(3)];
        let batch = Batch::next(&totals, 2).unwrap();
        assert_eq!(batch, Batch::Accounts(vec![account(1), account(2)]));
        let call = IDiem::settleBatchCall::abi_decode(&batch.call(9)).unwrap();
        assert_eq!(call.accounts, [1, 2].map(Address::repeat_byte));
        assert_eq!(call.used, [1, 2].map(U256::from));
        let batch = Batch::next(&[lease(7)], 2).unwrap();
        let call = IDiem::settleLeasesCall::abi_decode(&batch.call(9)).unwrap();
        assert_eq!((call.epoch, call.ids), (U256::from(9), vec![U256::from(7)]));
        assert_eq!(Batch::next(&[], 2), None);
    }
}
