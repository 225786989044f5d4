//! Hashing.

use alloy_primitives::keccak256 as hash;

use super::context::{Hostio, Stop};
use crate::pricing::keccak_ink;

/// Writes the Keccak-256 hash of some bytes.
pub(super) fn keccak256(h: &mut Hostio<'_>, data: u32, len: u32, dest: u32) -> Result<(), Stop> {
    h.buy(keccak_ink(len))?;
    let bytes = h.read(data, len)?;
    let digest = hash(&bytes);
    h.write(dest, digest.as_slice())?;
    h.trace(&[&bytes], &[digest.as_slice()]);
    Ok(())
}
