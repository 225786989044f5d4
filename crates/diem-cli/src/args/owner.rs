//! What is typed about the acts of who owns the contracts: signed by the owner itself, or
//! announced on a timelock that is the owner.

use super::vvv;
use crate::Amount;
use crate::address::{parse as address, parse_or_nobody as nobody};
use alloy::primitives::Address;
use clap::Subcommand;

/// What the owner can do, but for gateways.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum OwnerAct {
    /// As the owner: send the yield fee to another account.
    SetTreasury {
        /// The new treasury.
        #[arg(value_parser = address)]
        treasury: Address,
    },
    /// As the owner: say who may pause minting and revoke gateways.
    SetGuardian {
        /// The new guardian, or `nobody`.
        #[arg(value_parser = nobody)]
        guardian: Address,
    },
    /// As the owner: let minting go on.
    #[command(visible_alias = "unpause")]
    UnpauseMint,
    /// As the owner: emit so much VVV per second.
    SetEmission {
        /// Such as 0.25VVV.
        #[arg(value_parser = vvv)]
        rate: Amount,
    },
    /// As who was offered it: take over sVVV and DIEM.
    AcceptOwnership,
    /// As the owner: offer sVVV and DIEM to another owner.
    TransferOwnership {
        /// The new owner, who has to accept.
        #[arg(value_parser = address)]
        owner: Address,
    },
    /// As the owner: leave sVVV and DIEM without an owner, for good.
    RenounceOwnership,
}
