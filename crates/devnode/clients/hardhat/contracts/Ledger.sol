// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// A library with a deployment of its own: who uses it is linked to it.
library Sums {
    function sum(uint256[] memory numbers) public pure returns (uint256 total) {
        for (uint256 i = 0; i < numbers.length; ++i) total += numbers[i];
    }
}

/// Adds entries up and says who may add more.
contract Ledger {
    address public immutable writer;
    uint256 public total;

    event Entered(bytes32 indexed page, uint256 total);

    constructor(address who) {
        writer = who;
    }

    function enter(bytes32 page, uint256[] calldata numbers) external {
        require(msg.sender == writer, "not the writer");
        total += Sums.sum(numbers);
        emit Entered(page, total);
    }
}

/// Keeps the ledger that it is given, and reads it.
contract Auditor {
    Ledger public immutable ledger;

    constructor(Ledger it) payable {
        ledger = it;
    }

    function found() external view returns (uint256) {
        return ledger.total();
    }
}
