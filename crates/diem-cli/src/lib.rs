//! The `diem` command as a library: scripts and tests deploy through the same code that
//! users run.
//!
//! Rooms: `args` is what was typed and [`settings`] what was made of it; [`chain`] is the
//! only one that talks to a node, `inference` to a gateway; `wallet` is where keys come from and
//! `sending` what becomes of transactions; [`deploy`] and [`tour`] are the two long commands, the
//! short ones live in `commands`; [`output`] and [`failure`] are all that a user sees.

mod address;
mod advice;
mod amount;
mod args;
pub mod chain;
mod commands;
pub mod deploy;
pub mod deployment;
mod endpoint;
pub mod failure;
#[cfg(test)]
mod fuzz;
mod inference;
mod interrupt;
mod manual;
pub mod monitor;
pub mod networks;
pub mod output;
pub mod program;
mod progress;
mod report;
mod sending;
pub mod settings;
mod timelock;
mod told;
pub mod tour;
mod upkeep;
pub mod verify;
mod wallet;

pub use amount::{Amount, Token, show};
pub use args::{Args, refuse_secrets};
pub use failure::{Failure, Result};
pub use manual::command;

/// Runs one command to its end.
///
/// # Errors
/// Everything that stopped it, ready to be shown.
pub async fn run(args: Args) -> Result<()> {
    commands::run(args).await
}
