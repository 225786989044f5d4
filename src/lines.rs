//! Credit lines of accounts: who settles them, and what is settled.
//!
//! Within an epoch a line's allowance never falls, and once it has one its gateway never
//! changes: so what a gateway has read it may serve, and settle until midnight. DIEM leaves
//! the bucket a day after it left a line, hence never in the same epoch, and a lease begins
//! in the epoch after its DIEM left: so no DIEM backs two lines in one epoch.

use crate::contract::Diem;
use crate::errors::{Result, refuse};
use crate::gas::CHOICE;
use crate::interface::IDiem;
use crate::ledger::{Line, NEVER_CHOSE, Number, Waiting};
use crate::storage::LINES;
use alloc::vec::Vec;
use alloy_primitives::{Address, U256};
use contract_kit::event;
use contract_kit::word::{Entry, ToWord, from_u128, low};
use diem_math::epoch::{epoch_at, next_refresh};

/// Words of an account, counted from its entry.
const LINE: u64 = 0;
/// See above.
pub(crate) const WAITING: u64 = 1;
/// See above.
pub(crate) const LEASED: u64 = 2;

/// What a line answers: epoch, allowance, used, gateway, next allowance, next gateway.
pub(crate) type Answer = (U256, U256, U256, Address, U256, Address);

/// An account's first two words, brought to today, and where they stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account {
    pub(crate) at: Entry,
    pub(crate) line: Line,
    pub(crate) waiting: Waiting,
}

impl Account {
    /// Takes `amount` off what the line starts the next epoch with.
    pub(crate) fn leave(&mut self, amount: U256) -> Result<u128> {
        let available = self.line.next_allowance(&self.waiting);
        if amount > from_u128(available) {
            return Err(refuse!(IDiem::InsufficientStake, available, amount));
        }
        let amount = low(amount);
        self.waiting.leaving = self.waiting.leaving.saturating_add(amount);
        self.line.changed = true;
        Ok(amount)
    }
}

/// One settlement: who states it, and of which epoch.
pub(crate) struct Settlement {
    pub(crate) gateway: Address,
    pub(crate) epoch: u64,
    number: Number,
    /// The number of the default gateway, once a line has asked for it.
    default: Option<Number>,
}

impl Settlement {
    /// Whether the line whose gateway has `number` may be settled.
    pub(crate) fn covers(&mut self, diem: &Diem, number: Number) -> bool {
        if number != NEVER_CHOSE {
            return number == self.number;
        }
        let epoch = self.epoch;
        self.number
            == *self
                .default
                .get_or_insert_with(|| diem.default_number(epoch))
    }
}

impl Diem {
    pub(crate) fn today(&self) -> u64 {
        epoch_at(self.store.now())
    }

    pub(crate) fn next_refresh(&self) -> U256 {
        next_refresh(self.store.now()).to_word()
    }

    fn load_waiting(&self, at: Entry) -> Waiting {
        Waiting::unpack(self.store.get_at(at, WAITING))
    }

    /// The line that stands at `at`, today; reads the second word only where it must.
    pub(crate) fn load_line(&self, at: Entry, today: u64) -> Line {
        let mut line = Line::unpack(self.store.get_at(at, LINE));
        line.roll(today, || self.load_waiting(at));
        line
    }

    pub(crate) fn load_account(&self, owner: Address, today: u64) -> Account {
        let at = self.store.entry(LINES, &owner);
        let (line, mut waiting) = (self.load_line(at, today), self.load_waiting(at));
        if !line.changed {
            waiting.forget();
        }
        Account { at, line, waiting }
    }

    pub(crate) fn store_line(&mut self, at: Entry, line: &Line) {
        self.store.set_at(at, LINE, line.pack());
    }

    pub(crate) fn store_account(&mut self, account: &Account) {
        self.store_line(account.at, &account.line);
        self.store
            .set_at(account.at, WAITING, account.waiting.pack());
    }

    pub(crate) fn line_of(&self, owner: Address) -> Answer {
        let epoch = self.today();
        let Account { line, waiting, .. } = self.load_account(owner, epoch);
        let (today, next) = self.gateways_of(line.gateway, line.next_gateway(&waiting), epoch);
        (
            epoch.to_word(),
            from_u128(line.allowance),
            from_u128(line.used),
            today,
            from_u128(line.next_allowance(&waiting)),
            next,
        )
    }

    /// The addresses behind today's and the next epoch's gateway.
    pub(crate) fn gateways_of(
        &self,
        today: Number,
        next: Number,
        epoch: u64,
    ) -> (Address, Address) {
        (
            self.gateway_address(today, epoch),
            self.gateway_address(next, epoch.saturating_add(1)),
        )
    }

    pub(crate) fn credits_of(&self, owner: Address) -> (U256, U256, U256, U256) {
        let (epoch, allowance, used, ..) = self.line_of(owner);
        (allowance, used, allowance.saturating_sub(used), epoch)
    }

    pub(crate) fn next_allowance_of(&self, owner: Address) -> U256 {
        self.line_of(owner).4
    }

    pub(crate) fn gateway_of(&self, owner: Address) -> (Address, Address) {
        let (_, _, _, today, _, next) = self.line_of(owner);
        (today, next)
    }

    pub(crate) fn choose_gateway(&mut self, gateway: Address) -> Result<()> {
        self.insist(CHOICE)?;
        let number = self.choice(gateway)?;
        let owner = self.store.caller();
        let today = self.today();
        let mut account = self.load_account(owner, today);
        let at_once = account.line.choose(&mut account.waiting, number);
        if at_once {
            // The second word has nothing to say: it may never be touched.
            self.store_line(account.at, &account.line);
        } else {
            self.store_account(&account);
        }
        let from = today.saturating_add(u64::from(!at_once));
        event!(
            self.store.vm(),
            IDiem::GatewayChosen,
            [owner, gateway],
            [from]
        );
        Ok(())
    }

    /// Lets a registered gateway state what was used today.
    pub(crate) fn open_settlement(&self, epoch: U256) -> Result<Settlement> {
        let gateway = self.store.caller();
        let number = self
            .allowed_number(gateway)
            .ok_or_else(|| refuse!(IDiem::OnlyGateway, gateway))?;
        let today = self.today();
        if epoch != today.to_word() {
            return Err(refuse!(IDiem::WrongEpoch, epoch, today));
        }
        Ok(Settlement {
            gateway,
            epoch: today,
            number,
            default: None,
        })
    }

    pub(crate) fn settle(&mut self, epoch: U256, account: Address, used: U256) -> Result<()> {
        let mut settlement = self.open_settlement(epoch)?;
        self.settle_line(&mut settlement, account, used)
    }

    pub(crate) fn settle_batch(
        &mut self,
        epoch: U256,
        accounts: Vec<Address>,
        used: Vec<U256>,
    ) -> Result<()> {
        let mut settlement = self.open_settlement(epoch)?;
        same_length(accounts.len(), used.len())?;
        for (account, used) in accounts.into_iter().zip(used) {
            self.settle_line(&mut settlement, account, used)?;
        }
        Ok(())
    }

    fn settle_line(
        &mut self,
        settlement: &mut Settlement,
        account: Address,
        used: U256,
    ) -> Result<()> {
        let at = self.store.entry(LINES, &account);
        let mut line = self.load_line(at, settlement.epoch);
        let (gateway, epoch) = (settlement.gateway, settlement.epoch);
        if !settlement.covers(self, line.gateway) {
            return Err(refuse!(IDiem::NotItsGateway, account, gateway));
        }
        let allowance = line.allowance;
        let Some(news) = line.state(used) else {
            return Err(refuse!(
                IDiem::InsufficientCredits,
                account,
                allowance,
                used
            ));
        };
        if news {
            self.store_line(at, &line);
            event!(
                self.store.vm(),
                IDiem::CreditsSettled,
                [account, gateway, epoch],
                [used, allowance]
            );
        }
        Ok(())
    }
}

/// Two lists of a batch go together.
pub(crate) fn same_length(lines: usize, totals: usize) -> Result<()> {
    if lines == totals {
        return Ok(());
    }
    let (lines, totals) = (U256::from(lines), U256::from(totals));
    Err(refuse!(IDiem::LengthMismatch, lines, totals))
}
