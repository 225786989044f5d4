//! The state a chain starts with.

mod ready_made;

use std::collections::BTreeMap;

use alloy_primitives::{Address, Bytes, U256, address};

pub use ready_made::{CACHE_MANAGER, CREATE2_FACTORY, MULTICALL3, STYLUS_DEPLOYER};

use crate::{
    precompiles::{STUB_CODE, precompiles},
    state::{
        ArbosState, Free, INITIAL_BASE_FEE, INITIAL_PRICE_PER_UNIT, STATE_ADDRESS, StateAccess,
        sure,
    },
    upgrades::{self, DEFAULT_VERSION, UpgradeHost},
    world::{Account, AccountDiff, Code, StateDiff},
};

/// Nitro's dev account; its key is public.
pub const DEV_ACCOUNT: Address = address!("3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E");
/// Wei that Nitro gives its dev account: 1,000 ETH.
pub const DEV_BALANCE: U256 = U256::from_limbs([0x35c9_adc5_dea0_0000, 0x36, 0, 0]);

/// What a chain is born with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenesisConfig {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// ArbOS version; every step up to it is taken.
    pub arbos_version: u64,
    /// Whether debug precompiles, and with them ArbOS 60, are allowed.
    pub debug_chain: bool,
    /// The first chain owner, as the chain configuration names it; the dev account is one too.
    pub chain_owner: Address,
    /// Funded accounts and their wei.
    pub accounts: Vec<(Address, U256)>,
    /// First and smallest base fee, wei per gas.
    pub base_fee: U256,
    /// Wei per L1 gas unit; 0 switches the L1 charge off.
    pub l1_price_per_unit: U256,
    /// Whether the usual set-up is done already, see [`GenesisConfig::ready_made`].
    pub ready_made: bool,
}

impl Default for GenesisConfig {
    /// Nitro's own dev chain before any set-up. The dev account is a chain owner from birth.
    fn default() -> Self {
        Self {
            chain_id: crate::host::ChainConfig::DEV_CHAIN_ID,
            arbos_version: DEFAULT_VERSION,
            debug_chain: true,
            chain_owner: Address::ZERO,
            accounts: vec![(DEV_ACCOUNT, DEV_BALANCE)],
            base_fee: U256::from(INITIAL_BASE_FEE),
            l1_price_per_unit: U256::from(INITIAL_PRICE_PER_UNIT),
            ready_made: false,
        }
    }
}

impl GenesisConfig {
    /// The dev chain with the usual set-up done: no L1 charge, the CREATE2 factory, a cache manager,
    /// the Stylus deployer and Multicall3 at their known addresses.
    pub fn ready_made() -> Self {
        Self {
            l1_price_per_unit: U256::ZERO,
            ready_made: true,
            ..Self::default()
        }
    }
}

/// Why a chain cannot be born.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenesisError {
    /// No such ArbOS version.
    #[error("ArbOS version {version} is not supported: choose 1 to {highest}")]
    UnsupportedVersion {
        /// What was asked for.
        version: u64,
        /// The highest there is for such a chain.
        highest: u64,
    },
    /// A base fee of zero would make every gas price infinite.
    #[error("the base fee must not be zero")]
    ZeroBaseFee,
}

/// One account of the first state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GenesisAccount {
    /// Wei.
    pub balance: U256,
    /// Transactions sent, or 1 for a contract.
    pub nonce: u64,
    /// Code.
    pub code: Bytes,
    /// Storage words other than zero.
    pub storage: BTreeMap<U256, U256>,
}

/// Every account of the first state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GenesisState {
    /// Accounts by address.
    pub accounts: BTreeMap<Address, GenesisAccount>,
}

impl GenesisState {
    /// Builds the first state.
    ///
    /// # Errors
    /// An ArbOS version that does not exist for such a chain, or a base fee of zero.
    pub fn new(config: &GenesisConfig) -> Result<Self, GenesisError> {
        let highest = upgrades::highest_version(config.debug_chain);
        if !(1..=highest).contains(&config.arbos_version) {
            return Err(GenesisError::UnsupportedVersion {
                version: config.arbos_version,
                highest,
            });
        }
        if config.base_fee.is_zero() {
            return Err(GenesisError::ZeroBaseFee);
        }
        let mut state = Self::default();
        for (address, balance) in &config.accounts {
            state.account(*address).balance = *balance;
        }
        state.account(STATE_ADDRESS).nonce = 1;
        for precompile in precompiles().filter(|it| it.since == 0) {
            state.account(precompile.address).code = Bytes::from_static(&STUB_CODE);
        }
        state.write_arbos(config);
        upgrades::apply(&mut state, 1, config.arbos_version);
        if config.ready_made {
            ready_made::install(&mut state, config.arbos_version);
        }
        Ok(state)
    }

    /// The account at `address`, made if it is not there.
    pub fn account(&mut self, address: Address) -> &mut GenesisAccount {
        self.accounts.entry(address).or_default()
    }

    /// The state as a change of an empty one, which is how the chain takes it in.
    pub fn into_diff(self) -> StateDiff {
        let accounts = self.accounts.into_iter().map(|(address, it)| {
            let code = Code::new(it.code);
            let diff = AccountDiff {
                account: Some(Account {
                    balance: it.balance,
                    nonce: it.nonce,
                    code_hash: code.hash(),
                }),
                code: (!code.is_empty()).then_some(code),
                wiped: false,
                storage: it.storage.into_iter().collect(),
            };
            (address, diff)
        });
        StateDiff {
            accounts: accounts.collect(),
        }
    }

    /// The ArbOS state of version 1; upgrades do the rest.
    fn write_arbos(&mut self, config: &GenesisConfig) {
        let arbos = ArbosState::open(1);
        let storage = &mut Free(self);
        sure(arbos.version().set(storage, 1));
        sure(arbos.chain_id().set(storage, U256::from(config.chain_id)));
        let chain_config = chain_config_json(config);
        sure(arbos.chain_config().set(storage, chain_config.as_bytes()));
        let l1 = arbos.l1_pricing();
        sure(l1.initialize(storage, config.chain_owner, config.l1_price_per_unit));
        sure(arbos.l2_pricing().initialize(storage, config.base_fee));
        for cursor in arbos.retryable_queue() {
            sure(cursor.set(storage, FIRST_QUEUE_KEY));
        }
        for owner in [config.chain_owner, DEV_ACCOUNT] {
            sure(arbos.chain_owners().add(storage, owner));
        }
    }
}

/// Keys 0 and 1 of a stored queue are its cursors.
const FIRST_QUEUE_KEY: u64 = 2;

/// The chain configuration as ArbOS keeps it: text, whose order of keys is part of the state.
fn chain_config_json(config: &GenesisConfig) -> String {
    let GenesisConfig {
        chain_id,
        arbos_version,
        debug_chain,
        chain_owner,
        ..
    } = config;
    format!(
        concat!(
            r#"{{"chainId":{chain_id},"homesteadBlock":0,"daoForkSupport":true,"eip150Block":0,"#,
            r#""eip155Block":0,"eip158Block":0,"byzantiumBlock":0,"constantinopleBlock":0,"#,
            r#""petersburgBlock":0,"istanbulBlock":0,"muirGlacierBlock":0,"berlinBlock":0,"#,
            r#""londonBlock":0,"arbitrum":{{"EnableArbOS":true,"AllowDebugPrecompiles":{debug_chain},"#,
            r#""DataAvailabilityCommittee":false,"InitialArbOSVersion":{arbos_version},"#,
            r#""InitialChainOwner":"{chain_owner:#x}","GenesisBlockNum":0}}}}"#,
        ),
        chain_id = chain_id,
        debug_chain = debug_chain,
        arbos_version = arbos_version,
        chain_owner = chain_owner,
    )
}

impl StateAccess for GenesisState {
    fn read(&mut self, slot: U256) -> U256 {
        self.account(STATE_ADDRESS).storage.read(slot)
    }

    fn write(&mut self, slot: U256, value: U256) {
        self.account(STATE_ADDRESS).storage.write(slot, value);
    }
}

impl UpgradeHost for GenesisState {
    fn balance(&mut self, address: Address) -> U256 {
        self.account(address).balance
    }

    fn set_contract(&mut self, address: Address, nonce: u64, code: Bytes) {
        let account = self.account(address);
        account.nonce = account.nonce.max(nonce);
        account.code = code;
    }
}

#[cfg(test)]
mod tests;
