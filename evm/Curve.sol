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
/// @notice `rate(S) = B e^(2 (S/T)^3)` sVVV per DIEM; the price of `d` DIEM at supply `S` is its integral over
/// `[S, S + d]`. The same function, fixed point and bounds as the Stylus contract's `diem-math`, so that both give the
/// same numbers.
///
/// With `g(x)` the integral of `e^(2t^3)` from 0 to `x = S/T`, computed by ONE deterministic function in ulps of
/// `2^-150`, every step rounded down and `g` short by less than `SLACK` ulps in all:
/// `costUp(S, d) = ceil(B T (g(S + d) - g(S) + SLACK) / (1e18 2^150))`, and `quote` gives the largest `d` whose cost is
/// within the amount. So a cost is never less than the exact one and at most one wei above its ceiling, an output never
/// more and at most one wei below its floor, and two mints never cost less than one.
///
/// The series: `g(x) = x sum u_n` and `e^(2x^3) = sum (3n + 1) u_n` with `u_0 = 1` and
/// `u_(n+1) = u_n x^3 (6n + 2) / ((n + 1)(3n + 4))`.
///
/// Widths: `x` has 152 bits, `g` at most 170, `e^16` 174, `B T` 170.
library Curve {
    /// What a mint locks, what it mints, and the rate that it leaves behind. WAD.
    struct Quote {
        uint256 sVVV;
        uint256 diem;
        uint256 rateAfter;
    }

    struct Params {
        uint256 baseRate; // B, sVVV per DIEM, WAD
        uint256 targetSupply; // T, DIEM, WAD
    }

    /// The curve at one supply.
    struct Point {
        uint256 integral; // g(x), ulps
        uint256 slope; // e^(2x^3), ulps
        uint256 square; // x^2, ulps
    }

    /// One, in ulps.
    uint256 private constant ONE = 1 << 150;
    /// `1e18` in ulps: the scale of `B T g` above wei.
    uint256 private constant WAD_ULPS = 1e18 << 150;
    /// Bound on the error of `g`, ulps.
    uint256 private constant SLACK = 1 << 24;
    /// Limits of the parameters: 0.001 to 1,000,000 sVVV per DIEM, 1 to 1,000,000,000 DIEM.
    uint256 private constant MIN_BASE_RATE = 1e15;
    uint256 private constant MAX_BASE_RATE = 1e24;
    uint256 private constant MIN_TARGET_SUPPLY = 1e18;
    uint256 private constant MAX_TARGET_SUPPLY = 1e27;
    /// Fraction bits of a step of the inverse, in wei.
    uint256 private constant STEP_BITS = 20;
    /// One wei less `2^-20`, as a step: what is added to round a step up.
    uint256 private constant STEP_ROUND_UP = (1 << STEP_BITS) - 1;
    /// Byte `b`, from the left: the least `k` with `g(k/64) >= 2^b`. An upper bound of `x` in 64ths by the bits of
    /// the integer part of `g(x)`; the last one is past the cap.
    bytes20 private constant REACH_64THS = hex"32414a51575c6063676a6d7072757779" hex"7b7d7f81";
    /// The integer part of `g` has fewer bits than this, up to the cap.
    uint256 private constant REACH_BITS = 19;

    /// Reverts unless the parameters are within the limits.
    function check(Params memory p) internal pure {
        bool ok = p.baseRate >= MIN_BASE_RATE && p.baseRate <= MAX_BASE_RATE && p.targetSupply >= MIN_TARGET_SUPPLY
            && p.targetSupply <= MAX_TARGET_SUPPLY;
        if (!ok) revert InvalidCurve(p.baseRate, p.targetSupply);
    }

    /// sVVV per DIEM (WAD) at `supply`, rounded down; off by less than 1 part in 1e15.
    function rateAt(Params memory p, uint256 supply) internal pure returns (uint256) {
        (bool fits, uint256 rate) = _rate(p, supply);
        if (!fits) revert RateOverflow(supply);
        return rate;
    }

    /// The same, and the largest number where that has no answer.
    function rateAtOrMax(Params memory p, uint256 supply) internal pure returns (uint256) {
        (bool fits, uint256 rate) = _rate(p, supply);
        return fits ? rate : type(uint256).max;
    }

    /// What exactly `diem` costs at `supply`, rounded up: the minter covers the remainder.
    function quoteExact(Params memory p, uint256 supply, uint256 diem) internal pure returns (Quote memory) {
        uint256 room = _room(p, supply, diem);
        if (diem > room) revert MintCapExceeded(diem, room);
        Point memory before = _point(p, supply);
        if (diem == 0) return Quote(0, 0, _scaled(p.baseRate, before.slope));
        Point memory then = _point(p, supply + diem);
        return Quote(_priceUp(p, before, then), diem, _scaled(p.baseRate, then.slope));
    }

    /// The most DIEM that `sVVV` buys at `supply`: the largest amount whose cost is within it.
    function quote(Params memory p, uint256 supply, uint256 sVVV) internal pure returns (Quote memory) {
        uint256 room = _room(p, supply, sVVV);
        Point memory point = _point(p, supply);
        uint256 start = point.integral;
        uint256 growth = _growth(p, sVVV);
        if (growth < SLACK) return Quote(sVVV, 0, _scaled(p.baseRate, point.slope));
        uint256 goal;
        unchecked {
            // The growth of 2^136 wei has 236 bits at the most.
            goal = growth - SLACK + start;
        }
        bool past = goal >> 150 >> REACH_BITS != 0;
        uint256 end;
        if (!past) {
            (end, point) = _advance(p, supply, point, goal);
            past = end - supply > room;
        }
        if (past) {
            uint256 available = room == 0 ? 0 : _price(p, _point(p, 2 * p.targetSupply).integral - start);
            revert MintCapExceeded(sVVV, available);
        }
        return Quote(sVVV, end - supply, _scaled(p.baseRate, point.slope));
    }

    /// `e^(2c)` is `e^(2c / 2^k)` squared `k` times; `2c / 2^k` stays at most 16.
    function _rate(Params memory p, uint256 supply) private pure returns (bool fits, uint256 rate) {
        if (supply >> 3 >= p.targetSupply) return (false, 0);
        uint256 x = _position(p, supply);
        uint256 cube = _times(_times(x, x), x);
        uint256 factors = 1;
        while (cube > ONE << 3) {
            cube >>= 1;
            factors <<= 1;
        }
        (, uint256 slope) = _sums(cube);
        rate = p.baseRate;
        for (; factors != 0; --factors) {
            (uint256 high, uint256 low) = Math.mul512(rate, slope);
            if (high >> 150 != 0) return (false, 0);
            rate = high << 106 | low >> 150;
        }
        return (true, rate);
    }

    /// Moves to the largest supply whose integral is within `goal`, which is not past the cap by more than a step.
    ///
    /// Newton's method on whole wei with Halley's correction for curvature, which for `g'' = 6 x^2 g'` reads
    /// `step = rest / (g' + 3 x^2 rest)` and cubes the error. It ends when the step from the present supply is less
    /// than one wei, so the answer has been evaluated, and a straight line decides that one wei more is too much: a
    /// step within `2^-20` of a whole wei is looked at from that wei instead. Seen from above, `3 x^2 rest` is at most
    /// `3 x^2 g < 0.82 g'`, so the divisor stays positive.
    function _advance(Params memory p, uint256 supply, Point memory point, uint256 goal)
        private
        pure
        returns (uint256, Point memory)
    {
        uint256 reach = _reach(p, goal);
        bool first = true;
        while (true) {
            bool above = point.integral > goal;
            uint256 rest = above ? point.integral - goal : goal - point.integral;
            uint256 bend = 3 * _times(point.square, rest);
            uint256 step = Math.mulDiv(
                p.targetSupply << STEP_BITS, rest, above ? point.slope - bend : point.slope + bend
            );
            step = (step + (above ? STEP_ROUND_UP : 1)) >> STEP_BITS;
            if (above) {
                // Less than 2^-20 of a wei above: one wei less is the answer.
                supply -= Math.max(step, 1);
            } else {
                if (step == 0) return (supply, point);
                supply += step;
                // From the first point a mint that bends the curve much would crawl.
                if (supply > reach || first && bend > point.slope) supply = reach;
            }
            first = false;
            point = _point(p, supply);
            if (above && step == 0) return (supply, point);
        }
        revert(); // never reached
    }

    /// A supply at or past the one whose integral is `goal`, and not far past: by a factor of 3 in `g` at most.
    function _reach(Params memory p, uint256 goal) private pure returns (uint256) {
        uint256 whole = goal >> 150;
        uint256 bits = whole == 0 ? 0 : Math.log2(whole) + 1;
        return (p.targetSupply * uint8(REACH_64THS[bits]) >> 6) + 1;
    }

    /// How far `sVVV` moves the integral, rounded down: `sVVV 1e18 2^150 / (B T)` ulps; the largest number for what is
    /// past every cap.
    function _growth(Params memory p, uint256 sVVV) private pure returns (uint256) {
        if (sVVV >> 136 != 0) return type(uint256).max >> 1;
        return Math.mulDiv(sVVV, WAD_ULPS, p.baseRate * p.targetSupply);
    }

    /// DIEM that can still be minted at `supply`.
    function _room(Params memory p, uint256 supply, uint256 requested) private pure returns (uint256) {
        uint256 cap = 2 * p.targetSupply;
        if (supply > cap) revert MintCapExceeded(requested, 0);
        return cap - supply;
    }

    function _priceUp(Params memory p, Point memory before, Point memory then) private pure returns (uint256) {
        return _price(p, then.integral - before.integral);
    }

    /// `B T (grown + SLACK)` in wei of sVVV, rounded up.
    function _price(Params memory p, uint256 grown) private pure returns (uint256) {
        return Math.mulDiv(p.baseRate * p.targetSupply, grown + SLACK, WAD_ULPS, Math.Rounding.Ceil);
    }

    /// The curve at a supply up to `129/64 T`.
    function _point(Params memory p, uint256 supply) private pure returns (Point memory point) {
        uint256 x = _position(p, supply);
        uint256 square = _times(x, x);
        (uint256 sum, uint256 slope) = _sums(_times(square, x));
        return Point(_times(x, sum), slope, square);
    }

    /// `supply / T` in ulps, rounded down, for a supply under `8 T`.
    function _position(Params memory p, uint256 supply) private pure returns (uint256) {
        unchecked {
            return (supply << 150) / p.targetSupply;
        }
    }

    /// A rate times a slope up to the cap: a base rate has 80 bits, the slope 174.
    function _scaled(uint256 baseRate, uint256 slope) private pure returns (uint256) {
        unchecked {
            return baseRate * slope >> 150;
        }
    }

    /// The product of two numbers in ulps, rounded down, where that has 256 bits.
    function _times(uint256 a, uint256 b) private pure returns (uint256) {
        (uint256 high, uint256 low) = Math.mul512(a, b);
        return high << 106 | low >> 150;
    }

    /// The sums of `u_n` and of `(3n + 1) u_n`, ulps, until the terms vanish; `cube` up to 8.2.
    function _sums(uint256 cube) private pure returns (uint256 sum, uint256 weighted) {
        assembly ("memory-safe") {
            let term := ONE
            let n := 1 // n + 1
            let weight := 1 // 3n + 1
            for {} term {} {
                sum := add(sum, term)
                weighted := add(weighted, mul(weight, term))
                // The full product, and its part above the ulp.
                let low := mul(term, cube)
                let high := mulmod(term, cube, not(0))
                high := sub(sub(high, low), lt(high, low))
                let factor := add(weight, weight) // 6n + 2
                weight := add(weight, 3)
                term := div(mul(or(shl(106, high), shr(150, low)), factor), mul(n, weight))
                n := add(n, 1)
            }
        }
    }
}
