//! How a program is wrapped in an account's code.
//!
//! Classic programs are a prefix, a dictionary byte and a brotli stream.
//! Since ArbOS 60 a stream may be cut into fragments, each the code of its own
//! account, listed by a root.

use alloy_primitives::Address;
use brotli::enc::StandardAlloc;
use brotli::{BrotliDecompressStream, BrotliResult, BrotliState};

/// ArbOS version that brought programs.
pub const ARBOS_STYLUS: u64 = 30;
/// ArbOS version that brought fragments and roots.
pub const ARBOS_FRAGMENTS: u64 = 60;

const PREFIX_LEN: usize = 3;
const CLASSIC_PREFIX: [u8; PREFIX_LEN] = [0xef, 0xf0, 0x00];
const FRAGMENT_PREFIX: [u8; PREFIX_LEN] = [0xef, 0xf0, 0x01];
const ROOT_PREFIX: [u8; PREFIX_LEN] = [0xef, 0xf0, 0x02];
/// Prefix, dictionary byte and decompressed length of a root.
const ROOT_HEADER_LEN: usize = 8;
const ADDRESS_LEN: usize = 20;
/// The only dictionary byte that needs no dictionary.
const NO_DICTIONARY: u8 = 0;
/// The dictionary byte of the shared program dictionary, which is not available here.
const PROGRAM_DICTIONARY: u8 = 1;
/// Output is grown in steps, so that a false length cannot reserve memory.
const OUTPUT_STEP: usize = 64 * 1024;

/// What kind of Stylus code an account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole program.
    Classic,
    /// A slice of a compressed program; never executable.
    Fragment,
    /// A program made of fragments.
    Root,
}

impl Kind {
    /// Recognises Stylus code by its prefix; everything else is EVM code.
    #[must_use]
    pub fn of(code: &[u8], arbos_version: u64) -> Option<Self> {
        if code.len() <= PREFIX_LEN || arbos_version < ARBOS_STYLUS {
            return None;
        }
        let prefix = code.first_chunk::<PREFIX_LEN>()?;
        match *prefix {
            CLASSIC_PREFIX => Some(Self::Classic),
            FRAGMENT_PREFIX if arbos_version >= ARBOS_FRAGMENTS => Some(Self::Fragment),
            ROOT_PREFIX if arbos_version >= ARBOS_FRAGMENTS => Some(Self::Root),
            _ => None,
        }
    }

    /// Whether calls of such code run a program.
    #[must_use]
    pub fn is_executable(self) -> bool {
        self != Self::Fragment
    }
}

/// Whether a call of `code` runs a program.
#[must_use]
pub fn is_executable(code: &[u8], arbos_version: u64) -> bool {
    Kind::of(code, arbos_version).is_some_and(Kind::is_executable)
}

/// Decoded Stylus code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Container<'a> {
    /// A whole program.
    Classic {
        /// Which dictionary the stream was compressed with.
        dictionary: u8,
        /// The compressed module.
        stream: &'a [u8],
    },
    /// A slice of a compressed module.
    Fragment {
        /// The slice.
        payload: &'a [u8],
    },
    /// A list of fragments.
    Root {
        /// Which dictionary the joined stream was compressed with.
        dictionary: u8,
        /// Exact length of the module in bytes.
        wasm_len: u32,
        /// The accounts that hold the fragments, in order; at least one.
        fragments: Vec<Address>,
    },
}

/// Why code is not a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContainerError {
    /// The code has no Stylus prefix valid at this version.
    #[error("not a Stylus program")]
    NotStylus,
    /// A root whose header or list is cut off, or that lists nothing.
    #[error("malformed root program")]
    MalformedRoot,
    /// A dictionary byte nobody defined.
    #[error("unsupported dictionary type")]
    UnknownDictionary,
    /// The shared program dictionary is not available.
    #[error("program dictionary not available")]
    DictionaryUnavailable,
    /// The stream is damaged or longer than allowed.
    #[error("failed decompression")]
    Decompression,
    /// A root whose stated length is not that of the module.
    #[error("wrong decompressed length: {got} instead of {want}")]
    Length {
        /// Bytes found.
        got: u32,
        /// Bytes stated.
        want: u32,
    },
}

/// Takes Stylus code apart without decompressing it.
///
/// # Errors
/// The code is not Stylus code, or is a malformed root.
pub fn decode(code: &[u8], arbos_version: u64) -> Result<Container<'_>, ContainerError> {
    match Kind::of(code, arbos_version).ok_or(ContainerError::NotStylus)? {
        Kind::Classic => {
            let (dictionary, stream) = code[PREFIX_LEN..]
                .split_first()
                .ok_or(ContainerError::NotStylus)?;
            Ok(Container::Classic {
                dictionary: *dictionary,
                stream,
            })
        }
        Kind::Fragment => Ok(Container::Fragment {
            payload: &code[PREFIX_LEN..],
        }),
        Kind::Root => decode_root(code),
    }
}

fn decode_root(code: &[u8]) -> Result<Container<'_>, ContainerError> {
    let (header, list) = code
        .split_first_chunk::<ROOT_HEADER_LEN>()
        .ok_or(ContainerError::MalformedRoot)?;
    if list.is_empty() || !list.len().is_multiple_of(ADDRESS_LEN) {
        return Err(ContainerError::MalformedRoot);
    }
    let [_, _, _, dictionary, a, b, c, d] = *header;
    Ok(Container::Root {
        dictionary,
        wasm_len: u32::from_be_bytes([a, b, c, d]),
        fragments: list
            .chunks_exact(ADDRESS_LEN)
            .map(Address::from_slice)
            .collect(),
    })
}

/// Decompresses a classic program's stream to at most `cap` bytes.
///
/// # Errors
/// An unusable dictionary, a damaged stream, or more than `cap` bytes.
pub fn decompress(dictionary: u8, stream: &[u8], cap: u32) -> Result<Vec<u8>, ContainerError> {
    match dictionary {
        NO_DICTIONARY => inflate(stream, cap as usize),
        PROGRAM_DICTIONARY => Err(ContainerError::DictionaryUnavailable),
        _ => Err(ContainerError::UnknownDictionary),
    }
}

/// Decompresses the joined fragments of a root, which must give exactly `wasm_len` bytes.
///
/// # Errors
/// As [`decompress`], or a shorter module than stated.
pub fn decompress_exact(
    dictionary: u8,
    stream: &[u8],
    wasm_len: u32,
) -> Result<Vec<u8>, ContainerError> {
    let wasm = decompress(dictionary, stream, wasm_len)?;
    let got = u32::try_from(wasm.len()).unwrap_or(u32::MAX);
    if got == wasm_len {
        Ok(wasm)
    } else {
        Err(ContainerError::Length {
            got,
            want: wasm_len,
        })
    }
}

/// Plain brotli with a window of at most 2^24 bytes. Bytes after the stream are ignored.
fn inflate(stream: &[u8], cap: usize) -> Result<Vec<u8>, ContainerError> {
    let alloc = StandardAlloc::default;
    let mut state = BrotliState::new_strict(alloc(), alloc(), alloc());
    let (mut in_left, mut in_at) = (stream.len(), 0);
    let (mut out_at, mut total) = (0, 0);
    let mut out = vec![0; OUTPUT_STEP.min(cap)];
    loop {
        let mut out_left = out.len() - out_at;
        let result = BrotliDecompressStream(
            &mut in_left,
            &mut in_at,
            stream,
            &mut out_left,
            &mut out_at,
            &mut out,
            &mut total,
            &mut state,
        );
        match result {
            BrotliResult::ResultSuccess => {
                out.truncate(out_at);
                return Ok(out);
            }
            BrotliResult::NeedsMoreOutput if out_at < cap => {
                out.resize((out_at + OUTPUT_STEP).min(cap), 0);
            }
            _ => return Err(ContainerError::Decompression),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed fixture is a failed test")]
    use super::*;

    fn compress(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let params = brotli::enc::BrotliEncoderParams {
            quality: 11,
            lgwin: 22,
            ..Default::default()
        };
        brotli::BrotliCompress(&mut &bytes[..], &mut out, &params).unwrap();
        out
    }

    #[test]
    fn prefixes_are_recognised_from_their_version_on() {
        let code = |kind: u8| [0xef, 0xf0, kind, 0];
        assert_eq!(Kind::of(&code(0), 29), None);
        assert_eq!(Kind::of(&code(0), 30), Some(Kind::Classic));
        assert_eq!(Kind::of(&code(1), 59), None);
        assert_eq!(Kind::of(&code(1), 60), Some(Kind::Fragment));
        assert_eq!(Kind::of(&code(2), 60), Some(Kind::Root));
        assert_eq!(Kind::of(&code(3), 60), None);
        assert_eq!(Kind::of(&code(0)[..3], 60), None);
        assert!(!is_executable(&code(1), 60));
    }

    #[test]
    fn decompression_stops_at_the_cap() {
        let zeros = vec![0; 300_000];
        let stream = compress(&zeros);
        assert_eq!(decompress(0, &stream, 300_000).unwrap(), zeros);
        assert_eq!(
            decompress(0, &stream, 299_999),
            Err(ContainerError::Decompression)
        );
        assert_eq!(
            decompress(0, &stream[..4], 300_000),
            Err(ContainerError::Decompression)
        );
    }

    #[test]
    fn only_the_empty_dictionary_is_usable() {
        let stream = compress(b"wasm");
        assert_eq!(
            decompress(1, &stream, 10),
            Err(ContainerError::DictionaryUnavailable)
        );
        assert_eq!(
            decompress(2, &stream, 10),
            Err(ContainerError::UnknownDictionary)
        );
    }

    #[test]
    fn roots_list_whole_addresses_and_state_an_exact_length() {
        let mut code = vec![0xef, 0xf0, 2, 0, 0, 0, 0, 4];
        assert_eq!(decode(&code, 60), Err(ContainerError::MalformedRoot));
        code.extend([7; 20]);
        let root = Container::Root {
            dictionary: 0,
            wasm_len: 4,
            fragments: vec![Address::repeat_byte(7)],
        };
        assert_eq!(decode(&code, 60), Ok(root));
        code.push(1);
        assert_eq!(decode(&code, 60), Err(ContainerError::MalformedRoot));
        let stream = compress(b"wasm");
        assert_eq!(decompress_exact(0, &stream, 4).unwrap(), b"wasm");
        let short = ContainerError::Length { got: 4, want: 5 };
        assert_eq!(decompress_exact(0, &stream, 5), Err(short));
        assert_eq!(
            decompress_exact(0, &stream, 3),
            Err(ContainerError::Decompression)
        );
    }
}
