//! Prints `docs/fidelity.md`.

#![allow(clippy::print_stdout, reason = "the text is the answer")]

fn main() {
    print!("{}", arbos::fidelity::markdown());
}
