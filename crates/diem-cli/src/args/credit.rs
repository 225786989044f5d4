//! What is typed about credit, leases of it, and the gateways that settle it.

use super::{diem, usd};
use crate::Amount;
use crate::address::{parse as address, parse_or_nobody as gateway};
use alloy::primitives::{Address, U256};
use clap::Subcommand;
use std::ffi::OsString;

#[derive(Debug, Subcommand)]
pub(crate) enum CreditCommand {
    /// Let a gateway settle your credit, or nobody: from tomorrow on, and at once while you have none today.
    Choose {
        /// A registered gateway, or `nobody`.
        #[arg(value_parser = gateway)]
        gateway: Address,
    },
    /// An account's credit: of today, and what tomorrow would start with.
    Show {
        /// The account; by default the one that signs.
        #[arg(value_parser = address)]
        account: Option<Address>,
    },
    /// State what an account has used today, in all. Its gateway signs; saying it again changes nothing.
    Settle {
        /// Whose credit.
        #[arg(value_parser = address)]
        account: Address,
        /// Dollars used in the epoch in all, such as 12.5USD.
        #[arg(value_parser = usd)]
        used: Amount,
        /// The epoch (UTC day since 1970) that the statement is about: refused once it is over. By default today.
        #[arg(long)]
        epoch: Option<u64>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum LeaseCommand {
    /// Hand part of your daily credit to somebody, from tomorrow on.
    #[command(visible_alias = "give")]
    Open {
        /// Who may use it; may be yourself.
        #[arg(value_parser = address)]
        lessee: Address,
        /// DIEM whose daily dollars are leased.
        #[arg(value_parser = diem)]
        amount: Amount,
        /// Days, 1 to 365.
        days: u32,
    },
    /// The open leases that an account gives or has.
    List {
        /// The account; by default the one that signs.
        #[arg(value_parser = address)]
        account: Option<Address>,
    },
    /// A lease, and its credit of today.
    Show {
        /// Number of the lease.
        id: U256,
    },
    /// Take up a lease that is yours: let a gateway settle its credit, or nobody, from tomorrow on, and at once before its first day.
    #[command(visible_alias = "take")]
    Choose {
        /// Number of the lease.
        id: U256,
        /// A registered gateway, or `nobody`.
        #[arg(value_parser = gateway)]
        gateway: Address,
    },
    /// State what a lease has used today, in all. Its gateway signs; saying it again changes nothing.
    Settle {
        /// Number of the lease.
        id: U256,
        /// Dollars used in the epoch in all, such as 12.5USD.
        #[arg(value_parser = usd)]
        used: Amount,
        /// The epoch (UTC day since 1970) that the statement is about: refused once it is over. By default today.
        #[arg(long)]
        epoch: Option<u64>,
    },
    /// Hand the lease on to somebody else.
    Transfer {
        /// Number of the lease.
        id: U256,
        /// The new lessee.
        #[arg(value_parser = address)]
        to: Address,
    },
    /// Give the credit of a lease that is over back to its lessor; anybody may.
    Close {
        /// Number of the lease.
        id: U256,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum GatewayCommand {
    /// Register a gateway, or let a revoked one back. The owner signs.
    Set {
        /// The gateway.
        #[arg(value_parser = address)]
        gateway: Address,
    },
    /// Name the gateway of all who never chose, or nobody: from the day after tomorrow on. The owner signs.
    Default {
        /// A registered gateway, or `nobody`.
        #[arg(value_parser = gateway)]
        gateway: Address,
    },
    /// Stop a gateway at once. The guardian signs, or the owner.
    Revoke {
        /// The gateway.
        #[arg(value_parser = address)]
        gateway: Address,
    },
    /// All gateways that were ever registered, and the default.
    List,
    /// One gateway: registered or revoked, default or not.
    Show {
        /// The gateway.
        #[arg(value_parser = address)]
        gateway: Address,
    },
    /// Run a gateway here: `diem-gateway serve` with this node, this deployment and this key.
    Run {
        /// What else `diem-gateway serve` is told, such as `--upstream http://127.0.0.1:11434/v1`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}
