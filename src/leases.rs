//! Leases: part of an account's daily credit, handed to another for a term.
//!
//! The lessor's own stake falls at once; the lessee may spend from the next epoch on, and
//! until the end; the lessor has the stake back when the lease is closed, after the end.
//!
//! A lease's words:
//!
//! | word | bits | content |
//! | --- | --- | --- |
//! | 0 | 0..160 | lessor; zero when there is no lease |
//! | | 160..192 | first epoch |
//! | 1 | 0..160 | lessee |
//! | 2 | | credit, see `ledger` |
//!
//! Settling reads and writes word 2 alone. A lease opens with all credit of the opening
//! epoch spent: so it cannot be used before the next one, and no start has to be read.

use crate::contract::Diem;
use crate::errors::{Result, refuse};
use crate::interface::IDiem;
use crate::ledger::LeaseCredit;
use crate::storage::{LEASE_COUNT, LEASES};
use alloy_primitives::{Address, U256};
use contract_kit::event;
use contract_kit::word::Entry;
use contract_kit::word::{ToWord, address, at, field, from_u128, low};
use diem_math::epoch::MAX_LEASE_EPOCHS;

const ADDRESS_BITS: usize = 160;
const EPOCH_BITS: usize = 32;

/// Words of a lease, counted from its entry.
const LESSOR: u64 = 0;
/// See above.
const LESSEE: u64 = 1;
/// See above.
const CREDIT: u64 = 2;

impl Diem {
    pub(crate) fn lease(&mut self, lessee: Address, amount: U256, epochs: u32) -> Result<U256> {
        if amount.is_zero() {
            return Err(refuse!(IDiem::ZeroAmount));
        }
        if lessee.is_zero() {
            return Err(refuse!(IDiem::ZeroAddress));
        }
        if epochs == 0 || epochs > MAX_LEASE_EPOCHS {
            return Err(refuse!(
                IDiem::InvalidLeaseTerm,
                u64::from(epochs).to_word()
            ));
        }
        let lessor = self.store.caller();
        let mut stake = self.load_stake(lessor);
        let available = stake.credit.allowance();
        if amount > from_u128(available) {
            return Err(refuse!(IDiem::InsufficientStake, available, amount));
        }
        stake.credit.own = stake.credit.own.saturating_sub(low(amount));
        stake.bucket.leased = stake.bucket.leased.saturating_add(low(amount));
        self.store_stake(&stake);

        let today = self.today();
        let start = today.saturating_add(1);
        let credit = LeaseCredit::open(low(amount), today, epochs);
        let id = self.store.get(LEASE_COUNT).wrapping_add(U256::ONE);
        self.store.set(LEASE_COUNT, id);
        let entry = self.store.entry(LEASES, &id);
        self.store.set_at(
            entry,
            0,
            lessor.to_word() | at(u128::from(start), ADDRESS_BITS),
        );
        self.store.set_at(entry, LESSEE, lessee.to_word());
        self.store.set_at(entry, CREDIT, credit.pack());
        event!(
            self.store.vm(),
            IDiem::LeaseOpened,
            [id, lessor, lessee],
            [amount, start, credit.end]
        );
        Ok(id)
    }

    /// Where the lease's words stand, and its first word.
    fn find_lease(&self, id: U256) -> Result<(Entry, U256)> {
        let entry = self.store.entry(LEASES, &id);
        let word = self.store.get_at(entry, LESSOR);
        if word.is_zero() {
            return Err(refuse!(IDiem::UnknownLease, id));
        }
        Ok((entry, word))
    }

    pub(crate) fn transfer_lease(&mut self, id: U256, to: Address) -> Result<()> {
        if to.is_zero() {
            return Err(refuse!(IDiem::ZeroAddress));
        }
        let (entry, _) = self.find_lease(id)?;
        let caller = self.store.caller();
        if caller != address(self.store.get_at(entry, LESSEE)) {
            return Err(refuse!(IDiem::OnlyLessee, id, caller));
        }
        self.store.set_at(entry, LESSEE, to.to_word());
        event!(
            self.store.vm(),
            IDiem::LeaseTransferred,
            [id, caller, to],
            []
        );
        Ok(())
    }

    pub(crate) fn spend_lease(&mut self, id: U256, amount: U256) -> Result<()> {
        let gateway = self.only_gateway()?;
        if amount.is_zero() {
            return Err(refuse!(IDiem::ZeroAmount));
        }
        let entry = self.store.entry(LEASES, &id);
        let word = self.store.get_at(entry, CREDIT);
        if word.is_zero() {
            return Err(refuse!(IDiem::UnknownLease, id));
        }
        let mut credit = LeaseCredit::unpack(word);
        let epoch = self.today();
        let remaining = credit
            .spend(epoch, amount)
            .map_err(|remaining| refuse!(IDiem::InsufficientLeaseCredits, id, remaining, amount))?;
        self.store.set_at(entry, CREDIT, credit.pack());
        event!(
            self.store.vm(),
            IDiem::LeaseSpent,
            [id, gateway, epoch],
            [amount, remaining]
        );
        Ok(())
    }

    pub(crate) fn close_lease(&mut self, id: U256) -> Result<()> {
        let (entry, word) = self.find_lease(id)?;
        let credit = LeaseCredit::unpack(self.store.get_at(entry, CREDIT));
        let (end_epoch, epoch) = (credit.end, self.today());
        if epoch < end_epoch {
            return Err(refuse!(IDiem::LeaseNotOver, id, end_epoch, epoch));
        }
        let lessor = address(word);
        let mut stake = self.load_stake(lessor);
        stake.credit.own = stake.credit.own.saturating_add(credit.amount);
        stake.bucket.leased = stake.bucket.leased.saturating_sub(credit.amount);
        self.store_stake(&stake);
        for word in [LESSOR, LESSEE, CREDIT] {
            self.store.set_at(entry, word, U256::ZERO);
        }
        event!(
            self.store.vm(),
            IDiem::LeaseClosed,
            [id, lessor],
            [credit.amount]
        );
        Ok(())
    }

    pub(crate) fn lease_of(&self, id: U256) -> (Address, Address, U256, U256, U256) {
        let entry = self.store.entry(LEASES, &id);
        let word = self.store.get_at(entry, LESSOR);
        let credit = LeaseCredit::unpack(self.store.get_at(entry, CREDIT));
        (
            address(word),
            address(self.store.get_at(entry, LESSEE)),
            from_u128(credit.amount),
            from_u128(field(word, ADDRESS_BITS, EPOCH_BITS)),
            credit.end.to_word(),
        )
    }

    pub(crate) fn lease_credits_of(&self, id: U256) -> (U256, U256, U256, U256) {
        let entry = self.store.entry(LEASES, &id);
        let epoch = self.today();
        let start = field(self.store.get_at(entry, LESSOR), ADDRESS_BITS, EPOCH_BITS);
        let credit = LeaseCredit::unpack(self.store.get_at(entry, CREDIT));
        if u128::from(epoch) < start || epoch >= credit.end {
            return (U256::ZERO, U256::ZERO, U256::ZERO, epoch.to_word());
        }
        (
            from_u128(credit.amount),
            from_u128(credit.meter.spent_in(epoch)),
            from_u128(credit.remaining(epoch)),
            epoch.to_word(),
        )
    }
}
