//! Leases: part of an account's daily credit, handed to another for a term.
//!
//! The lessor's line keeps it today; the lease's line has it from the next epoch on and until
//! the end; the lessor's line has it back when the lease is closed, from the end on.
//!
//! A lease's words:
//!
//! | word | bits | content |
//! | --- | --- | --- |
//! | 0 | 0..160 | lessor; zero when there is no lease |
//! | | 160..184 | first epoch |
//! | 1 | 0..160 | lessee |
//! | | 160..184 | number of the next gateway; void unless the line says that it waits |
//! | 2 | | the line, see `ledger`; never zero while there is a lease |
//!
//! Settling reads and writes word 2 alone where no choice waits.

use crate::contract::Diem;
use crate::errors::{Result, refuse};
use crate::gas::{CHOICE, CLOSING, LEASE};
use crate::interface::IDiem;
use crate::ledger::{LeaseLine, Number};
use crate::lines::{Answer, LEASED, Settlement, same_length};
use crate::storage::{ADDRESS_BITS, EPOCH_BITS, LEASE_COUNT, LEASES, LINES, NUMBER_BITS};
use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
use contract_kit::event;
use contract_kit::word::{Entry, ToWord, add, address, at, field, from_u128};
use diem_math::epoch::MAX_LEASE_EPOCHS;

/// Words of a lease, counted from its entry.
const LESSOR: u64 = 0;
/// See above.
const LESSEE: u64 = 1;
/// See above.
const LINE: u64 = 2;

/// A lease's lessee word.
fn lessee_word(lessee: Address, next: Number) -> U256 {
    lessee.to_word() | at(u128::from(next), ADDRESS_BITS)
}

fn next_gateway(lessee_word: U256) -> Number {
    field(lessee_word, ADDRESS_BITS, NUMBER_BITS) as Number
}

impl Diem {
    pub(crate) fn lease(&mut self, lessee: Address, amount: U256, epochs: u32) -> Result<U256> {
        self.insist(LEASE)?;
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
        let (lessor, today) = (self.store.caller(), self.today());
        let mut account = self.load_account(lessor, today);
        let leased = account.leave(amount)?;
        self.store_account(&account);
        let total = add(self.store.get_at(account.at, LEASED), amount);
        self.store.set_at(account.at, LEASED, total);

        let line = LeaseLine::open(leased, today, epochs);
        let start = today.saturating_add(1);
        let id = add(self.store.get(LEASE_COUNT), U256::ONE);
        self.store.set(LEASE_COUNT, id);
        let entry = self.store.entry(LEASES, &id);
        let lessor_word = lessor.to_word() | at(u128::from(start), ADDRESS_BITS);
        self.store.set_at(entry, LESSOR, lessor_word);
        self.store.set_at(entry, LESSEE, lessee.to_word());
        self.store.set_at(entry, LINE, line.pack());
        event!(
            self.store.vm(),
            IDiem::LeaseOpened,
            [id, lessor, lessee],
            [amount, start, line.end]
        );
        Ok(id)
    }

    /// Where the lease's words stand, and its line today.
    fn find_lease(&self, id: U256, today: u64) -> Result<(Entry, LeaseLine)> {
        let entry = self.store.entry(LEASES, &id);
        let word = self.store.get_at(entry, LINE);
        if word.is_zero() {
            return Err(refuse!(IDiem::UnknownLease, id));
        }
        let mut line = LeaseLine::unpack(word);
        line.roll(today, || next_gateway(self.store.get_at(entry, LESSEE)));
        Ok((entry, line))
    }

    /// The lease's second word, for its lessee.
    fn only_lessee(&self, id: U256, entry: Entry) -> Result<U256> {
        let (word, caller) = (self.store.get_at(entry, LESSEE), self.store.caller());
        if caller != address(word) {
            return Err(refuse!(IDiem::OnlyLessee, id, caller));
        }
        Ok(word)
    }

    pub(crate) fn transfer_lease(&mut self, id: U256, to: Address) -> Result<()> {
        if to.is_zero() {
            return Err(refuse!(IDiem::ZeroAddress));
        }
        let (entry, _) = self.find_lease(id, self.today())?;
        let word = self.only_lessee(id, entry)?;
        self.store
            .set_at(entry, LESSEE, lessee_word(to, next_gateway(word)));
        let caller = self.store.caller();
        event!(
            self.store.vm(),
            IDiem::LeaseTransferred,
            [id, caller, to],
            []
        );
        Ok(())
    }

    pub(crate) fn choose_lease_gateway(&mut self, id: U256, gateway: Address) -> Result<()> {
        self.insist(CHOICE)?;
        let today = self.today();
        let (entry, mut line) = self.find_lease(id, today)?;
        self.only_lessee(id, entry)?;
        let number = self.choice(gateway)?;
        let at_once = line.choose(number);
        self.store.set_at(entry, LINE, line.pack());
        if line.changed {
            let word = lessee_word(self.store.caller(), number);
            self.store.set_at(entry, LESSEE, word);
        }
        let from = today.saturating_add(u64::from(!at_once));
        event!(
            self.store.vm(),
            IDiem::LeaseGatewayChosen,
            [id, gateway],
            [from]
        );
        Ok(())
    }

    pub(crate) fn settle_leases(
        &mut self,
        epoch: U256,
        ids: Vec<U256>,
        used: Vec<U256>,
    ) -> Result<()> {
        let mut settlement = self.open_settlement(epoch)?;
        same_length(ids.len(), used.len())?;
        for (id, used) in ids.into_iter().zip(used) {
            self.settle_lease(&mut settlement, id, used)?;
        }
        Ok(())
    }

    fn settle_lease(&mut self, settlement: &mut Settlement, id: U256, used: U256) -> Result<()> {
        let (gateway, epoch) = (settlement.gateway, settlement.epoch);
        let (entry, mut line) = self.find_lease(id, epoch)?;
        if !settlement.covers(self, line.gateway) {
            return Err(refuse!(IDiem::NotItsLeaseGateway, id, gateway));
        }
        let allowance = line.allowance();
        let Some(news) = line.state(used) else {
            return Err(refuse!(
                IDiem::InsufficientLeaseCredits,
                id,
                allowance,
                used
            ));
        };
        if news {
            self.store.set_at(entry, LINE, line.pack());
            event!(
                self.store.vm(),
                IDiem::LeaseSettled,
                [id, gateway, epoch],
                [used, allowance]
            );
        }
        Ok(())
    }

    pub(crate) fn close_lease(&mut self, id: U256) -> Result<()> {
        self.insist(CLOSING)?;
        let today = self.today();
        let (entry, LeaseLine { amount, end, .. }) = self.find_lease(id, today)?;
        if today < end {
            return Err(refuse!(IDiem::LeaseNotOver, id, end, today));
        }
        let lessor = address(self.store.get_at(entry, LESSOR));
        let at = self.store.entry(LINES, &lessor);
        let mut line = self.load_line(at, today);
        line.allowance = line.allowance.saturating_add(amount);
        self.store_line(at, &line);
        // The lease is part of all that its lessor leased out.
        let leased = self
            .store
            .get_at(at, LEASED)
            .saturating_sub(from_u128(amount));
        self.store.set_at(at, LEASED, leased);
        for word in [LESSOR, LESSEE, LINE] {
            self.store.set_at(entry, word, U256::ZERO);
        }
        event!(self.store.vm(), IDiem::LeaseClosed, [id, lessor], [amount]);
        Ok(())
    }

    pub(crate) fn lease_of(&self, id: U256) -> (Address, Address, U256, U256, U256) {
        let entry = self.store.entry(LEASES, &id);
        let word = self.store.get_at(entry, LESSOR);
        let line = LeaseLine::unpack(self.store.get_at(entry, LINE));
        (
            address(word),
            address(self.store.get_at(entry, LESSEE)),
            from_u128(line.amount),
            from_u128(field(word, ADDRESS_BITS, EPOCH_BITS)),
            line.end.to_word(),
        )
    }

    pub(crate) fn lease_line_of(&self, id: U256) -> Answer {
        let epoch = self.today();
        let Ok((entry, line)) = self.find_lease(id, epoch) else {
            let nobody = Address::ZERO;
            return (
                epoch.to_word(),
                U256::ZERO,
                U256::ZERO,
                nobody,
                U256::ZERO,
                nobody,
            );
        };
        let next = if line.changed {
            next_gateway(self.store.get_at(entry, LESSEE))
        } else {
            line.gateway
        };
        let (today, next) = self.gateways_of(line.gateway, next, epoch);
        (
            epoch.to_word(),
            from_u128(line.allowance()),
            from_u128(line.used),
            today,
            from_u128(line.next_allowance()),
            next,
        )
    }

    pub(crate) fn lease_credits_of(&self, id: U256) -> (U256, U256, U256, U256) {
        let (epoch, allowance, used, ..) = self.lease_line_of(id);
        (allowance, used, allowance.saturating_sub(used), epoch)
    }

    pub(crate) fn lease_gateway_of(&self, id: U256) -> (Address, Address) {
        let (_, _, _, today, _, next) = self.lease_line_of(id);
        (today, next)
    }
}
