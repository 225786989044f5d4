// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title The pool of sVVV
/// @notice Its totals, and how time changes them: emissions come out of a funded reserve through one gross index for
/// free and locked sVVV. The reserve gives up what index growth makes payable before anybody can claim it, so the pool
/// never owes more than it holds.
/// @dev All that was ever funded stays below 2^128 wei, and all that is ever earned is paid from it: any sum of balance
/// times index growth is below 2^128 * 1e36 < 2^248, so that ledgers modulo 2^256 are exact.
abstract contract Pool {
    event EmissionRateUpdated(uint256 newEmissionRate);

    error EmissionRateTooHigh(uint256 rate, uint256 maximum);
    error AmountTooLarge(uint256 amount, uint256 maximum);

    struct Index {
        uint40 lastAccruedAt; // seconds
        uint216 value; // gross VVV per sVVV, scaled
    }

    struct Totals {
        uint128 staked; // sVVV supply, WAD
        uint128 locked; // WAD
    }

    struct Funds {
        uint128 reserve; // VVV not yet promised to anyone, WAD
        uint128 lockedYieldPaid; // so far, VVV, WAD
    }

    uint256 public constant ACC_REWARD_SCALE = 1e36;

    /// DIEM, zero before wiring; beside the emission rate, because each path that accrues reads both.
    address internal _diem;
    uint96 internal _emissionRate; // VVV wei per second
    Index internal _index;
    Totals internal _totals;
    Funds internal _funds;
    /// What all locked sVVV earned is `locked * index - _lockDebt`, scaled and modulo 2^256, like an account's.
    uint256 internal _lockDebt;
    /// All VVV ever funded; bounds all rewards ever.
    uint256 internal _funded;

    /// The index and the reserve as of now.
    function _pending() internal view returns (uint256 index, uint256 reserve) {
        uint256 staked = _totals.staked;
        (index, reserve) = (_index.value, _funds.reserve);
        if (staked == 0) return (index, reserve);
        uint256 elapsed = block.timestamp - _index.lastAccruedAt;
        // A rate past the reserve is the reserve: cutting it here keeps the product in range.
        uint256 emitted = Math.min(Math.min(_emissionRate, reserve) * elapsed, reserve);
        uint256 growth = emitted * ACC_REWARD_SCALE / staked;
        // An index at its width stops emitting instead of failing, so that no exit can be blocked.
        if (growth > type(uint216).max - index) return (index, reserve);
        index += growth;
        // The reserve gives what the growth can make payable, rounded up, so that it never promises too much.
        reserve -= Math.ceilDiv(growth * staked, ACC_REWARD_SCALE);
    }

    /// Brings the index to now; the sole writer of index, reserve and time.
    function _accrue() internal returns (uint256 index) {
        if (_index.lastAccruedAt == block.timestamp) return _index.value;
        uint256 reserve;
        (index, reserve) = _pending();
        _index = Index(uint40(block.timestamp), uint216(index));
        _funds.reserve = uint128(reserve);
    }

    /// Adds to the reserve; the pull is the caller's.
    function _fund(uint256 amount) internal {
        _accrue();
        uint256 funded = _funded;
        // The reserve is part of all that was ever funded, so it fits as well.
        _funded = funded + _checked(amount, type(uint128).max - funded);
        _funds.reserve += uint128(amount);
    }

    function _setRate(uint256 rate, uint256 maximum) internal {
        if (rate > maximum) revert EmissionRateTooHigh(rate, maximum);
        _emissionRate = uint96(rate);
        emit EmissionRateUpdated(rate);
    }

    /// What `amount` earned in VVV, rounded down; see above for why it may wrap.
    function _owed(uint256 amount, uint256 index, uint256 debt) internal pure returns (uint256) {
        unchecked {
            return (amount * index - debt) / ACC_REWARD_SCALE;
        }
    }

    /// The debt after `amount` more counts from now on.
    function _debtWith(uint256 debt, uint256 amount) internal view returns (uint256) {
        unchecked {
            return debt + amount * _index.value;
        }
    }

    /// The debt after `amount` less counts from now on.
    function _debtWithout(uint256 debt, uint256 amount) internal view returns (uint256) {
        unchecked {
            return debt - amount * _index.value;
        }
    }

    function _addLocked(uint256 amount) internal {
        _totals.locked += uint128(amount);
        _lockDebt = _debtWith(_lockDebt, amount);
    }

    function _removeLocked(uint256 amount) internal {
        _totals.locked -= uint128(amount);
        _lockDebt = _debtWithout(_lockDebt, amount);
    }

    /// The wall between DIEM and everybody else's VVV: locked yield paid never passes locked yield earned.
    function _lockedYieldAvailable() internal view returns (uint256) {
        return _owed(_totals.locked, _index.value, _lockDebt) - _funds.lockedYieldPaid;
    }

    function _checked(uint256 amount, uint256 maximum) internal pure returns (uint256) {
        if (amount > maximum) revert AmountTooLarge(amount, maximum);
        return amount;
    }
}
