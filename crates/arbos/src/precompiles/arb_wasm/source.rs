//! From an account's code to the WebAssembly it holds.

use alloy_primitives::{Address, Bytes};
use stylus_vm::{
    container::{self, Container, ContainerError},
    params::StylusParams,
};

use super::ArbWasm::ProgramNotWasm;
use crate::{
    gas_price::{COLD_ACCOUNT, WARM_ACCOUNT, copy_gas},
    precompiles::{Context, Failure},
    state::Storage,
};

/// From this version on code that is not Stylus is refused with an ABI error.
const TYPED_NOT_WASM: u64 = 60;

/// The module held by `program`, decompressed. Fragments of a root are charged for.
pub(super) fn module(
    context: &mut Context<'_>,
    program: Address,
    params: &StylusParams,
) -> Result<Vec<u8>, Failure> {
    let code = context.host.code(program);
    if code.is_empty() {
        return Err(Failure::solidity(ProgramNotWasm {}));
    }
    let version = context.arbos_version();
    let container = match container::decode(&code, version) {
        Err(ContainerError::NotStylus) if version >= TYPED_NOT_WASM => {
            return Err(Failure::solidity(ProgramNotWasm {}));
        }
        decoded => decoded.map_err(refused)?,
    };
    match container {
        Container::Classic { dictionary, stream } => {
            container::decompress(dictionary, stream, params.max_wasm_size).map_err(refused)
        }
        Container::Fragment { .. } => {
            Err(Failure::internal("a fragment is not a program by itself"))
        }
        Container::Root {
            dictionary,
            wasm_len,
            fragments,
        } => {
            if wasm_len > params.max_wasm_size {
                return Err(Failure::internal("module larger than allowed"));
            }
            if fragments.len() > usize::from(params.max_fragment_count) {
                return Err(Failure::internal("more fragments than allowed"));
            }
            let stream = joined(context, &fragments)?;
            container::decompress_exact(dictionary, &stream, wasm_len).map_err(refused)
        }
    }
}

/// The payloads of all fragments, each paid for like an account access and a copy of its code.
fn joined(context: &mut Context<'_>, fragments: &[Address]) -> Result<Vec<u8>, Failure> {
    let longest = context.host.chain().max_code_size;
    let mut stream = Vec::new();
    for fragment in fragments {
        let access = if context.host.warm(*fragment) {
            COLD_ACCOUNT
        } else {
            WARM_ACCOUNT
        };
        if context.gas_left() < access + copy_gas(longest) {
            return Err(context.burn_out());
        }
        let code: Bytes = context.host.code(*fragment);
        context.burn(access + copy_gas(code.len()))?;
        match container::decode(&code, context.arbos_version()) {
            Ok(Container::Fragment { payload }) => stream.extend_from_slice(payload),
            _ => return Err(Failure::internal("not a fragment")),
        }
    }
    Ok(stream)
}

fn refused(error: ContainerError) -> Failure {
    Failure::internal(error.to_string())
}
