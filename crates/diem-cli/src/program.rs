//! From a WASM module to the bytes that put it on a chain.

use crate::{Failure, Result};
use alloy::primitives::Bytes;
use std::path::Path;

/// First bytes of a program's code: Stylus, classic, no dictionary.
const PREFIX: [u8; 4] = [0xef, 0xf0, 0x00, 0x00];
/// Largest code of an account on a Nitro chain with default settings.
const MAX_CODE_BYTES: usize = 24_576;
const BROTLI_QUALITY: u32 = 11;
const BROTLI_WINDOW: u32 = 22;
const BROTLI_BUFFER: usize = 4_096;

/// Reads `<name>.wasm` and compresses it to the code of an account.
///
/// # Errors
/// The file is not there, or its code is larger than an account may hold.
pub fn code(directory: &Path, name: &str) -> Result<Bytes> {
    let path = directory.join(name).with_extension("wasm");
    let wasm = std::fs::read(&path).map_err(|error| {
        Failure::broken("cannot read a contract's module", error.to_string())
            .with("file", path.display())
            .hint("build the contracts with scripts/build-wasm, or name the directory with --wasm-dir")
    })?;
    let mut code = PREFIX.to_vec();
    let mut reader = brotli::CompressorReader::new(
        wasm.as_slice(),
        BROTLI_BUFFER,
        BROTLI_QUALITY,
        BROTLI_WINDOW,
    );
    std::io::copy(&mut reader, &mut code)
        .map_err(|error| Failure::broken("cannot compress a module", error.to_string()))?;
    if code.len() > MAX_CODE_BYTES {
        return Err(Failure::broken(
            "a module is too large",
            "an account holds 24,576 bytes of code",
        )
        .with("file", path.display())
        .with("compressed bytes", code.len()));
    }
    Ok(code.into())
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
