//! Prints the Solidity interface that the router implements, for `scripts/export-abi --check` and cargo-stylus.

fn main() {
    diem::print_from_args();
}
