//! Prints the Solidity interface that the router implements, for `scripts/export-abi --check` and cargo-stylus.

fn main() {
    vvv::print_from_args();
}
