//! What is typed about keys of an inference gateway.

use super::usd;
use crate::Amount;
use clap::Subcommand;
use std::path::PathBuf;

/// Which gateway to ask, and with which of its keys.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct GatewayArgs {
    /// The gateway's address.
    #[arg(
        long,
        value_name = "URL",
        env = "DIEM_GATEWAY_URL",
        default_value = "http://127.0.0.1:8548"
    )]
    pub(crate) gateway: String,
    /// File with the gateway's key; else it is read from DIEM_API_KEY.
    #[arg(long, value_name = "FILE", env = "DIEM_API_KEY_FILE")]
    pub(crate) api_key_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Sign for a new key. It is shown once; the gateway keeps only its hash.
    Create(NewKeyArgs),
    /// The keys of the account whose ADMIN key asks.
    List {
        #[command(flatten)]
        at: GatewayArgs,
    },
    /// Revoke a key, with an ADMIN key of the same account.
    Revoke {
        #[command(flatten)]
        at: GatewayArgs,
        /// The key's id, as the list has it.
        id: String,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct NewKeyArgs {
    #[command(flatten)]
    pub(crate) at: GatewayArgs,
    /// What lists call it.
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// A key that may also make, change and revoke keys.
    #[arg(long)]
    pub(crate) admin: bool,
    /// The most that it may spend, such as 0.25USD; by default all of the day's credit.
    #[arg(long, value_name = "AMOUNT", value_parser = usd)]
    pub(crate) limit: Option<Amount>,
    /// What the limit is of.
    #[arg(long, value_enum, default_value_t = LimitPeriod::Day)]
    pub(crate) per: LimitPeriod,
    /// When it ends, such as 2030-01-31T00:00:00Z; by default never.
    #[arg(long, value_name = "TIME")]
    pub(crate) expires: Option<String>,
    /// Spend from this lease, of which you are the lessee, instead of your own credit.
    #[arg(long, value_name = "ID")]
    pub(crate) lease: Option<u64>,
}

/// What a key's limit is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LimitPeriod {
    /// A UTC day.
    Day,
    /// A calendar month.
    Month,
    /// For good.
    Lifetime,
}
