//! What is typed about a timelock that owns the contracts.

use super::OwnerAct;
use crate::address::{parse as address, parse_or_nobody as nobody};
use alloy::primitives::{Address, B256};
use clap::Subcommand;

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct TimelockArgs {
    /// The timelock; by default who owns the contracts by the deployment record.
    #[arg(long, global = true, value_name = "ADDRESS", value_parser = address)]
    pub(crate) timelock: Option<Address>,
    #[command(subcommand)]
    pub(crate) command: TimelockCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum TimelockCommand {
    /// Announce an act of the owner. A proposer signs.
    Schedule {
        /// Seconds until it may be executed; by default the least that the timelock takes.
        #[arg(long, value_name = "SECONDS", global = true)]
        delay: Option<u64>,
        #[command(subcommand)]
        act: Act,
    },
    /// Carry out what was announced and has waited long enough. An executor signs.
    Execute {
        /// Id of the operation, as the list has it.
        id: B256,
    },
    /// Take back what was announced. A canceller signs.
    Cancel {
        /// Id of the operation, as the list has it.
        id: B256,
    },
    /// All that was ever announced, and how it stands.
    List,
}

/// What the owner can do.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Act {
    #[command(flatten)]
    Owner(OwnerAct),
    /// As the owner: register a gateway, or let a revoked one back.
    SetGateway {
        /// The gateway.
        #[arg(value_parser = address)]
        gateway: Address,
    },
    /// As the owner: stop a gateway.
    RevokeGateway {
        /// The gateway.
        #[arg(value_parser = address)]
        gateway: Address,
    },
    /// As the owner: name the gateway of all who never chose.
    SetDefaultGateway {
        /// A registered gateway, or `nobody`.
        #[arg(value_parser = nobody)]
        gateway: Address,
    },
    /// As the timelock itself: change its least delay.
    SetDelay {
        /// Seconds.
        seconds: u64,
    },
}
