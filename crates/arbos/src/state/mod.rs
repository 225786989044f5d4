//! The ArbOS state: typed words of one account's storage.
//!
//! Regions are values that know their slots and hold no data. Every access takes a [`Storage`],
//! which decides what it costs: [`Free`] for the executor, a meter for precompiles.
//!
//! ```text
//! let state  = ArbosState::open(arbos_version);
//! let params = state.programs().params(&mut Free(&mut access));   // Err is Infallible
//! ```

mod address_set;
mod address_table;
mod block_hashes;
mod l1_pricing;
mod l2_pricing;
mod merkle;
mod programs;
mod storage;

use alloy_primitives::{Address, B256, U256, address};

pub use address_set::AddressSet;
pub use address_table::AddressTable;
pub use block_hashes::BlockHashes;
pub use l1_pricing::{
    BATCH_POSTER, INITIAL_PRICE_PER_UNIT, L1_PRICER_FUNDS, L1Pricing, UNITS_PER_BYTE,
};
pub use l2_pricing::{
    BACKLOG_TOLERANCE, BLOCK_GAS_LIMIT, Constraint, Constraints, INERTIA, INITIAL_BASE_FEE,
    L2Pricing, SPEED_LIMIT, TX_GAS_LIMIT,
};
pub use merkle::{MerkleAccumulator, MerkleNode};
pub use programs::{
    ACTIVATION_EPOCH, DataPricer, Inactive, ProgramRecord, Programs, expiry_seconds,
    keepalive_seconds,
};
pub(crate) use storage::sure;
pub use storage::{Cell, Free, Space, StateAccess, Storage, StoredBytes, Word};
pub use stylus_vm::params::StylusParams;

/// The account whose storage is the ArbOS state.
pub const STATE_ADDRESS: Address = address!("A4B05FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");

/// The root region, its words laid out as `arbos_version` does.
#[derive(Clone, Copy, Debug)]
pub struct ArbosState {
    root: Space,
    arbos_version: u64,
}

macro_rules! root_cells {
    ($($(#[$doc:meta])* $name:ident: $kind:ty = $offset:literal;)*) => {
        $($(#[$doc])* pub fn $name(self) -> Cell<$kind> { self.root.cell($offset) })*
    };
}

impl ArbosState {
    /// The state as `arbos_version` sees it.
    pub fn open(arbos_version: u64) -> Self {
        Self {
            root: Space::ROOT,
            arbos_version,
        }
    }

    /// The state as the version stored in it sees it, at no charge.
    pub fn open_current(access: &mut dyn StateAccess) -> Self {
        let version = sure(Self::open(0).version().get(&mut Free(access)));
        Self::open(version)
    }

    /// The version this view was opened with.
    pub fn arbos_version(self) -> u64 {
        self.arbos_version
    }

    root_cells! {
        /// ArbOS version in force.
        version: u64 = 0;
        /// Version of the scheduled upgrade.
        upgrade_version: u64 = 1;
        /// Unix seconds from which the scheduled upgrade applies.
        upgrade_timestamp: u64 = 2;
        /// Who receives the compute share of fees.
        network_fee_account: Address = 3;
        /// Chain id.
        chain_id: U256 = 4;
        /// First block of the chain under ArbOS.
        genesis_block: u64 = 5;
        /// Who receives the infrastructure share of fees.
        infra_fee_account: Address = 6;
        /// Brotli level that the L1 charge compresses with.
        brotli_level: u64 = 7;
        /// Unix seconds from which native token owners may be set; 0 is never. From ArbOS 41 on.
        native_token_from: u64 = 8;
        /// Unix seconds from which transaction filterers may be set; 0 is never. From ArbOS 60 on.
        transaction_filtering_from: u64 = 9;
        /// Who receives the funds of filtered transactions. From ArbOS 60 on.
        filtered_funds_recipient: Address = 10;
        /// Whether tips are collected. From ArbOS 60 on.
        collect_tips: bool = 11;
    }

    /// L1 pricing.
    pub fn l1_pricing(self) -> L1Pricing {
        L1Pricing::open(self.root)
    }

    /// L2 pricing.
    pub fn l2_pricing(self) -> L2Pricing {
        L2Pricing::open(self.root)
    }

    /// Start and end of the retryables' timeout queue: the next key to put and the next to get.
    pub fn retryable_queue(self) -> [Cell<u64>; 2] {
        let queue = self.root.region(&[2]).region(&[0]);
        [queue.cell(0), queue.cell(1)]
    }

    /// Addresses by index.
    pub fn address_table(self) -> AddressTable {
        AddressTable(self.root.region(&[3]))
    }

    /// The chain owners.
    pub fn chain_owners(self) -> AddressSet {
        AddressSet(self.root.region(&[4]))
    }

    /// Messages to the parent chain.
    pub fn send_merkle(self) -> MerkleAccumulator {
        MerkleAccumulator(self.root.region(&[5]))
    }

    /// L1 block hashes.
    pub fn block_hashes(self) -> BlockHashes {
        BlockHashes(self.root.region(&[6]))
    }

    /// Chain configuration, as JSON.
    pub fn chain_config(self) -> StoredBytes {
        StoredBytes(self.root.region(&[7]))
    }

    /// Stylus programs.
    pub fn programs(self) -> Programs {
        Programs::open(self.root, self.arbos_version)
    }

    /// Switches of the chain owner, one bit each; bit 0 is the EIP-7623 calldata price.
    pub fn features(self) -> Cell<U256> {
        self.root.region(&[9]).cell(0)
    }

    /// Who may mint and burn the native token. From ArbOS 41 on.
    pub fn native_token_owners(self) -> AddressSet {
        AddressSet(self.root.region(&[10]))
    }

    /// Who may filter transactions. From ArbOS 60 on.
    pub fn transaction_filterers(self) -> AddressSet {
        AddressSet(self.root.region(&[11]))
    }
}

/// What the executor reads at no charge, in one place.
impl ArbosState {
    /// Prices and limits of programs.
    pub fn stylus_params(self, access: &mut dyn StateAccess) -> StylusParams {
        sure(self.programs().params(&mut Free(access)))
    }

    /// Record of the program with this code hash.
    pub fn program_record(self, access: &mut dyn StateAccess, code_hash: B256) -> ProgramRecord {
        sure(self.programs().record(&mut Free(access), code_hash))
    }

    /// Base fee in wei per gas.
    pub fn current_base_fee(self, access: &mut dyn StateAccess) -> U256 {
        sure(self.l2_pricing().base_fee().get(&mut Free(access)))
    }

    /// Smallest base fee in wei per gas.
    pub fn min_base_fee(self, access: &mut dyn StateAccess) -> U256 {
        sure(self.l2_pricing().min_base_fee().get(&mut Free(access)))
    }

    /// Compute gas one transaction may use; unlimited before ArbOS 50.
    pub fn tx_gas_limit(self, access: &mut dyn StateAccess) -> u64 {
        if self.arbos_version < 50 {
            return u64::MAX;
        }
        sure(self.l2_pricing().tx_gas_limit().get(&mut Free(access)))
    }

    /// Compute gas a block may hold.
    pub fn block_gas_limit(self, access: &mut dyn StateAccess) -> u64 {
        sure(self.l2_pricing().block_gas_limit().get(&mut Free(access)))
    }

    /// Wei per L1 gas unit; 0 switches the L1 charge off.
    pub fn l1_price_per_unit(self, access: &mut dyn StateAccess) -> U256 {
        sure(self.l1_pricing().price_per_unit().get(&mut Free(access)))
    }

    /// Brotli level that the L1 charge compresses with.
    pub fn brotli_compression_level(self, access: &mut dyn StateAccess) -> u64 {
        sure(self.brotli_level().get(&mut Free(access)))
    }

    /// Who receives the compute share of fees.
    pub fn network_fee_recipient(self, access: &mut dyn StateAccess) -> Address {
        sure(self.network_fee_account().get(&mut Free(access)))
    }

    /// Who receives the infrastructure share of fees; the zero address when nobody is named.
    pub fn infra_fee_recipient(self, access: &mut dyn StateAccess) -> Address {
        sure(self.infra_fee_account().get(&mut Free(access)))
    }

    /// Whether the sender's tip is charged; never before ArbOS 60.
    pub fn collects_tips(self, access: &mut dyn StateAccess) -> bool {
        self.arbos_version >= 60 && sure(self.collect_tips().get(&mut Free(access)))
    }

    /// Whether the EIP-7623 calldata floor applies; never before ArbOS 40.
    pub fn calldata_price_increased(self, access: &mut dyn StateAccess) -> bool {
        self.arbos_version >= 40 && sure(self.features().get(&mut Free(access))).bit(0)
    }

    /// Scheduled upgrade as (version, Unix seconds); a version not above the current one is past.
    pub fn scheduled_upgrade(self, access: &mut dyn StateAccess) -> (u64, u64) {
        let mut storage = Free(access);
        (
            sure(self.upgrade_version().get(&mut storage)),
            sure(self.upgrade_timestamp().get(&mut storage)),
        )
    }

    /// Number of messages to the parent chain and their Merkle root.
    pub fn sends(self, access: &mut dyn StateAccess) -> (u64, B256) {
        let mut storage = Free(access);
        (
            sure(self.send_merkle().size().get(&mut storage)),
            sure(self.send_merkle().root(&mut storage)),
        )
    }

    /// Adds a transaction's compute gas to the backlog.
    pub fn add_gas_used(self, access: &mut dyn StateAccess, gas: u64) {
        sure(self.l2_pricing().add_gas_used(&mut Free(access), gas));
    }

    /// Drains the backlog by `seconds` and sets the coming block's base fee.
    pub fn update_base_fee(self, access: &mut dyn StateAccess, seconds: u64) {
        sure(self.l2_pricing().start_block(&mut Free(access), seconds));
    }
}
