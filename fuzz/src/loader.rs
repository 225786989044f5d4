//! The program loader: arbitrary bytes as an account's code, as a module, or as the choices of a
//! generator of modules.

use arbitrary::Unstructured;
use stylus_vm::container::{self, ARBOS_FRAGMENTS, Container};
use stylus_vm::{ActivationConfig, CompileConfig, Execution, Program, RunInput, Step, activate};

use crate::{modules, transition::Transition};

/// Gas for activation: more than any module of permitted size needs.
const ACTIVATION_GAS: u64 = 1 << 40;
/// Largest module in bytes, as `ArbOwner.setWasmMaxSize` starts out.
const MAX_WASM: u32 = 128 * 1024;
/// Ink of a run: some thousand instructions and a few state accesses.
const RUN_INK: u64 = 60_000_000;
/// Requests one run may make; the ink above ends it long before.
const MAX_REQUESTS: usize = 10_000;
/// Words of stack, as chains start out.
const MAX_STACK_DEPTH: u32 = 22_000;
/// ArbOS versions with different rules, and the Stylus version that goes with each.
const VERSIONS: [(u64, u16); 3] = [(31, 1), (51, 2), (60, 2)];
/// First bytes of Stylus code.
const STYLUS_CODE: [u8; 2] = [0xef, 0xf0];
/// First bytes of a module.
const MODULE: &[u8] = b"\0asm";

/// Treats `input` by its first bytes, so that recorded modules are seeds as they are.
pub fn load(input: &[u8]) {
    if input.starts_with(&STYLUS_CODE) {
        if let Some(wasm) = unpack(input) {
            exercise(&wasm);
        }
    } else if input.starts_with(MODULE) {
        exercise(input);
    } else if let Ok(wasm) = modules::generate(&mut Unstructured::new(input)) {
        exercise(&wasm);
    }
}

/// The module in an account's code. A root stands for itself: its list is the stream.
fn unpack(code: &[u8]) -> Option<Vec<u8>> {
    match container::decode(code, ARBOS_FRAGMENTS).ok()? {
        Container::Classic { dictionary, stream } => {
            let wasm = container::decompress(dictionary, stream, MAX_WASM).ok()?;
            assert!(wasm.len() <= MAX_WASM as usize, "decompressed past the cap");
            Some(wasm)
        }
        Container::Fragment { payload } => {
            let wasm = container::decompress(0, payload, MAX_WASM).ok()?;
            assert!(wasm.len() <= MAX_WASM as usize, "decompressed past the cap");
            Some(wasm)
        }
        Container::Root {
            dictionary,
            wasm_len,
            fragments,
        } => {
            let stream = fragments.concat();
            let wasm_len = wasm_len.min(MAX_WASM);
            let wasm = container::decompress_exact(dictionary, &stream, wasm_len).ok()?;
            assert_eq!(wasm.len(), wasm_len as usize);
            Some(wasm)
        }
    }
}

/// Activates under all rules and runs what is accepted.
fn exercise(wasm: &[u8]) {
    let mut accepted = Vec::new();
    for (arbos_version, stylus_version) in VERSIONS {
        for debug_chain in [false, true] {
            let config = ActivationConfig {
                arbos_version,
                stylus_version,
                page_limit: 128,
                debug_chain,
            };
            let mut gas = ACTIVATION_GAS;
            let result = activate(wasm, &config, &mut gas);
            assert!(gas <= ACTIVATION_GAS, "activation gave gas away");
            let Ok(activation) = result else {
                continue;
            };
            assert!(gas < ACTIVATION_GAS, "activation was free");
            assert_eq!(activation.program.footprint(), activation.footprint);
            accepted.push((config, activation));
        }
    }
    let Some((config, activation)) = accepted.pop() else {
        return;
    };
    // What was activated once must start ever after.
    let compile = CompileConfig {
        debug_chain: config.debug_chain,
    };
    let again = Program::compile(wasm, &compile);
    assert!(again.is_ok(), "activated, then refused: {again:?}");
    run(&activation.program, &config, wasm);
}

/// Runs a program to its end, with calldata and answers taken from its own bytes.
fn run(program: &Program, config: &ActivationConfig, wasm: &[u8]) {
    let calldata = wasm[wasm.len() - wasm.len().min(64)..].to_vec();
    let input = RunInput {
        calldata: calldata.into(),
        ink: RUN_INK,
        ink_price: 10_000,
        max_stack_depth: MAX_STACK_DEPTH,
        free_pages: 2,
        arbos_version: config.arbos_version,
        is_static: wasm.len().is_multiple_of(7),
        tracing: true,
        debug_chain: config.debug_chain,
        max_code_size: 24_576,
        room: stylus_vm::Room::default(),
        env: Default::default(),
    };
    let mut execution = match Execution::start(program, input) {
        Ok(execution) => execution,
        Err(error) => panic!("activated, but does not start: {error}"),
    };
    let mut transition = Transition::default();
    let mut answer = None;
    for _ in 0..MAX_REQUESTS {
        match execution.run(answer.take()) {
            Step::Ask(request) => answer = Some(transition.answer(request)),
            Step::Done(finished) => {
                assert!(finished.ink_left <= RUN_INK, "the run gave ink away");
                return;
            }
        }
    }
    panic!("{MAX_REQUESTS} requests for {RUN_INK} ink");
}
