//! Gateways: who is registered, and who settles lines that never chose.
//!
//! A line holds its gateway's number: 0 never chose, 1 nobody, registered gateways from 2 on
//! in the order of their first registration. A revoked gateway keeps its number, the lines
//! that chose it and its place as default; it settles nothing.
//!
//! The default gateway's word: the number that counts (0..24) until the one that was set
//! last (24..48) does, from an epoch (48..72) on; 0 for none. Beside it, how many gateways
//! were ever registered (72..96).

use crate::contract::Diem;
use crate::errors::{Result, refuse};
use crate::gas;
use crate::interface::IDiem;
use crate::ledger::{NEVER_CHOSE, Number};
use crate::storage::{
    DEFAULT_GATEWAY, EPOCH_BITS, GATEWAY_ADDRESSES, GATEWAYS, NUMBER_BITS, OWNER,
};
use alloy_primitives::{Address, U256};
use contract_kit::event;
use contract_kit::word::{ToWord, address, at, field, from_u128, max};

/// Nobody settles the line, by choice.
const NOBODY: Number = 1;
/// The number of the first gateway.
const FIRST: Number = 2;
/// How many are ever registered: as many as there are numbers.
const MOST: u128 = max(NUMBER_BITS) - FIRST as u128 + 1;
/// Bit of a gateway's word that says whether it is allowed.
const ALLOWED_BIT: usize = NUMBER_BITS;
/// Epochs until a new default counts: the next but one, so that whoever never chose has a
/// whole day to choose.
const DEFAULT_DELAY: u64 = 2;

const LAST_SET_AT: usize = NUMBER_BITS;
const FROM_AT: usize = LAST_SET_AT + NUMBER_BITS;
const REGISTERED_AT: usize = FROM_AT + EPOCH_BITS;

/// The default gateway's word.
#[derive(Clone, Copy, Debug)]
struct Default {
    counts: Number,
    last_set: Number,
    from: u64,
    registered: u128,
}

impl Default {
    fn unpack(word: U256) -> Self {
        Self {
            counts: field(word, 0, NUMBER_BITS) as Number,
            last_set: field(word, LAST_SET_AT, NUMBER_BITS) as Number,
            from: field(word, FROM_AT, EPOCH_BITS) as u64,
            registered: field(word, REGISTERED_AT, NUMBER_BITS),
        }
    }

    fn pack(&self) -> U256 {
        from_u128(u128::from(self.counts))
            | at(u128::from(self.last_set), LAST_SET_AT)
            | at(u128::from(self.from) & max(EPOCH_BITS), FROM_AT)
            | at(self.registered, REGISTERED_AT)
    }

    const fn at(&self, epoch: u64) -> Number {
        if epoch < self.from {
            self.counts
        } else {
            self.last_set
        }
    }
}

impl Diem {
    fn load_default(&self) -> Default {
        Default::unpack(self.store.get(DEFAULT_GATEWAY))
    }

    /// Number and permission of an address; both zero for one that was never registered.
    fn gateway_word(&self, gateway: Address) -> U256 {
        self.store.get_at(self.store.entry(GATEWAYS, &gateway), 0)
    }

    pub(crate) fn is_gateway(&self, account: Address) -> bool {
        self.gateway_word(account).bit(ALLOWED_BIT)
    }

    /// The number of a gateway that is allowed. A stranger has none: its 0 would be that of
    /// a line that never chose.
    pub(crate) fn allowed_number(&self, gateway: Address) -> Option<Number> {
        let word = self.gateway_word(gateway);
        word.bit(ALLOWED_BIT)
            .then(|| field(word, 0, NUMBER_BITS) as Number)
    }

    /// The number that a choice of `gateway` is noted by.
    pub(crate) fn choice(&self, gateway: Address) -> Result<Number> {
        if gateway.is_zero() {
            return Ok(NOBODY);
        }
        self.allowed_number(gateway)
            .ok_or_else(|| refuse!(IDiem::UnknownGateway, gateway))
    }

    /// The default gateway's number in `epoch`.
    pub(crate) fn default_number(&self, epoch: u64) -> Number {
        self.load_default().at(epoch)
    }

    /// The address behind a line's gateway in `epoch`; zero for nobody.
    pub(crate) fn gateway_address(&self, number: Number, epoch: u64) -> Address {
        let number = if number == NEVER_CHOSE {
            self.default_number(epoch)
        } else {
            number
        };
        self.numbered(number)
    }

    /// Zero where no gateway has the number.
    fn numbered(&self, number: Number) -> Address {
        let entry = self.store.entry(GATEWAY_ADDRESSES, &u64::from(number));
        address(self.store.get_at(entry, 0))
    }

    pub(crate) fn default_gateway(&self) -> (Address, Address, U256) {
        let default = self.load_default();
        (
            self.numbered(default.at(self.today())),
            self.numbered(default.last_set),
            default.from.to_word(),
        )
    }

    pub(crate) fn set_gateway(&mut self, gateway: Address, allowed: bool) -> Result<()> {
        OWNER.check(&self.store)?;
        if gateway.is_zero() {
            return Err(refuse!(IDiem::ZeroAddress));
        }
        let mut word = self.gateway_word(gateway);
        if allowed && word.is_zero() {
            word = from_u128(u128::from(self.register(gateway)?));
        }
        self.write_gateway(gateway, word, allowed);
        Ok(())
    }

    /// Gives a new gateway its number.
    fn register(&mut self, gateway: Address) -> Result<Number> {
        let mut default = self.load_default();
        if default.registered >= MOST {
            return Err(refuse!(IDiem::TooManyGateways, MOST));
        }
        let number = FIRST + default.registered as Number;
        default.registered += 1;
        self.store.set(DEFAULT_GATEWAY, default.pack());
        let entry = self.store.entry(GATEWAY_ADDRESSES, &u64::from(number));
        self.store.set_at(entry, 0, gateway.to_word());
        Ok(number)
    }

    fn write_gateway(&mut self, gateway: Address, mut word: U256, allowed: bool) {
        word.set_bit(ALLOWED_BIT, allowed);
        let entry = self.store.entry(GATEWAYS, &gateway);
        self.store.set_at(entry, 0, word);
        event!(self.store.vm(), IDiem::GatewaySet, [gateway], [allowed]);
    }

    pub(crate) fn revoke_gateway(&mut self, gateway: Address) -> Result<()> {
        self.only_guardian()?;
        let word = self.gateway_word(gateway);
        if word.is_zero() {
            return Err(refuse!(IDiem::UnknownGateway, gateway));
        }
        self.write_gateway(gateway, word, false);
        Ok(())
    }

    pub(crate) fn set_default_gateway(&mut self, gateway: Address) -> Result<()> {
        self.insist(gas::DEFAULT)?;
        OWNER.check(&self.store)?;
        let number = self.choice(gateway)?;
        let today = self.today();
        let mut default = self.load_default();
        let from = today.saturating_add(DEFAULT_DELAY);
        default.counts = default.at(today);
        default.last_set = number;
        default.from = from;
        self.store.set(DEFAULT_GATEWAY, default.pack());
        event!(self.store.vm(), IDiem::DefaultGatewaySet, [gateway], [from]);
        Ok(())
    }
}
