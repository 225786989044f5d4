//! Secrets as they come in: from a file, the environment, or somebody who types unseen.

use super::{KEY_VARIABLE, MNEMONIC_VARIABLE, PASSWORD_VARIABLE};
use crate::{Failure, Result};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Where a secret may come from, the first that is there.
#[derive(Clone, Debug)]
pub(crate) struct Secret {
    /// What it is, in words.
    what: &'static str,
    file: Option<PathBuf>,
    variable: &'static str,
    /// The flag that names a file of it.
    flag: &'static str,
}

impl Secret {
    /// The password of a keystore file.
    pub(crate) fn password(file: Option<&Path>) -> Self {
        Self {
            what: "the password",
            file: file.map(Path::to_owned),
            variable: PASSWORD_VARIABLE,
            flag: "--password-file",
        }
    }

    /// The words that keys are derived from.
    pub(crate) fn mnemonic(file: Option<&Path>) -> Self {
        Self {
            what: "the mnemonic",
            file: file.map(Path::to_owned),
            variable: MNEMONIC_VARIABLE,
            flag: "--mnemonic-file",
        }
    }

    /// A private key in hex.
    pub(crate) fn key(file: Option<&Path>) -> Self {
        Self {
            what: "the key",
            file: file.map(Path::to_owned),
            variable: KEY_VARIABLE,
            flag: "--key-file",
        }
    }

    /// Reads it; `prompt` asks for it where neither file nor environment has it.
    ///
    /// # Errors
    /// The file cannot be read, or there is nobody to ask.
    pub(crate) fn read(&self, prompt: &str) -> Result<Zeroizing<String>> {
        if let Some(given) = self.given()? {
            return Ok(given);
        }
        self.asked(prompt)
    }

    /// Like [`Secret::read`]; who types has to type it twice.
    ///
    /// # Errors
    /// As [`Secret::read`], or the two differ.
    pub(crate) fn read_new(&self, prompt: &str) -> Result<Zeroizing<String>> {
        if let Some(given) = self.given()? {
            return Ok(given);
        }
        let first = self.asked(prompt)?;
        if *self.asked("once more: ")? == *first {
            return Ok(first);
        }
        Err(Failure::refused("nothing was written", "the two differ")
            .with("asked for", self.what)
            .hint("type the same twice"))
    }

    fn given(&self) -> Result<Option<Zeroizing<String>>> {
        if let Some(path) = &self.file {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::broken(format!("cannot read {}", self.what), error.to_string())
                    .with("file", path.display())
                    .hint(format!(
                        "{} names a file that holds it and nothing else",
                        self.flag
                    ))
            })?;
            return Ok(Some(line(Zeroizing::new(text))));
        }
        Ok(std::env::var(self.variable)
            .ok()
            .map(|text| line(Zeroizing::new(text))))
    }

    fn asked(&self, prompt: &str) -> Result<Zeroizing<String>> {
        let broken = |cause: String| {
            Failure::broken(format!("cannot ask for {}", self.what), cause)
                .with("variable", self.variable)
                .hint(format!(
                    "run it in a terminal, name a file with {}, or set {}",
                    self.flag, self.variable
                ))
        };
        if !std::io::stdin().is_terminal() {
            return Err(broken("there is nobody to ask".to_owned()));
        }
        rpassword::prompt_password(prompt)
            .map(Zeroizing::new)
            .map_err(|error| broken(error.to_string()))
    }
}

/// Without the end of the line that editors add.
fn line(text: Zeroizing<String>) -> Zeroizing<String> {
    Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())
}
