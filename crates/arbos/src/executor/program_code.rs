//! From an account's code to a compiled program.

use alloy_primitives::B256;
use stylus_vm::{
    CompileConfig, Program,
    container::{self, Container, ContainerError},
    params::{INITIAL_MAX_WASM_SIZE, StylusParams},
};

use super::{context::Ctx, journal};

/// The program of this code, compiled now unless it is known already. The error is for people:
/// it means that an active program cannot be run by this node.
pub(crate) fn compiled(
    ctx: &mut Ctx<'_>,
    code_hash: B256,
    code: &[u8],
    params: &StylusParams,
) -> Result<Program, String> {
    if let Some(program) = ctx.chain.programs.get(code_hash) {
        return Ok(program);
    }
    let wasm = decompressed(ctx, code, params).map_err(|error| error.to_string())?;
    let config = CompileConfig {
        debug_chain: ctx.chain.chain.allow_debug_precompiles,
    };
    let program = Program::compile(&wasm, &config).map_err(|error| error.to_string())?;
    ctx.chain.programs.put(code_hash, program.clone());
    Ok(program)
}

fn decompressed(
    ctx: &mut Ctx<'_>,
    code: &[u8],
    params: &StylusParams,
) -> Result<Vec<u8>, ContainerError> {
    let arbos_version = ctx.chain.block.arbos_version;
    match container::decode(code, arbos_version)? {
        // A limit lowered after activation does not stop an active program.
        Container::Classic { dictionary, stream } => container::decompress(
            dictionary,
            stream,
            params.max_wasm_size.max(INITIAL_MAX_WASM_SIZE),
        ),
        Container::Root {
            dictionary,
            wasm_len,
            fragments,
        } => {
            let mut stream = Vec::new();
            for address in fragments {
                let (_, fragment) = journal::stored_code(ctx, address);
                match container::decode(fragment.original_byte_slice(), arbos_version)? {
                    Container::Fragment { payload } => stream.extend_from_slice(payload),
                    _ => return Err(ContainerError::MalformedRoot),
                }
            }
            container::decompress_exact(dictionary, &stream, wasm_len)
        }
        Container::Fragment { .. } => Err(ContainerError::NotStylus),
    }
}
