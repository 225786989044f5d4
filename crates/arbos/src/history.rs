//! The history contract of EIP-2935 in Arbitrum's variant: keyed by L2 block number, which it asks
//! ArbSys for, in a ring of 393,168 slots.

use alloy_primitives::{Address, U256, address, hex};

/// Where the contract is.
pub const HISTORY_ADDRESS: Address = address!("0000F90827F1C53a10cb7A02335B175320002935");

/// Blocks whose hashes are kept.
pub const HISTORY_RING: u64 = 393_168;

/// First ArbOS version that has the contract.
pub const HISTORY_SINCE: u64 = 40;

/// The contract: calldata of one word asks for a block's hash and reverts outside of the ring; called
/// by the system address it stores the parent's hash. Assembled by hand, with `NUMBER` replaced by
/// `ArbSys.arbBlockNumber()`.
pub const HISTORY_CODE: [u8; 140] = hex!(
    "3373fffffffffffffffffffffffffffffffffffffffe1460625760203603605e5763a3b1b31d60e01b5f5260205f60045f"
    "60645afa15605e575f515f35600182038111605e576205ffd081830311605e576205ffd09006545f5260205ff35b5f5ffd"
    "5b63a3b1b31d60e01b5f5260205f60045f60645afa15605e575f515f35906205ffd09060019003065500"
);

/// Slot that holds the hash of the L2 block `number`.
pub fn history_slot(number: u64) -> U256 {
    U256::from(number % HISTORY_RING)
}
