//! The ghost: the whole protocol in plain Rust, predicting every return value, event, error and view.
//!
//! Written from the specification, not from the contracts; it shares only the curve with them. Times are
//! seconds, amounts WAD, indexes 1e36, credits dollars in WAD.

mod account;
mod apply;
mod credits;
mod gateways;
mod invariants;
mod leases;
mod line;
mod minting;
mod ownership;
mod staking;
mod token;
mod views;

pub use account::{Account, Lease};
pub use gateways::{Gateways, MOST_GATEWAYS};
pub use line::{Choice, Day, Line};
pub use ownership::Ownership;
pub use staking::MAX_STAKED;

use crate::action::{Owned, Token};
use alloy::sol_types::{SolError, SolEvent};
use alloy_primitives::{Address, Bytes, Log, U256};
use diem_math::Curve;
use std::collections::BTreeMap;

/// Scale of the reward index: 1e36.
pub const INDEX_SCALE: U256 =
    U256::from_limbs([0xb34b_9f10_0000_0000, 0x00c0_97ce_7bc9_0715, 0, 0]);
/// sVVV cooldown: 7 days.
pub const VVV_COOLDOWN: u64 = 7 * DAY;
/// DIEM cooldown: 1 day.
pub const DIEM_COOLDOWN: u64 = DAY;
/// One epoch.
pub const DAY: u64 = 86_400;
/// Longest lease.
pub const MAX_LEASE_EPOCHS: u32 = 365;
/// 1e18.
pub const WAD: u128 = 1_000_000_000_000_000_000;

/// Addresses that appear in events and views.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "names")]
pub struct Contracts {
    pub vvv: Address,
    pub s_vvv: Address,
    pub diem: Address,
}

impl Contracts {
    /// Where a token is.
    pub fn token(&self, token: Token) -> Address {
        match token {
            Token::Vvv => self.vvv,
            Token::SVvv => self.s_vvv,
            Token::Diem => self.diem,
        }
    }

    /// Where a contract with an owner is.
    pub fn owned(&self, of: Owned) -> Address {
        match of {
            Owned::SVvv => self.s_vvv,
            Owned::Diem => self.diem,
        }
    }
}

/// Everything the three contracts know.
#[derive(Clone, Debug)]
pub struct Model {
    /// Where the contracts live.
    pub contracts: Contracts,
    /// EIP-155 id of the chain, for permits.
    pub chain_id: u64,
    /// Timestamp of the block that is being executed, or of the latest one.
    pub now: u64,
    /// Every account that was ever touched.
    pub accounts: BTreeMap<Address, Account>,
    /// Gross reward index at `accrued_at`.
    pub index: U256,
    /// When the index was last brought up to date.
    pub accrued_at: u64,
    /// VVV wei per second.
    pub emission_rate: U256,
    /// The highest that this can ever be.
    pub max_emission_rate: U256,
    /// VVV ever funded.
    pub funded: U256,
    /// VVV left for emissions, as of `accrued_at`.
    pub reserve: U256,
    /// Gross yield of locked sVVV as of `accrued_at`, scaled by 1e36.
    pub locked_yield_scaled: U256,
    /// VVV paid from it.
    pub locked_yield_paid: U256,
    /// Fees paid to the treasury.
    pub fees_collected: U256,
    /// Leases by id, open ones only.
    pub leases: BTreeMap<U256, Lease>,
    /// The id that the next lease gets.
    pub next_lease: U256,
    /// Inference providers, and who of them serves lines that never chose.
    pub gateways: Gateways,
    /// Receiver of fees.
    pub treasury: Address,
    /// May pause.
    pub guardian: Address,
    /// Who owns sVVV, and who may accept that.
    pub s_vvv_owner: Ownership,
    /// The same for DIEM.
    pub diem_owner: Ownership,
    /// Allowances by token, owner and spender; the largest never runs down.
    pub allowances: BTreeMap<(Token, Address, Address), U256>,
    /// Numbers of the next permits.
    pub nonces: BTreeMap<(Token, Address), u64>,
    /// Whether minting is paused.
    pub paused: bool,
    curve: Curve,
    logs: Vec<Log>,
}

/// Parameters of the constructors.
#[derive(Clone, Copy, Debug)]
pub struct Parameters {
    /// Owner of both contracts.
    pub owner: Address,
    /// Receiver of the yield fee.
    pub treasury: Address,
    /// VVV wei per second.
    pub emission_rate: U256,
    /// The highest that this can ever be.
    pub max_emission_rate: U256,
    /// sVVV per DIEM at supply zero, WAD.
    pub base_rate: U256,
    /// DIEM, WAD.
    pub target_supply: U256,
}

/// What a transaction does when it succeeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// ABI-encoded return value.
    pub returned: Bytes,
    /// All logs of the three contracts, in order.
    pub logs: Vec<Log>,
}

/// Revert data of a refused transaction.
pub type Refused = Bytes;

/// Success, or the revert data.
pub type Outcome<T = ()> = Result<T, Refused>;

impl Model {
    /// The state right after deployment and wiring.
    ///
    /// # Panics
    /// When the curve refuses the parameters.
    pub fn new(contracts: Contracts, parameters: &Parameters, deployed_at: u64) -> Self {
        Self {
            contracts,
            chain_id: 0,
            now: deployed_at,
            accounts: BTreeMap::new(),
            index: U256::ZERO,
            accrued_at: deployed_at,
            emission_rate: parameters.emission_rate,
            max_emission_rate: parameters.max_emission_rate,
            funded: U256::ZERO,
            reserve: U256::ZERO,
            locked_yield_scaled: U256::ZERO,
            locked_yield_paid: U256::ZERO,
            fees_collected: U256::ZERO,
            leases: BTreeMap::new(),
            next_lease: U256::ONE,
            gateways: Gateways::default(),
            treasury: parameters.treasury,
            guardian: Address::ZERO,
            s_vvv_owner: Ownership::of(parameters.owner),
            diem_owner: Ownership::of(parameters.owner),
            allowances: BTreeMap::new(),
            nonces: BTreeMap::new(),
            paused: false,
            curve: Curve::new(parameters.base_rate, parameters.target_supply)
                .expect("the curve takes the deployment's parameters"),
            logs: Vec::new(),
        }
    }

    /// An account as it stands; empty when it was never touched.
    pub fn account(&self, address: Address) -> Account {
        self.accounts.get(&address).cloned().unwrap_or_default()
    }

    fn account_mut(&mut self, address: Address) -> &mut Account {
        self.accounts.entry(address).or_default()
    }

    /// Today.
    pub fn epoch(&self) -> u64 {
        self.now / DAY
    }

    /// Sum of one amount over all accounts.
    pub fn total(&self, amount: impl Fn(&Account) -> U256) -> U256 {
        self.accounts.values().map(amount).sum()
    }

    /// DIEM at which the curve ends.
    pub fn supply_cap(&self) -> U256 {
        self.curve.supply_cap()
    }

    /// All sVVV.
    pub fn staked(&self) -> U256 {
        self.total(|account| account.free + account.locked)
    }

    /// All locked sVVV.
    pub fn locked(&self) -> U256 {
        self.total(|account| account.locked)
    }

    /// All DIEM.
    pub fn diem_supply(&self) -> U256 {
        self.total(|account| account.outstanding)
    }

    fn log(&mut self, address: Address, event: &impl SolEvent) {
        self.logs.push(Log {
            address,
            data: event.encode_log_data(),
        });
    }

    fn log_vvv(&mut self, event: &impl SolEvent) {
        self.log(self.contracts.vvv, event);
    }

    fn log_s_vvv(&mut self, event: &impl SolEvent) {
        self.log(self.contracts.s_vvv, event);
    }

    fn log_diem(&mut self, event: &impl SolEvent) {
        self.log(self.contracts.diem, event);
    }
}

/// Refuses with one named error.
fn refuse<T>(error: &impl SolError) -> Outcome<T> {
    Err(error.abi_encode().into())
}
