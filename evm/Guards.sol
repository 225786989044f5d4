// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {External} from "./External.sol";

/// @title What sVVV and DIEM both insist on
/// @notice A call whose work depends on the second (on whether somebody else accrued in it, on what is pending, on
/// whether a day began) insists at its beginning on the gas of the most work it can be, in whatever second: so the
/// least gas with which it passes is the same in all of them, and an estimate suffices whenever it is sent. And nobody
/// acts for the zero address, from which simulations call by default.
abstract contract Guards is Ownable2Step, External {
    error InsufficientGas(uint256 left, uint256 needed);

    modifier insists(uint256 needed) {
        _requireAlone();
        _insist(needed);
        _;
    }

    function acceptOwnership() public override alone {
        _refuseNobody();
        super.acceptOwnership();
    }

    function _checkOwner() internal view override {
        _requireAlone();
        _refuseNobody();
        super._checkOwner();
    }

    function _refuseNobody() private view {
        if (msg.sender == address(0)) revert OwnableUnauthorizedAccount(msg.sender);
    }

    function _insist(uint256 needed) internal view {
        uint256 left = gasleft();
        if (left < needed) revert InsufficientGas(left, needed);
    }
}
