//! What ArbOS keeps about the price of data on the parent chain.

use alloy_primitives::{Address, I256, U256, address};

use super::{
    address_set::AddressSet,
    storage::{Cell, Space, Storage, Word},
};

/// The account that posts batches, which is also the `COINBASE` of every block.
pub const BATCH_POSTER: Address = address!("A4B000000000000000000073657175656e636572");

/// Where the L1 share of fees is collected.
pub const L1_PRICER_FUNDS: Address = address!("A4B00000000000000000000000000000000000f6");

/// Wei per L1 gas unit on a fresh chain: 50 gwei.
pub const INITIAL_PRICE_PER_UNIT: u64 = 50_000_000_000;

/// Gas units charged for one byte of compressed data.
pub const UNITS_PER_BYTE: u64 = 16;

/// The L1 pricing region, root sub-space 0.
#[derive(Clone, Copy, Debug)]
pub struct L1Pricing(Space);

macro_rules! cells {
    ($($(#[$doc:meta])* $name:ident: $kind:ty = $offset:literal;)*) => {
        $($(#[$doc])* pub fn $name(self) -> Cell<$kind> { self.0.cell($offset) })*
    };
}

impl L1Pricing {
    pub(super) fn open(root: Space) -> Self {
        Self(root.region(&[0]))
    }

    cells! {
        /// Who receives the reward for posting.
        pay_rewards_to: Address = 0;
        /// Units over which a surplus is meant to be evened out.
        equilibration_units: U256 = 1;
        /// Inertia of the price.
        inertia: u64 = 2;
        /// Wei per unit paid as a reward.
        per_unit_reward: u64 = 3;
        /// Unix seconds of the last price update.
        last_update_time: u64 = 4;
        /// Wei owed to the reward recipient.
        funds_due_for_rewards: U256 = 5;
        /// Units used since the last update.
        units_since_update: u64 = 6;
        /// Wei per unit; 0 switches the L1 charge off.
        price_per_unit: U256 = 7;
        /// Surplus at the last update.
        last_surplus: I256 = 8;
        /// Gas added for each batch.
        per_batch_gas_charge: i64 = 9;
        /// Cap on amortised cost, in basis points.
        amortized_cost_cap_bips: u64 = 10;
        /// Wei available for batch posters.
        l1_fees_available: U256 = 11;
        /// Floor gas per calldata token on the parent chain.
        gas_floor_per_token: u64 = 12;
    }

    /// Wei owed to all batch posters together.
    pub fn total_funds_due(self) -> Cell<U256> {
        self.posters().cell(0)
    }

    /// The registered batch posters.
    pub fn batch_posters(self) -> AddressSet {
        AddressSet(self.posters().region(&[0]))
    }

    /// Where a batch poster's payments go.
    pub fn poster_pay_to(self, poster: Address) -> Cell<Address> {
        self.poster_info(poster).cell(1)
    }

    /// Registers a batch poster that is paid at `pay_to`, unless it is one already, which is looked
    /// up first however much the caller knows.
    pub fn add_poster<S: Storage>(
        self,
        storage: &mut S,
        poster: Address,
        pay_to: Address,
    ) -> Result<(), S::Error> {
        if self.batch_posters().contains(storage, poster)? {
            return Ok(());
        }
        self.poster_info(poster)
            .cell::<U256>(0)
            .set(storage, U256::ZERO)?;
        self.poster_pay_to(poster).set(storage, pay_to)?;
        self.batch_posters().add(storage, poster)
    }

    /// The words a new chain starts with.
    pub fn initialize<S: Storage>(
        self,
        storage: &mut S,
        rewards_to: Address,
        price_per_unit: U256,
    ) -> Result<(), S::Error> {
        self.add_poster(storage, BATCH_POSTER, Address::ZERO)?;
        self.pay_rewards_to().set(storage, rewards_to)?;
        self.equilibration_units()
            .set(storage, U256::from(UNITS_PER_BYTE * 10_000_000))?;
        self.inertia().set(storage, 10)?;
        self.per_unit_reward().set(storage, 10)?;
        self.price_per_unit().set(storage, price_per_unit)
    }

    fn posters(self) -> Space {
        self.0.region(&[0])
    }

    fn poster_info(self, poster: Address) -> Space {
        self.posters()
            .region(&[1])
            .region(Word::into_word(poster).to_be_bytes::<32>().as_slice())
    }
}
