//! The CREATE2 factory that answers at the same address on nearly every chain: calldata is a salt
//! of 32 bytes and creation code, the answer the 20 bytes of the new address.

use alloy_primitives::{Address, address};

/// Where it is.
pub const CREATE2_FACTORY: Address = address!("4e59b44847b379578588920cA78FbF26c0B4956C");
/// Who puts it there, with a transaction that was signed once for all chains.
pub const CREATE2_PUBLISHER: Address = address!("3fab184622dc19b6109349b94811493bf2a45362");
