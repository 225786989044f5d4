//! Loads a node and says how it bore it: one line of JSON on stdout. `scripts/bench-node` runs it
//! against this node and anvil.
//!
//! Everything is prepared before the clock starts (keys, signatures, request bodies), and the
//! connections are kept open, so that what is measured is the node.
#![allow(clippy::print_stdout, reason = "the answer of a command")]

mod calls;
mod door;
mod ready;
mod transfers;

use std::error::Error;

use clap::{Parser, Subcommand};

/// What the commands fail with: the first thing that went wrong, in words.
type Failure = Box<dyn Error + Send + Sync>;

/// Measures a JSON-RPC node.
#[derive(Debug, Parser)]
#[command(name = "load")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Time from starting a program to its first answer
    Ready(ready::Args),
    /// Token transfers per second
    Transfers(transfers::Args),
    /// `eth_call` per second, and how long one takes
    Calls(calls::Args),
}

fn main() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let answer = match Args::parse().command {
        Command::Ready(args) => ready::run(&args)?,
        Command::Transfers(args) => runtime.block_on(transfers::run(args))?,
        Command::Calls(args) => runtime.block_on(calls::run(args))?,
    };
    println!("{answer}");
    Ok(())
}
