// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.37;

/// Holds ether for its owner until a time has come.
contract TimeLock {
    uint256 public immutable unlockTime;
    address payable public immutable owner;

    event Withdrawn(uint256 amount, uint256 when);

    error TooEarly(uint256 now_, uint256 unlockTime);
    error NotTheOwner(address caller);

    constructor(uint256 time) payable {
        require(time > block.timestamp, "the time has come already");
        unlockTime = time;
        owner = payable(msg.sender);
    }

    function withdraw() external {
        if (block.timestamp < unlockTime) revert TooEarly(block.timestamp, unlockTime);
        if (msg.sender != owner) revert NotTheOwner(msg.sender);
        emit Withdrawn(address(this).balance, block.timestamp);
        (bool paid,) = owner.call{value: address(this).balance}("");
        require(paid);
    }
}
