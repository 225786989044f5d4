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
//! | 2 | 0..96 | dollars a day |
//! | | 96..192 | credit spent in the epoch below |
//! | | 192..224 | the epoch of the last spending |
//! | | 224..256 | the epoch after the last |
//!
//! Settling reads and writes word 2 alone. A lease opens with all credit of the opening
//! epoch spent: so it cannot be used before the next one, and no start has to be read.

use crate::Diem;
use crate::errors::{Result, refuse};
use crate::interface::IDiem;
use crate::storage::{AMOUNT_BITS, LEASE_COUNT, LEASES};
use alloy_primitives::{Address, U256};
use contract_kit::event;
use contract_kit::store::Entry;
use contract_kit::word::{ToWord, address, at, field, from_u128, low, max};
use diem_math::epoch::MAX_LEASE_EPOCHS;

const ADDRESS_BITS: usize = 160;
const EPOCH_BITS: usize = 32;
const SPENT_AT: usize = AMOUNT_BITS;
const EPOCH_AT: usize = 2 * AMOUNT_BITS;
const END_AT: usize = EPOCH_AT + EPOCH_BITS;

/// Words of a lease, counted from its entry.
const LESSOR: u64 = 0;
/// See above.
const LESSEE: u64 = 1;
/// See above.
const CREDIT: u64 = 2;

/// Word 2: the lease's credit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LeaseCredit {
    /// Dollars a day.
    pub(crate) amount: u128,
    /// Spent in `epoch`.
    pub(crate) spent: u128,
    /// The epoch of the last spending.
    pub(crate) epoch: u64,
    /// The epoch after the last.
    pub(crate) end: u64,
}

impl LeaseCredit {
    /// A lease opened in epoch `today`.
    pub(crate) const fn open(amount: u128, today: u64, epochs: u32) -> Self {
        let end = today.saturating_add(1).saturating_add(epochs as u64);
        Self {
            amount,
            spent: amount,
            epoch: today,
            end,
        }
    }

    pub(crate) fn unpack(word: U256) -> Self {
        Self {
            amount: field(word, 0, AMOUNT_BITS),
            spent: field(word, SPENT_AT, AMOUNT_BITS),
            epoch: field(word, EPOCH_AT, EPOCH_BITS) as u64,
            end: field(word, END_AT, EPOCH_BITS) as u64,
        }
    }

    pub(crate) fn pack(&self) -> U256 {
        from_u128(self.amount)
            | at(self.spent, SPENT_AT)
            | at(u128::from(self.epoch) & max(EPOCH_BITS), EPOCH_AT)
            | at(u128::from(self.end) & max(EPOCH_BITS), END_AT)
    }

    /// Spent in `epoch`; older spending is forgotten.
    pub(crate) const fn spent_in(&self, epoch: u64) -> u128 {
        if self.epoch == epoch { self.spent } else { 0 }
    }

    /// Left in `epoch`.
    pub(crate) const fn remaining(&self, epoch: u64) -> u128 {
        if epoch < self.end {
            self.amount.saturating_sub(self.spent_in(epoch))
        } else {
            0
        }
    }

    /// Spends; gives back what is left. The error is what there was.
    pub(crate) fn spend(&mut self, epoch: u64, amount: U256) -> Result<u128, u128> {
        let remaining = self.remaining(epoch);
        if amount > from_u128(remaining) {
            return Err(remaining);
        }
        self.spent = self.spent_in(epoch).saturating_add(low(amount));
        self.epoch = epoch;
        Ok(remaining.saturating_sub(low(amount)))
    }
}

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
            from_u128(credit.spent_in(epoch)),
            from_u128(credit.remaining(epoch)),
            epoch.to_word(),
        )
    }
}
