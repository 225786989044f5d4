//! Contracts that tools expect, written into the first state.

use alloy_primitives::{Address, Bytes, U256, address, hex};

use super::GenesisState;
use crate::state::{ArbosState, Free, sure};

/// The CREATE2 factory that answers at the same address on every chain.
pub const CREATE2_FACTORY: Address = address!("4e59b44847b379578588920ca78fbf26c0b4956c");
/// Deploys, activates and initialises programs in one transaction.
pub const STYLUS_DEPLOYER: Address = address!("cEcba2F1DC234f70Dd89F2041029807F8D03A990");
/// Sells places in the program cache.
pub const CACHE_MANAGER: Address = address!("2F8Bd4EaB69764c105aDd7dE7CB0402557a44E6f");
/// Performs many calls in one; client libraries call it at this address on every chain.
pub const MULTICALL3: Address = address!("cA11bde05977b3631167028862bE2a173976CA11");

/// Account that publishes the CREATE2 factory with its only transaction.
const FACTORY_PUBLISHER: Address = address!("3fab184622dc19b6109349b94811493bf2a45362");
const FACTORY_CODE: [u8; 69] = hex!(
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234"
    "f58015156039578182fd5b8082525050506014600cf3"
);

/// Lengths of the official contracts, which tools check. Ours are shorter; zeros fill them up.
const DEPLOYER_LEN: usize = 2_269;
const CACHE_MANAGER_LEN: usize = 7_452;

const DEPLOYER_HEX: &[u8] = include_bytes!("../../contracts/StylusDeployer.hex");
const CACHE_MANAGER_HEX: &[u8] = include_bytes!("../../contracts/CacheManager.hex");
static DEPLOYER_CODE: [u8; DEPLOYER_LEN] = padded::<{ DEPLOYER_HEX.len() / 2 }, _>(DEPLOYER_HEX);
static CACHE_MANAGER_CODE: [u8; CACHE_MANAGER_LEN] =
    padded::<{ CACHE_MANAGER_HEX.len() / 2 }, _>(CACHE_MANAGER_HEX);
const MULTICALL3_HEX: &[u8] = include_bytes!("../../contracts/Multicall3.hex");
const MULTICALL3_LEN: usize = MULTICALL3_HEX.len() / 2;
static MULTICALL3_CODE: [u8; MULTICALL3_LEN] = padded::<MULTICALL3_LEN, _>(MULTICALL3_HEX);

/// Slot of the cache manager's sizes: size in the lowest 64 bits, then bytes taken, decay, pause.
const SIZES_SLOT: U256 = U256::from_limbs([1, 0, 0, 0]);
/// Bytes the cache holds: 512 MiB. Bids do not decay.
const CACHE_SIZE: u64 = 512 * 1_024 * 1_024;

/// Installs the contracts and registers the cache manager.
pub(super) fn install(state: &mut GenesisState, arbos_version: u64) {
    state.account(FACTORY_PUBLISHER).nonce = 1;
    contract(state, CREATE2_FACTORY, &FACTORY_CODE);
    contract(state, STYLUS_DEPLOYER, &DEPLOYER_CODE);
    contract(state, CACHE_MANAGER, &CACHE_MANAGER_CODE);
    contract(state, MULTICALL3, &MULTICALL3_CODE);
    let sizes = &mut state.account(CACHE_MANAGER).storage;
    sizes.insert(SIZES_SLOT, U256::from(CACHE_SIZE));

    let arbos = ArbosState::open(arbos_version);
    let storage = &mut Free(state);
    sure(
        arbos
            .programs()
            .cache_managers()
            .add(storage, CACHE_MANAGER),
    );
}

fn contract(state: &mut GenesisState, address: Address, code: &'static [u8]) {
    let account = state.account(address);
    account.nonce = 1;
    account.code = Bytes::from_static(code);
}

/// Decodes while compiling, so that a damaged file is a build error.
const fn padded<const LEN: usize, const TO: usize>(text: &[u8]) -> [u8; TO] {
    let code = match hex::const_decode_to_array::<LEN>(text) {
        Ok(code) => code,
        Err(_) => panic!("not hex"),
    };
    let mut padded = [0; TO];
    let mut at = 0;
    while at < LEN {
        padded[at] = code[at];
        at += 1;
    }
    padded
}
