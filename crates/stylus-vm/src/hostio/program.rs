//! Arguments, result and exit.

use super::context::{Hostio, Stop};
use crate::pricing::{read_ink, write_ink};

/// Copies the whole calldata to `dest`.
pub(super) fn read_args(h: &mut Hostio<'_>, dest: u32) -> Result<(), Stop> {
    let calldata = h.input().calldata.clone();
    h.buy(write_ink(calldata.len() as u32))?;
    h.write(dest, &calldata)?;
    h.trace(&[], &[&calldata]);
    Ok(())
}

/// Replaces the pending output; does not exit.
pub(super) fn write_result(h: &mut Hostio<'_>, data: u32, len: u32) -> Result<(), Stop> {
    h.buy(2 * read_ink(len))?;
    let output = h.read(data, len)?;
    h.trace(&[&output], &[]);
    h.host().output = output;
    Ok(())
}

/// Ends the program as if its entry point had returned `status`.
pub(super) fn exit_early(h: &mut Hostio<'_>, status: u32) -> Result<(), Stop> {
    h.trace(&[&status.to_be_bytes()], &[]);
    Err(Stop::Exit(status))
}
