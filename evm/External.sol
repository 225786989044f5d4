// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title Calls to other contracts
/// @notice The only way out. While this contract waits for another one nobody gets in: on Stylus the virtual machine
/// sees to that, here `alone` does, on every function whose answer or effect the waiting could falsify. A refusal at
/// the door carries no data, as there.
abstract contract External {
    /// Whether a call out is under way in this transaction.
    bool private transient _waiting;

    modifier alone() {
        _requireAlone();
        _;
    }

    function _requireAlone() internal view {
        if (_waiting) revert();
    }

    /// Calls `to` with all gas; its revert is passed on.
    /// @return size Bytes that it answered.
    /// @return word The first word of the answer; nothing where that is shorter.
    function _call(address to, bytes memory data) internal returns (uint256 size, uint256 word) {
        bool done;
        (done, size, word) = _try(to, data, gasleft());
        if (!done) _passOn();
    }

    /// As `_call`, with at most `gasLimit`, and without passing a revert on.
    function _try(address to, bytes memory data, uint256 gasLimit)
        internal
        returns (bool done, uint256 size, uint256 word)
    {
        _waiting = true;
        assembly ("memory-safe") {
            done := call(gasLimit, to, 0, add(data, 32), mload(data), 0, 32)
            size := returndatasize()
            if gt(size, 31) { word := mload(0) }
        }
        _waiting = false;
    }

    /// As `_view`, in the middle of an act, of which whoever is asked sees nothing.
    function _viewAlone(address to, bytes memory data) internal returns (uint256 size, uint256 word) {
        _waiting = true;
        (size, word) = _view(to, data);
        _waiting = false;
    }

    /// As `_call`, read-only: whoever is asked can change nothing, here or elsewhere.
    function _view(address to, bytes memory data) internal view returns (uint256 size, uint256 word) {
        bool done;
        assembly ("memory-safe") {
            done := staticcall(gas(), to, add(data, 32), mload(data), 0, 32)
            size := returndatasize()
            if gt(size, 31) { word := mload(0) }
        }
        if (!done) _passOn();
    }

    function _passOn() private pure {
        assembly ("memory-safe") {
            let start := mload(64)
            returndatacopy(start, 0, returndatasize())
            revert(start, returndatasize())
        }
    }
}
