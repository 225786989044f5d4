//! The invariants of docs/invariants.md that can be read off the model's numbers.

use super::{INDEX_SCALE, Model};
use alloy_primitives::{Address, U256};

impl Model {
    /// VVV that somebody may claim now: rewards of free sVVV, and locked yield that was earned and not paid.
    fn payable(&self) -> U256 {
        let index = self.pending().0;
        let free = self.total(|account| account.rewards.whole_at(index, account.free));
        free + self.locked_yield_scaled_now() / INDEX_SCALE - self.locked_yield_paid
    }

    /// Checks every invariant that is a relation between amounts.
    ///
    /// # Panics
    /// When one is broken, with its id.
    pub fn check_invariants(&self) {
        let held = self.account(self.contracts.s_vvv).vvv;
        let cooling = self.total(|account| account.cooling);
        let owed = self.staked() + cooling + self.payable() + self.pending().1;
        assert!(held >= owed, "I-1: sVVV holds {held} VVV and owes {owed}");

        let circulating = self.total(|account| account.diem);
        let supply = self.diem_supply();
        assert_eq!(
            circulating, supply,
            "I-2: DIEM in accounts against outstanding"
        );

        let net = self
            .accounts
            .keys()
            .map(|address| self.pending_yield(*address))
            .sum::<U256>();
        let earned = self.locked_yield_scaled_now() / INDEX_SCALE;
        let promised = net + self.pending_fees() + self.locked_yield_paid;
        assert!(
            promised <= earned,
            "I-4: {promised} promised or paid of {earned} earned"
        );

        let in_contract = self.account(self.contracts.diem).diem;
        let staked = self.total(|account| account.active + account.bucket);
        assert!(
            in_contract >= staked,
            "I-5: {in_contract} DIEM held for {staked} staked"
        );

        let leased = |lessor: Address| -> U256 {
            self.leases
                .values()
                .filter(|lease| lease.lessor == lessor)
                .map(|lease| lease.amount)
                .sum()
        };
        for (address, account) in &self.accounts {
            assert_eq!(
                account.leased,
                leased(*address),
                "I-6: leased out by {address}"
            );
            assert!(
                account.leased <= account.active,
                "I-6: {address} leased more than it staked"
            );
        }
    }
}
