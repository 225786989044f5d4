//! What is typed about who signs, and about what becomes of what is signed.

use crate::address::parse as address;
use crate::chain::Confirmation;
use crate::{Failure, Result};
use alloy::primitives::Address;
use std::ffi::OsString;
use std::path::PathBuf;

/// Path of the first account of most wallets, up to its number.
const USUAL_PATH: &str = "m/44'/60'/0'/0";

/// Which key signs. Secrets come from files, the environment or a prompt.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Key")]
pub(crate) struct KeyArgs {
    /// Encrypted key file that signs: a name that `diem wallet list` shows, or a path. By
    /// default DIEM_WALLET. Its password is read from --password-file, else from DIEM_PASSWORD,
    /// else asked for.
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        conflicts_with_all = ["mnemonic", "mnemonic_file", "key_file"]
    )]
    pub(crate) wallet: Option<PathBuf>,
    /// File with the password of the key file.
    #[arg(long, global = true, value_name = "FILE", env = "DIEM_PASSWORD_FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Sign with a key of a mnemonic, which is read from DIEM_MNEMONIC, else asked for.
    #[arg(long, global = true, conflicts_with = "key_file")]
    pub(crate) mnemonic: bool,
    /// Sign with a key of the mnemonic in this file.
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "key_file")]
    pub(crate) mnemonic_file: Option<PathBuf>,
    /// Which key of the mnemonic or device, as a path; by default m/44'/60'/0'/0 and --index.
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "DIEM_DERIVATION_PATH",
        conflicts_with = "index"
    )]
    pub(crate) derivation_path: Option<String>,
    /// Which key of the mnemonic or device, counted from 0.
    #[arg(long, global = true, value_name = "N", default_value_t = 0)]
    pub(crate) index: u32,
    /// Sign with a Ledger, whose Ethereum app is open: with the account of --index as Ledger Live
    /// counts them, or of --derivation-path. Needs a build with `--features hardware`.
    #[arg(
        long,
        global = true,
        conflicts_with_all = ["trezor", "wallet", "mnemonic", "mnemonic_file", "key_file"]
    )]
    pub(crate) ledger: bool,
    /// Sign with a Trezor: with the account of --index, or of --derivation-path. Needs a build
    /// with `--features hardware`.
    #[arg(
        long,
        global = true,
        conflicts_with_all = ["wallet", "mnemonic", "mnemonic_file", "key_file"]
    )]
    pub(crate) trezor: bool,
    /// File with the private key that signs, in hex. By default DIEM_KEY_FILE.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
}

impl KeyArgs {
    /// The path below the mnemonic, or below a Trezor's.
    pub(crate) fn path(&self) -> String {
        self.derivation_path
            .clone()
            .unwrap_or_else(|| format!("{USUAL_PATH}/{}", self.index))
    }
}

/// What becomes of what a command would send.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Sending")]
pub(crate) struct SendArgs {
    /// Sign without asking.
    #[arg(long, short, global = true)]
    pub(crate) yes: bool,
    /// Show what would be sent and what it would cost; sign nothing.
    #[arg(long, global = true, conflicts_with_all = ["unsigned", "safe"])]
    pub(crate) dry_run: bool,
    /// Answer with the transactions as JSON, for another tool to sign; sign nothing.
    #[arg(long, global = true, conflicts_with = "safe")]
    pub(crate) unsigned: bool,
    /// Write the transactions to a file for Safe's Transaction Builder; sign nothing.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) safe: Option<PathBuf>,
    /// Whose transactions these are, where nothing is signed here: no key is needed then.
    #[arg(long, global = true, value_name = "ADDRESS", value_parser = address)]
    pub(crate) from: Option<Address>,
    /// How far a transaction has to come before it counts as done.
    #[arg(long, global = true, value_enum, default_value_t = Confirmation::Latest)]
    pub(crate) wait: Confirmation,
}

/// Flags of other tools that take a secret, and what to do here instead.
const SECRET_FLAGS: [(&str, &str); 3] = [
    (
        "--private-key",
        "put it into an encrypted file with `diem wallet import NAME` and sign with --wallet NAME; \
         or set DIEM_PRIVATE_KEY",
    ),
    (
        "--mnemonic",
        "leave the words out: they are asked for, or read from DIEM_MNEMONIC or --mnemonic-file",
    ),
    (
        "--password",
        "leave it out: it is asked for, or read from DIEM_PASSWORD or --password-file",
    ),
];

/// Refuses a command line that carries a secret: whoever lists the processes sees it, and the
/// shell keeps it. Looks before anything else does, for a parser's error would repeat it.
///
/// # Errors
/// There is one.
pub fn refuse_secrets(arguments: impl IntoIterator<Item = OsString>) -> Result<()> {
    let arguments: Vec<String> = arguments
        .into_iter()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    for (position, argument) in arguments.iter().enumerate() {
        for (flag, advice) in SECRET_FLAGS {
            let Some(rest) = argument.strip_prefix(flag) else {
                continue;
            };
            let next = arguments.get(position + 1);
            let carries = match (flag, rest) {
                // Takes no value here, but several words do not come from anywhere else.
                ("--mnemonic", "") => next.is_some_and(|next| next.contains(char::is_whitespace)),
                (_, "") => true,
                (_, rest) => rest.starts_with('='),
            };
            if carries {
                return Err(Failure::broken(
                    "a secret does not belong on the command line",
                    "whoever lists the processes sees it, and the shell's history keeps it",
                )
                .with("flag", flag)
                .hint(advice));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_on_the_command_line_is_refused_and_not_repeated() {
        for line in [
            &["diem", "claim", "--private-key", "hunter2"][..],
            &["diem", "claim", "--private-key=hunter2"],
            &["diem", "claim", "--password", "hunter2"],
            &["diem", "claim", "--mnemonic", "hunter2 hunter2"],
            &["diem", "claim", "--mnemonic=hunter2"],
        ] {
            let told = refuse_secrets(line.iter().map(OsString::from));
            let told = told.map_err(|failure| failure.to_string());
            assert!(
                told.is_err_and(|told| !told.contains("hunter2")),
                "{line:?}"
            );
        }
        for line in [
            &["diem", "claim", "--mnemonic", "--yes"][..],
            &["diem", "claim", "--password-file", "file"],
            &["diem", "claim", "--mnemonic-file=words"],
        ] {
            assert!(
                refuse_secrets(line.iter().map(OsString::from)).is_ok(),
                "{line:?}"
            );
        }
    }
}
