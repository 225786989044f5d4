//! Prints the interface and the constructor for cargo-stylus.

fn main() {
    contract_kit::export::print(
        include_str!("../abi/IDiem.sol"),
        "constructor(address sVvv, address owner, address treasury, uint256 baseRate, uint256 targetSupply)",
    );
}
