//! What is typed about a timelock that owns the contracts.

use super::vvv;
use crate::Amount;
use crate::address::{parse as address, parse_or_nobody as gateway};
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
    /// Who receives the yield fee.
    SetTreasury {
        /// The new treasury.
        #[arg(value_parser = address)]
        treasury: Address,
    },
    /// Who may pause minting and revoke gateways.
    SetGuardian {
        /// The new guardian, or `nobody`.
        #[arg(value_parser = gateway)]
        guardian: Address,
    },
    /// Register a gateway, or let a revoked one back.
    SetGateway {
        /// The gateway.
        #[arg(value_parser = address)]
        gateway: Address,
    },
    /// Stop a gateway.
    RevokeGateway {
        /// The gateway.
        #[arg(value_parser = address)]
        gateway: Address,
    },
    /// The gateway of all who never chose.
    SetDefaultGateway {
        /// A registered gateway, or `nobody`.
        #[arg(value_parser = gateway)]
        gateway: Address,
    },
    /// Let minting go on.
    UnpauseMint,
    /// VVV emitted per second.
    SetEmission {
        /// Such as 0.25VVV.
        #[arg(value_parser = vvv)]
        rate: Amount,
    },
    /// Take over sVVV and DIEM, whose ownership was offered to the timelock.
    AcceptOwnership,
    /// Offer sVVV and DIEM to another owner.
    TransferOwnership {
        /// The new owner, who has to accept.
        #[arg(value_parser = address)]
        owner: Address,
    },
    /// Leave sVVV and DIEM without an owner, for good.
    RenounceOwnership,
    /// The timelock's own least delay.
    SetDelay {
        /// Seconds.
        seconds: u64,
    },
}
