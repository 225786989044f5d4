// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// A mint that runs past twice the target supply. Both numbers are in the unit of the request: sVVV for a mint by
/// sVVV, DIEM for a mint of an exact amount.
error MintCapExceeded(uint256 requested, uint256 available);
/// A rate that needs more than 256 bits.
error RateOverflow(uint256 supply);
/// Curve parameters outside of the range for which the error bounds below hold.
error InvalidCurve(uint256 baseRate, uint256 targetSupply);

/// @title The exact mint curve
/// @notice `rate(S) = B e^(2 (S/T)^3)` sVVV per DIEM; a mint of `d` DIEM at supply `S` costs its integral over
/// `[S, S + d]`.
///
/// All costs are differences of ONE function `area(S)`, the series
/// `x * sum u^n / (n! (3n + 1))` with `x = S/T`, `u = 2 x^3`, in units of 2^-112 with every step rounded down. It is
/// monotone in `S`, and for `S <= 2T` it is below the true area by less than `SLACK` units:
/// the error of `x` weighs at most e^16 < 2^23.1 units, that of `u` at most 2^21.5, those of the terms 2^18.
/// A cost is the difference plus `SLACK`, rounded up: never below the exact one, and because the slack is charged
/// once per mint, two mints never cost less than one. With `B T <= 2^88 * 1e18` the slack is under one wei.
library Curve {
    /// One, in the fixed point of this library.
    uint256 internal constant ONE = 1 << 112;
    /// Bound on the error of `area`, in 2^-112.
    uint256 internal constant SLACK = 1 << 24;
    uint256 internal constant WAD = 1e18;
    /// ln 2 in 2^-112, rounded down.
    uint256 private constant LN2 = 3599025928123676973540407451845618;
    /// The supply cap in targets.
    uint256 internal constant CAP_TARGETS = 2;

    struct Params {
        uint256 baseRate; // B, sVVV per DIEM, WAD
        uint256 targetSupply; // T, DIEM, WAD
    }

    /// @notice Reverts unless the error bounds hold: T in [1e18, 2^80], B >= 1e15, B T <= 2^88 * 1e18.
    function check(Params memory p) internal pure {
        bool ok = p.targetSupply >= WAD && p.targetSupply <= 1 << 80 && p.baseRate >= 1e15
            && p.baseRate <= ((uint256(1) << 88) * WAD) / p.targetSupply;
        if (!ok) revert InvalidCurve(p.baseRate, p.targetSupply);
    }

    /// @notice Largest supply that can be minted.
    function cap(Params memory p) internal pure returns (uint256) {
        return CAP_TARGETS * p.targetSupply;
    }

    /// @notice sVVV per DIEM (WAD) at `supply`, rounded down; off by less than 1 part in 1e15.
    function rateAt(Params memory p, uint256 supply) internal pure returns (uint256) {
        (bool fits, uint256 rate) = _rate(p, supply);
        if (!fits) revert RateOverflow(supply);
        return rate;
    }

    /// @notice The same, and the largest number where that has no answer.
    function rateAtOrMax(Params memory p, uint256 supply) internal pure returns (uint256) {
        (bool fits, uint256 rate) = _rate(p, supply);
        return fits ? rate : type(uint256).max;
    }

    function _rate(Params memory p, uint256 supply) private pure returns (bool fits, uint256 rate) {
        if (supply > p.targetSupply << 6) return (false, 0);
        uint256 x = Math.mulDiv(supply, ONE, p.targetSupply);
        uint256 u = Math.mulDiv(Math.mulDiv(x, x, ONE), x, ONE >> 1);
        uint256 doublings = u / LN2;
        (, uint256 growth) = _series(u % LN2);
        uint256 scaled = Math.mulDiv(p.baseRate, growth, ONE >> 32);
        if (doublings > 255 || scaled > type(uint256).max >> doublings) return (false, 0);
        return (true, (scaled << doublings) >> 32);
    }

    /// @notice sVVV to lock for exactly `diem` at `supply`, rounded up: the minter covers the remainder.
    function costUp(Params memory p, uint256 supply, uint256 diem) internal pure returns (uint256) {
        if (diem == 0) return 0;
        uint256 room = _room(p, supply);
        if (diem > room) revert MintCapExceeded(diem, room);
        (uint256 from,) = _eval(p, supply);
        (uint256 to,) = _eval(p, supply + diem);
        return _price(p, to - from);
    }

    /// @notice The largest `d` with `costUp(supply, d) <= svvv`.
    function diemOutDown(Params memory p, uint256 supply, uint256 svvv) internal pure returns (uint256) {
        if (svvv == 0) return 0;
        uint256 room = _room(p, supply);
        (uint256 from, uint256 growth) = _eval(p, supply);
        // costUp <= svvv  <=>  area grows by no more than floor(svvv 2^112 1e18 / (B T)) - SLACK.
        if (svvv >> 136 != 0) revert MintCapExceeded(svvv, costUp(p, supply, room));
        uint256 budget = Math.mulDiv(svvv, ONE * WAD, p.baseRate * p.targetSupply);
        if (budget <= SLACK) return 0;
        budget -= SLACK;

        uint256 guess = Math.min(_guess(p, supply, budget, growth), room);
        uint256 diem = _largest(p, supply, from + budget, guess, room + 1);
        if (diem == room) {
            uint256 available = costUp(p, supply, room);
            if (svvv > available) revert MintCapExceeded(svvv, available);
        }
        return diem;
    }

    /// Newton's method on `area(supply + d) = target`, kept between a `d` known to fit (`low`) and one known not to
    /// (`high`); it ends on the exact answer, not near it.
    function _largest(Params memory p, uint256 supply, uint256 target, uint256 d, uint256 high)
        private
        pure
        returns (uint256 low)
    {
        while (true) {
            (uint256 area, uint256 growth) = _eval(p, supply + d);
            if (area <= target) {
                low = d;
                uint256 rest = (target - area) * p.targetSupply;
                // One more wei may fit only when the rest is close to its price.
                if (rest + (rest >> 6) < growth) return low;
                d += Math.max(rest / growth, 1);
                if (d >= high) d = high - 1;
            } else {
                high = d;
                uint256 step = (area - target) * p.targetSupply / growth + 1;
                d = d > low + step ? d - step : low;
            }
            if (high - low == 1) return low;
            if (d == low) d = low + ((high - low) >> 1);
        }
    }

    /// First guess for the DIEM that adds `budget` to the area: the tangent, corrected by the second and third
    /// derivative where they are small. With `y` the tangent's answer in targets:
    /// `y - 3 x^2 y^2 + (12 x^4 - 2 x) y^3`.
    function _guess(Params memory p, uint256 supply, uint256 budget, uint256 growth) private pure returns (uint256) {
        uint256 y = Math.mulDiv(budget, ONE, growth);
        if (y > 2 * CAP_TARGETS * ONE) return type(uint256).max;
        uint256 x = (supply << 112) / p.targetSupply;
        uint256 x2 = (x * x) >> 112;
        uint256 bend = (x2 * y) >> 112;
        uint256 linear = y;
        if (bend < ONE >> 5) {
            uint256 y2 = (y * y) >> 112;
            uint256 up = (((12 * bend) * bend) >> 112) * y >> 112;
            uint256 down = 3 * ((bend * y) >> 112) + 2 * ((((x * y2) >> 112) * y) >> 112);
            linear = y + up - down;
        }
        return (linear * p.targetSupply) >> 112;
    }

    /// What the area `grown` (2^-112 targets squared) costs in sVVV, rounded up, slack included.
    function _price(Params memory p, uint256 grown) private pure returns (uint256) {
        return Math.mulDiv(p.baseRate * p.targetSupply, grown + SLACK, ONE * WAD, Math.Rounding.Ceil);
    }

    function _room(Params memory p, uint256 supply) private pure returns (uint256) {
        return Math.saturatingSub(cap(p), supply);
    }

    /// `area(supply)` and `e^u` there, both in 2^-112. `supply <= 2T`, so `u <= 16` and no product passes 2^249.
    function _eval(Params memory p, uint256 supply) private pure returns (uint256 area, uint256 growth) {
        unchecked {
            uint256 x = (supply << 112) / p.targetSupply;
            uint256 u = (((x * x) >> 112) * x) >> 111;
            (area, growth) = _series(u);
            area = (x * area) >> 112;
        }
    }

    /// `sum u^n / (n! (3n + 1))` and `e^u = sum u^n / n!` in one pass, until the terms vanish.
    function _series(uint256 u) private pure returns (uint256 mean, uint256 growth) {
        assembly ("memory-safe") {
            let term := ONE
            mean := ONE
            growth := ONE
            let n := 1
            let odd := 4
            for {} 1 {} {
                term := div(shr(112, mul(term, u)), n)
                growth := add(growth, term)
                mean := add(mean, div(term, odd))
                if iszero(term) { break }
                n := add(n, 1)
                odd := add(odd, 3)
            }
        }
    }
}
