//! What Nitro reads for every transaction, whatever it does: `prestateTracer` shows it.

use alloy_primitives::{Address, U256, address, uint};

use crate::{
    history::HISTORY_ADDRESS,
    state::{L1_PRICER_FUNDS, STATE_ADDRESS},
};

/// Accounts.
pub(super) const ACCOUNTS: [Address; 5] = [
    address!("0000000000000000000000000000000000000071"),
    address!("0000000000000000000000000000000000000072"),
    HISTORY_ADDRESS,
    L1_PRICER_FUNDS,
    STATE_ADDRESS,
];

/// Pages of the ArbOS state and the offsets in them. The first is that of the root.
const SLOTS: [(U256, &[u64]); 5] = uint!([
    (
        0x15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b400_U256,
        &[0x00, 0x03, 0x06, 0x07]
    ),
    (
        0x52232757544c763eb1c1511dc67b97f352c88a089b72a204b89e1c66fc278300_U256,
        &[0x00]
    ),
    (
        0xa9f6f085d78d1d37c5819e5c16c9e03198bd14e08cd1f6f8191bc6207b9e9700_U256,
        &[0x06, 0x07, 0x0b]
    ),
    (
        0xe54de2a4cdacc0a0059d2b6e16348103df8c4aff409c31e40ec73d11926c8200_U256,
        &[0x04, 0x07]
    ),
    (
        0xefc8dd7022cc6868c21a903d9f02794bd02dbc621457d359f75e9f68bc7b1100_U256,
        &[0x00]
    ),
]);

/// Those that came with ArbOS 60.
const SLOTS_SINCE_60: [(U256, &[u64]); 4] = uint!([
    (
        0x15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b400_U256,
        &[0x0b]
    ),
    (
        0x4435123381a70ae3365e09672400c124cd8b8178f0e9850b3f4f2734c36f8700_U256,
        &[0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11]
    ),
    (
        0x8f7aed2cb8940fe010e349f7f79e53dbe1135ed2431e82b0c90a85943c425700_U256,
        &[0x00]
    ),
    (
        0xe54de2a4cdacc0a0059d2b6e16348103df8c4aff409c31e40ec73d11926c8200_U256,
        &[0x02]
    ),
]);

/// Slots of the ArbOS state.
pub(super) fn slots(arbos_version: u64) -> impl Iterator<Item = U256> {
    let newer = SLOTS_SINCE_60.iter().filter(move |_| arbos_version >= 60);
    let pages = SLOTS.iter().chain(newer);
    pages.flat_map(|(page, offsets)| offsets.iter().map(|offset| *page | U256::from(*offset)))
}
