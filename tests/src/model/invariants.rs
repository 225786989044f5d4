//! The invariants of docs/invariants.md that can be read off the model's numbers.

use super::{INDEX_SCALE, Model};
use alloy_primitives::U256;

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
        let staked = self.total(|account| account.active() + account.bucket);
        assert!(
            in_contract >= staked,
            "I-5: {in_contract} DIEM held for {staked} staked"
        );
        self.check_lines(in_contract);
    }

    fn check_lines(&self, in_contract: U256) {
        let epoch = self.epoch();
        let lines = self
            .accounts
            .keys()
            .map(|address| self.line(*address))
            .chain(self.leases.values().map(|lease| lease.line_in(epoch)));
        let mut promised = U256::ZERO;
        for line in lines {
            let allowance = line.today.allowance;
            assert!(line.used <= allowance, "L-1: {line:?}");
            promised += allowance;
        }
        assert!(
            promised <= in_contract,
            "L-4: {promised} dollars of today on {in_contract} DIEM"
        );
        for (address, account) in &self.accounts {
            let leased: U256 = self
                .leases
                .values()
                .filter(|lease| lease.lessor == *address)
                .map(|lease| lease.amount)
                .sum();
            assert_eq!(account.leased, leased, "L-4: leased out by {address}");
        }
    }
}
