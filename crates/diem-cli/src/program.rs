//! From what a build left to the bytes that put a contract on a chain.

use crate::{Failure, Result, output};
use alloy::primitives::Bytes;
use sha2::{Digest, Sha256};
use std::path::Path;

/// First bytes of a program's code: Stylus, classic, no dictionary.
pub(crate) const PREFIX: [u8; 4] = [0xef, 0xf0, 0x00, 0x00];
/// Largest code of an account on a Nitro chain with default settings. Some have others.
const USUAL_CODE_BYTES: usize = 24_576;

/// The build's record beside the modules: lines of `sha256sum`.
const BUILD_RECORD: &str = "built.sha256";

/// A contract as it is sent.
#[derive(Clone, Debug)]
pub struct Module {
    /// Name of the contract.
    pub name: &'static str,
    /// The code of a program's account, or the creation code of EVM code.
    pub code: Bytes,
    /// SHA-256 of the file, which is the one that the build recorded.
    pub sha256: String,
}

/// A build: what it leaves of each contract, and how it is run again.
struct Build {
    suffix: &'static str,
    hint: &'static str,
}

const WASM: Build = Build {
    suffix: "wasm.br",
    hint: "build the contracts with scripts/build-wasm, or name the directory with --wasm-dir",
};
const EVM: Build = Build {
    suffix: "bin",
    hint: "build the contracts with `node evm/build.mjs`, or name the directory with --evm-dir",
};

/// Reads `<name>.wasm.br`, the module as scripts/build-wasm compressed, measured and recorded
/// it, and makes it the code of an account.
///
/// # Errors
/// The file is not there, or is not what the build made.
pub fn read(directory: &Path, name: &'static str) -> Result<Module> {
    let (module, sha256) = recorded(directory, name, &WASM)?;
    let code = [PREFIX.as_slice(), &module].concat();
    if code.len() > USUAL_CODE_BYTES {
        output::story(&format!(
            "warning   {name} takes {} bytes; chains with usual settings refuse more than {USUAL_CODE_BYTES}",
            code.len()
        ));
    }
    Ok(Module {
        name,
        code: code.into(),
        sha256,
    })
}

/// Reads `<name>.bin`, the creation code as evm/build.mjs compiled and recorded it.
///
/// # Errors
/// The file is not there, or is not what the build made.
pub fn creation_code(directory: &Path, name: &'static str) -> Result<Module> {
    let (code, sha256) = recorded(directory, name, &EVM)?;
    Ok(Module {
        name,
        code: code.into(),
        sha256,
    })
}

/// A file that is the one which its build recorded, and its hash.
fn recorded(directory: &Path, name: &str, build: &Build) -> Result<(Vec<u8>, String)> {
    let file = format!("{name}.{}", build.suffix);
    let path = directory.join(&file);
    let unread = |path: &Path, error: std::io::Error| {
        Failure::broken("cannot read a contract's module", error.to_string())
            .with("file", path.display())
            .hint(build.hint)
    };
    let module = std::fs::read(&path).map_err(|error| unread(&path, error))?;
    let record = directory.join(BUILD_RECORD);
    let recorded = std::fs::read_to_string(&record).map_err(|error| unread(&record, error))?;
    let recorded = recorded
        .lines()
        .filter_map(|line| line.split_once("  "))
        .find(|(_, listed)| *listed == file)
        .map_or("nothing", |(hash, _)| hash);
    let sha256 = format!("{:x}", Sha256::digest(&module));
    if sha256 != recorded {
        return Err(Failure::refused(
            "will not deploy this module",
            "it is not what the build made",
        )
        .with("file", path.display())
        .with("sha256 of the file", sha256)
        .with("recorded by the build", recorded)
        .hint(build.hint));
    }
    output::story(&format!(
        "module    {name}: sha256 {sha256}, recorded by the build {recorded}"
    ));
    Ok((module, sha256))
}

/// Init code that returns `code` as it is: copy what follows the prelude, return it.
#[must_use]
pub fn init_code(code: &Bytes) -> Bytes {
    let mut init = vec![0x7f]; // PUSH32: length of the code
    init.extend_from_slice(&[0; 24]);
    init.extend_from_slice(&(code.len() as u64).to_be_bytes());
    init.extend_from_slice(&[
        0x80, // DUP1
        0x60, 0x2b, // PUSH1: length of this prelude
        0x60, 0x00, // PUSH1: to offset 0
        0x39, // CODECOPY
        0x60, 0x00, // PUSH1: from offset 0
        0xf3, // RETURN
        0x00, // version of the prelude, never executed
    ]);
    init.extend_from_slice(code);
    init.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prelude_is_43_bytes_and_names_the_length() {
        let init = init_code(&Bytes::from(vec![0xef; 300]));
        assert_eq!(init.len(), 343);
        assert_eq!(init[31..33], [1, 44]);
        assert_eq!(init[43..], [0xef; 300]);
    }
}
