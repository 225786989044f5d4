//! What is typed about key files.

use std::path::PathBuf;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum WalletCommand {
    /// Make a key and keep it in an encrypted file. Its password is asked for twice, or read
    /// from --password-file or DIEM_PASSWORD.
    New {
        /// Name of the file.
        name: String,
        /// Make twelve words too, from which the key follows; they are shown once.
        #[arg(long)]
        words: bool,
    },
    /// Keep a key that there is in an encrypted file: of --mnemonic, of --key-file, of
    /// DIEM_PRIVATE_KEY, or typed unseen.
    Import {
        /// Name of the file.
        name: String,
    },
    /// The key files, with their accounts where the files tell them.
    List,
    /// The account of a key file, or of whatever else would sign.
    Address {
        /// Name or path of the file; by default the key that signs.
        name: Option<PathBuf>,
    },
}
