//! From an account's code back to the module.

use crate::program::PREFIX;
use std::io::Read;

/// Bytes of the largest module that chains with usual settings activate, eight times over: what
/// decompresses to more is nothing that a chain runs.
const LARGEST_MODULE: u64 = 8 * 128 * 1024;
/// Room of the decompressor for its input.
const BUFFER: usize = 4096;

/// The module in an account's code.
///
/// # Errors
/// Why there is none, in words.
pub(super) fn module(code: &[u8]) -> Result<Vec<u8>, &'static str> {
    if code.is_empty() {
        return Err("there is no code");
    }
    let (form, dictionary) = PREFIX.split_at(PREFIX.len() - 1);
    let Some((found, compressed)) = code.strip_prefix(form).and_then(<[u8]>::split_first) else {
        return Err("the code is no Stylus program");
    };
    if [*found] != *dictionary {
        return Err("the module is compressed with a dictionary, which the build does not use");
    }
    let mut module = Vec::new();
    brotli::Decompressor::new(compressed, BUFFER)
        .take(LARGEST_MODULE)
        .read_to_end(&mut module)
        .map_err(|_| "the module cannot be decompressed")?;
    Ok(module)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_program_is_told_apart() {
        for (code, cause) in [
            (&[][..], "there is no code"),
            (&[0x60, 0x00], "no Stylus program"),
            (&[0xef, 0xf0, 0x00], "no Stylus program"),
            (&[0xef, 0xf0, 0x00, 0x01, 0x06], "with a dictionary"),
            (
                &[0xef, 0xf0, 0x00, 0x00, 0xff, 0xff],
                "cannot be decompressed",
            ),
        ] {
            let told = module(code).err().unwrap_or_default();
            assert!(told.contains(cause), "{code:?}: {told}");
        }
        // The empty stream.
        assert_eq!(module(&[0xef, 0xf0, 0x00, 0x00, 0x06]), Ok(Vec::new()));
    }
}
