//! Measures activation, instantiation and execution on recorded programs.
//!
//! `cargo run --release -p stylus-vm --example measure -- vectors/stylus`
#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use alloy_primitives::Bytes;
use stylus_vm::{
    ActivationConfig, Answer, CompileConfig, Execution, Program, Request, RunEnv, RunInput, Step,
    activate,
};

const INK: u64 = 1 << 60;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn input(calldata: &[u8]) -> RunInput {
    RunInput {
        calldata: Bytes::copy_from_slice(calldata),
        ink: INK,
        ink_price: 10_000,
        max_stack_depth: 22_000,
        arbos_version: 51,
        is_static: false,
        tracing: false,
        debug_chain: false,
        max_code_size: 24_576,
        room: stylus_vm::Room::default(),
        free_pages: 2,
        env: RunEnv::default(),
    }
}

/// Time of one repetition.
fn time(times: u32, mut f: impl FnMut() -> Result<()>) -> Result<Duration> {
    let begun = Instant::now();
    for _ in 0..times {
        f()?;
    }
    Ok(begun.elapsed() / times)
}

/// Runs to the end with an empty state; returns the ink used.
fn run(program: &Program, calldata: &[u8]) -> Result<u64> {
    let mut execution = Execution::start(program, input(calldata))?;
    let mut answer = None;
    loop {
        match execution.run(answer.take()) {
            Step::Done(finished) => return Ok(INK - finished.ink_left),
            Step::Ask(Request::StorageLoad { .. }) => {
                answer = Some(Answer::Storage {
                    value: Default::default(),
                    gas: 100,
                });
            }
            Step::Ask(Request::StorageFlush { .. }) => {
                answer = Some(Answer::Flush {
                    gas: 100,
                    out_of_gas: false,
                });
            }
            Step::Ask(_) => answer = Some(Answer::Done),
        }
    }
}

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or("vectors/stylus".into()));
    let cfg = ActivationConfig {
        arbos_version: 51,
        stylus_version: 2,
        page_limit: 128,
        debug_chain: false,
    };
    println!(
        "{:<16} {:>12} {:>12} {:>12} {:>12}",
        "program", "activate", "compile", "start", "run"
    );
    for (name, calldata) in [
        ("nop_entry", vec![]),
        ("h_sload", vec![0; 32]),
        ("erc20_small", vec![0; 4]),
        ("erc20", vec![0; 4]),
        ("ledger", vec![0; 4]),
    ] {
        let wasm = std::fs::read(folder.join(name).with_extension("wasm"))?;
        let program = Program::compile(&wasm, &CompileConfig::default())?;
        let activation = time(10, || {
            activate(&wasm, &cfg, &mut (1 << 40))
                .map(drop)
                .map_err(Into::into)
        })?;
        let compile = time(10, || {
            Program::compile(&wasm, &CompileConfig::default())
                .map(drop)
                .map_err(Into::into)
        })?;
        let start = time(10_000, || {
            Execution::start(&program, input(&calldata))
                .map(drop)
                .map_err(Into::into)
        })?;
        let whole = time(10_000, || run(&program, &calldata).map(drop))?;
        println!("{name:<16} {activation:>12.1?} {compile:>12.1?} {start:>12.1?} {whole:>12.1?}");
    }
    println!(
        "\n{:<16} {:>12} {:>14} {:>12}",
        "program", "time", "ink", "Mgas/s"
    );
    for (name, argument) in [
        ("calc_fib", 5_000_000u32),
        ("calc_collatz", 837_799),
        ("calc_sieve", 60_000),
        ("calc_sort", 2_000),
        ("recurse", 4_000),
    ] {
        let wasm = std::fs::read(folder.join(name).with_extension("wasm"))?;
        let program = Program::compile(&wasm, &CompileConfig::default())?;
        let mut ink = 0;
        let each = time(3, || {
            ink = run(&program, &argument.to_le_bytes())?;
            Ok(())
        })?;
        let rate = ink as f64 / 10_000.0 / each.as_secs_f64() / 1e6;
        println!("{name:<16} {each:>12.1?} {ink:>14} {rate:>12.1}");
    }
    Ok(())
}
