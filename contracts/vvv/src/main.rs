//! Prints the interface for cargo-stylus.

fn main() {
    contract_kit::export::print(include_str!("../../../abi/IVVV.sol"), "");
}
