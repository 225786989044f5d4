//! Printing, on debug chains only. Free of ink.

use std::fmt::Display;

use super::context::{Hostio, Stop};

/// Prints text from memory; bytes that are not UTF-8 are replaced.
pub(super) fn log_text(h: &mut Hostio<'_>, ptr: u32, len: u32) -> Result<(), Stop> {
    let tracing = h.input().tracing;
    if !tracing && !h.host().desk.has_room() {
        return h.check(ptr, len); // nobody pays for a copy, and nobody would see it
    }
    let text = h.read(ptr, len)?;
    h.trace_as("console_log_text", &[&text], &[]);
    h.host().desk.print(&text);
    Ok(())
}

/// Prints a number.
pub(super) fn log(h: &mut Hostio<'_>, value: impl Display) -> Result<(), Stop> {
    let text = value.to_string();
    h.trace_as("console_log", &[text.as_bytes()], &[]);
    h.host().desk.print(text.as_bytes());
    Ok(())
}

/// Prints a number and hands it back.
pub(super) fn tee<T: Display>(h: &mut Hostio<'_>, value: T) -> Result<T, Stop> {
    h.host().desk.print(value.to_string().as_bytes());
    Ok(value)
}
