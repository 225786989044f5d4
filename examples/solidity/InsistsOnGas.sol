// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title InsistsOnGas
/// @notice For contracts that call the protocol and then do more: how much of the limit a call into the pool leaves
/// depends on who touched the pool in the same second, so an estimate made in one second may be short in the next.
/// @dev The protocol's own calls insist on their most work, each at its own beginning; that says nothing about what a
/// caller does afterwards. Insisting on the sum at the beginning makes the least limit the same in every second. Only
/// what is used is paid.
abstract contract InsistsOnGas {
    error InsufficientGas(uint256 left, uint256 needed);

    modifier insists(uint256 needed) {
        if (gasleft() < needed) revert InsufficientGas(gasleft(), needed);
        _;
    }
}
