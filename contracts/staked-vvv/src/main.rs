//! Prints the Solidity interface that the router implements, for `scripts/export-abi --check` and cargo-stylus.

fn main() {
    staked_vvv::print_from_args();
}
