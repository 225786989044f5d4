//! A plain call.

use stylus_vm::RunInput;

/// Calls with some calldata and ink, at the newest ordinary version.
pub fn plain_input(calldata: &[u8], ink: u64) -> RunInput {
    RunInput {
        calldata: calldata.to_vec().into(),
        ink,
        ink_price: 10_000,
        max_stack_depth: 22_000,
        free_pages: 2,
        arbos_version: 51,
        is_static: false,
        tracing: true,
        debug_chain: false,
        max_code_size: 24_576,
        room: stylus_vm::Room::default(),
        env: Default::default(),
    }
}
