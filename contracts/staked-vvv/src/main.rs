//! Prints the interface and the constructor for cargo-stylus.

fn main() {
    contract_kit::export::print(
        include_str!("../../../abi/IStakedVvv.sol"),
        "constructor(address vvv, address owner, uint256 emissionRatePerSecond)",
    );
}
