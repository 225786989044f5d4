//! Printing the interface, as cargo-stylus asks for it.

/// Answers `abi` (also the default) with the interface, `constructor` with the
/// constructor's declaration.
#[cfg(not(target_arch = "wasm32"))]
#[allow(clippy::print_stdout, reason = "this is what the command is for")]
pub fn print(interface: &str, constructor: &str) {
    match std::env::args().nth(1).as_deref() {
        Some("constructor") => print!("{constructor}"),
        _ => print!("{interface}"),
    }
}
