//! How fast programs are compiled, started and run: a line of figures for each on stdout.
//!
//! `cargo run --release -p stylus-vm --example engine [MODULE.wasm]`; the module is one that
//! answers `balanceOf(address)`, such as `target/wasm/diem.wasm`.
#![allow(clippy::print_stdout, reason = "the answer of a command")]

use std::error::Error;
use std::time::{Duration, Instant};

use alloy_primitives::{B256, Bytes};
use stylus_vm::{
    ActivationConfig, Answer, CompileConfig, Execution, Outcome, Program, Request, RunInput, Step,
    activate,
};

/// Rounds of the mix.
const ROUNDS: u32 = 3_000_000;
/// Gas enough for anything here, in ink.
const INK: u64 = 1 << 50;
/// How often each thing is measured; the least and the middle are said.
const TIMES: usize = 15;
/// Calls in one measurement of a start.
const STARTS: u32 = 2_000;

/// A 64-bit finaliser, chained: as many rounds as the calldata says.
const MIX: &str = r#"(module
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32) (local $n i32) (local $x i64)
        (call $read_args (i32.const 0))
        (local.set $n (i32.load (i32.const 0)))
        (local.set $x (i64.const 0x9e3779b97f4a7c15))
        (loop $again
            (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 33))))
            (local.set $x (i64.mul (local.get $x) (i64.const 0xff51afd7ed558ccd)))
            (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 29))))
            (local.set $x (i64.add (local.get $x) (i64.extend_i32_u (local.get $n))))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (i64.store (i32.const 0) (local.get $x))
        (call $write_result (i32.const 0) (i32.const 8))
        (i32.const 0)))"#;

fn main() -> Result<(), Box<dyn Error>> {
    let mix = program(&wat::parse_str(MIX)?)?;
    let rounds = Bytes::copy_from_slice(&ROUNDS.to_le_bytes());
    say(
        "first mix of 3,000,000 rounds",
        &[timed(|| run(&mix, rounds.clone()))?],
    );
    std::thread::sleep(Duration::from_secs(2)); // whatever is better compiled meanwhile
    let mut times = Vec::new();
    for _ in 0..TIMES {
        times.push(timed(|| run(&mix, rounds.clone()))?);
    }
    say("mix of 3,000,000 rounds", &times);

    let Some(path) = std::env::args().nth(1) else {
        return Ok(());
    };
    let wasm = std::fs::read(path)?;
    let mut times = Vec::new();
    for _ in 0..TIMES {
        times.push(timed(|| program(&wasm).map(drop))?);
    }
    say("compiling the module", &times);
    let mut times = Vec::new();
    for _ in 0..TIMES {
        times.push(timed(|| {
            activate(&wasm, &rules(), &mut (1 << 40))?;
            Ok(())
        })?);
    }
    say("activating the module", &times);
    let token = program(&wasm)?;
    let mut ask = vec![0x70, 0xa0, 0x82, 0x31];
    ask.extend_from_slice(B256::with_last_byte(7).as_slice());
    let ask = Bytes::from(ask);
    say("first balanceOf", &[timed(|| run(&token, ask.clone()))?]);
    for _ in 0..STARTS {
        run(&token, ask.clone())?;
    }
    std::thread::sleep(Duration::from_secs(2));
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let many = timed(|| (0..STARTS).try_for_each(|_| run(&token, ask.clone())))?;
        times.push(many / STARTS);
    }
    say("balanceOf", &times);
    Ok(())
}

fn rules() -> ActivationConfig {
    ActivationConfig {
        arbos_version: 51,
        stylus_version: 2,
        page_limit: 128,
        debug_chain: false,
    }
}

fn program(wasm: &[u8]) -> Result<Program, Box<dyn Error>> {
    Ok(Program::compile(wasm, &CompileConfig::default())?)
}

/// Runs a program on empty storage.
fn run(program: &Program, calldata: Bytes) -> Result<(), Box<dyn Error>> {
    let input = RunInput {
        calldata,
        ink: INK,
        ink_price: 10_000,
        max_stack_depth: 22_000,
        free_pages: 2,
        arbos_version: 51,
        is_static: false,
        tracing: false,
        debug_chain: false,
        max_code_size: 24_576,
        room: stylus_vm::Room::default(),
        env: Default::default(),
    };
    let mut execution = Execution::start(program, input)?;
    let mut answer = None;
    loop {
        match execution.run(answer.take()) {
            Step::Ask(Request::StorageLoad { .. }) => {
                answer = Some(Answer::Storage {
                    value: B256::ZERO,
                    gas: 2_100,
                });
            }
            Step::Ask(Request::AddPages { .. }) => answer = Some(Answer::Gas(0)),
            Step::Ask(_) => answer = Some(Answer::Done),
            Step::Done(finished) if finished.outcome == Outcome::Success => return Ok(()),
            Step::Done(finished) => return Err(format!("{finished:?}").into()),
        }
    }
}

fn timed(act: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let since = Instant::now();
    act()?;
    Ok(since.elapsed())
}

fn say(what: &str, times: &[Duration]) {
    let mut times = times.to_vec();
    times.sort_unstable();
    let (Some(least), Some(middle)) = (times.first(), times.get(times.len() / 2)) else {
        return;
    };
    println!("{what}: least {least:?}, middle {middle:?}");
}
