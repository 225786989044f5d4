// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {External} from "./External.sol";
import {StakedVvvErrors} from "./Interfaces.sol";

/// @title VVV, as sVVV moves it
/// @notice What comes in is measured; a transfer that fails says so by reverting, or by answering false.
abstract contract Vvv is External, StakedVvvErrors {
    error InexactTransfer(uint256 expected, uint256 received);

    address private immutable _venice;

    constructor(address vvv) {
        _venice = vvv;
    }

    function venice() external view returns (address) {
        return _venice;
    }

    /// Pulls exactly `amount` from the caller.
    function _pull(uint256 amount) internal {
        uint256 before = _held();
        _move(abi.encodeCall(IERC20.transferFrom, (msg.sender, address(this), amount)));
        uint256 after_ = _held();
        uint256 received = after_ > before ? after_ - before : 0;
        if (received != amount) revert InexactTransfer(amount, received);
    }

    function _pay(address to, uint256 amount) internal {
        _move(abi.encodeCall(IERC20.transfer, (to, amount)));
    }

    /// Submits a permit of the caller. Its failure is not ours to judge: somebody may have submitted it already, and
    /// the allowance decides.
    function _submitPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) internal {
        bytes memory permit =
            abi.encodeCall(IERC20Permit.permit, (msg.sender, address(this), amount, deadline, v, r, s));
        _try(_venice, permit, gasleft());
    }

    function _move(bytes memory data) private {
        (uint256 size, uint256 word) = _call(_venice, data);
        // Tokens of the old kind answer nothing.
        if (size != 0 && word != 1) revert VvvCallFailed();
    }

    function _held() private returns (uint256) {
        (uint256 size, uint256 balance) = _viewAlone(_venice, abi.encodeCall(IERC20.balanceOf, (address(this))));
        if (size < 32) revert VvvCallFailed();
        return balance;
    }
}
