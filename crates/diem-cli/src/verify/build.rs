//! What scripts/build-wasm says of its own work.

use crate::{Failure, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The build's description, beside its modules.
const DESCRIPTION: &str = "build.json";

/// Of what and how the modules were made: what somebody else needs to make the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Build {
    /// SHA-256 of all sources, lock files and the script itself.
    pub sources: String,
    /// Release of the compiler.
    pub compiler: String,
    /// Parts of the standard library that are built too.
    pub standard_library: StandardLibrary,
    /// What the compiler is told.
    pub flags: Vec<String>,
    /// What makes the modules smaller.
    pub optimiser: Optimiser,
    /// How they are compressed.
    pub compression: Compression,
    /// The modules by name.
    pub modules: BTreeMap<String, Made>,
}

/// Parts of the standard library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandardLibrary {
    /// Crates.
    pub crates: Vec<String>,
    /// Their features.
    pub features: Vec<String>,
}

/// wasm-opt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Optimiser {
    /// Release of Binaryen.
    pub binaryen: String,
    /// What it is told.
    pub flags: Vec<String>,
}

/// The compressor. Other releases may give other bytes for the same module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compression {
    /// Format.
    pub format: String,
    /// Release of the library.
    pub version: String,
    /// Quality, 0 to 11.
    pub quality: u8,
    /// Logarithm of the window in bytes.
    pub window: u8,
}

/// A module that the build made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Made {
    /// Bytes of the module.
    pub bytes: u64,
    /// SHA-256 of the module.
    pub sha256: String,
    /// Bytes of the module as it is deployed, without the prefix of the account's code.
    pub compressed_bytes: u64,
    /// SHA-256 of it as it is deployed.
    pub compressed_sha256: String,
}

impl Build {
    /// Reads the description in the directory of the modules.
    ///
    /// # Errors
    /// There is none, or it is damaged.
    pub fn read(directory: &Path) -> Result<Self> {
        let path = directory.join(DESCRIPTION);
        let broken = |cause: String| {
            Failure::broken("cannot read the build's description", cause)
                .with("file", path.display())
                .hint("build the contracts with scripts/build-wasm, or name the directory with --wasm-dir")
        };
        let text = std::fs::read_to_string(&path).map_err(|error| broken(error.to_string()))?;
        serde_json::from_str(&text).map_err(|error| broken(error.to_string()))
    }

    /// What the build made of a name.
    ///
    /// # Errors
    /// Nothing.
    pub fn made(&self, name: &str) -> Result<&Made> {
        self.modules.get(name).ok_or_else(|| {
            Failure::broken(
                "cannot compare this contract",
                "the build made no such module",
            )
            .with("module", name)
            .hint("build the contracts with scripts/build-wasm")
        })
    }
}
