// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// An account's line: allowance 91 bits, used of it 91, epoch 24, gateway's number 24, and whether a change of that
/// epoch waits in the second word 1.
type Line is uint256;

/// A lease's line: dollars a day 91 bits, used 91, epoch 24, the epoch after the last 24, gateway's number 24, whether
/// a gateway chosen in that epoch waits beside the lessee 1, whether that epoch is the opening one 1.
type LeaseLine is uint256;

/// @title Credit lines, pure
/// @notice What a line holds, how an epoch changes it, and how it is packed. A line is true for its epoch; a change
/// that waits for the next one stands in a second word, void unless the line's flag says that it was made in that
/// epoch.
/// @dev Amounts of 91 bits hold every supply of the curve; 24 bits hold an epoch or the number of a gateway, 40 a time.
library Ledger {
    uint256 internal constant NEVER_CHOSE = 0;
    uint256 private constant AMOUNT = (1 << 91) - 1;
    uint256 private constant NUMBER = (1 << 24) - 1;
    uint256 private constant TIME = (1 << 40) - 1;

    uint256 private constant USED_AT = 91;
    uint256 private constant EPOCH_AT = 182;
    uint256 private constant GATEWAY_AT = 206;
    uint256 private constant CHANGED_AT = 230;

    uint256 private constant LEASE_END_AT = 206;
    uint256 private constant LEASE_GATEWAY_AT = 230;
    uint256 private constant LEASE_CHANGED_AT = 254;
    uint256 private constant OPENING_AT = 255;

    /// An account's second word: leaving 91, cooling 91, end 40, next 24.
    struct Waiting {
        uint256 leaving; // what the allowance falls by in the next epoch
        uint256 cooling; // DIEM in the bucket, WAD
        uint256 end; // when the bucket opens, seconds; 0 when it is empty
        uint256 next; // number of the next gateway; 0 for no change
    }

    // --- an account's line ---

    /// Dollars of the line's epoch.
    function allowance(Line l) internal pure returns (uint256) {
        return Line.unwrap(l) & AMOUNT;
    }

    function used(Line l) internal pure returns (uint256) {
        return (Line.unwrap(l) >> USED_AT) & AMOUNT;
    }

    function epoch(Line l) internal pure returns (uint256) {
        return (Line.unwrap(l) >> EPOCH_AT) & NUMBER;
    }

    function gateway(Line l) internal pure returns (uint256) {
        return (Line.unwrap(l) >> GATEWAY_AT) & NUMBER;
    }

    function changed(Line l) internal pure returns (bool) {
        return (Line.unwrap(l) >> CHANGED_AT) & 1 != 0;
    }

    function withAllowance(Line l, uint256 value) internal pure returns (Line) {
        return Line.wrap(Line.unwrap(l) & ~AMOUNT | value);
    }

    function withUsed(Line l, uint256 value) internal pure returns (Line) {
        return Line.wrap(Line.unwrap(l) & ~(AMOUNT << USED_AT) | value << USED_AT);
    }

    function withGateway(Line l, uint256 number) internal pure returns (Line) {
        return Line.wrap(Line.unwrap(l) & ~(NUMBER << GATEWAY_AT) | number << GATEWAY_AT);
    }

    function withChange(Line l, bool waits) internal pure returns (Line) {
        uint256 flag = 1 << CHANGED_AT;
        return Line.wrap(waits ? Line.unwrap(l) | flag : Line.unwrap(l) & ~flag);
    }

    /// The line of a new epoch, before what waited.
    function inEpoch(Line l, uint256 today) internal pure returns (Line) {
        return Line.wrap(Line.unwrap(l) & (NUMBER << GATEWAY_AT | AMOUNT) | today << EPOCH_AT);
    }

    /// What the next epoch starts with.
    function nextAllowance(Line l, Waiting memory w) internal pure returns (uint256) {
        return allowance(l) - w.leaving;
    }

    /// Who settles the line in the next epoch.
    function nextGateway(Line l, Waiting memory w) internal pure returns (uint256) {
        return w.next == NEVER_CHOSE ? gateway(l) : w.next;
    }

    /// Lets a gateway settle the line: at once where there is no allowance, and then nothing can be leaving either.
    function choose(Line l, Waiting memory w, uint256 number) internal pure returns (Line, bool atOnce) {
        if (allowance(l) == 0) return (withGateway(withChange(l, false), number), true);
        if (number == gateway(l)) {
            w.next = NEVER_CHOSE;
            return (l, false);
        }
        w.next = number;
        return (withChange(l, true), false);
    }

    // --- an account's second word ---

    function toWaiting(uint256 word) internal pure returns (Waiting memory) {
        return Waiting(word & AMOUNT, (word >> 91) & AMOUNT, (word >> 182) & TIME, (word >> 222) & NUMBER);
    }

    function pack(Waiting memory w) internal pure returns (uint256) {
        return w.leaving | w.cooling << 91 | w.end << 182 | w.next << 222;
    }

    // --- a lease's line ---

    /// The line of a lease that is opened today.
    function open(uint256 value, uint256 today, uint256 end_) internal pure returns (LeaseLine) {
        return LeaseLine.wrap(value | today << EPOCH_AT | end_ << LEASE_END_AT | 1 << OPENING_AT);
    }

    function amount(LeaseLine l) internal pure returns (uint256) {
        return LeaseLine.unwrap(l) & AMOUNT;
    }

    function used(LeaseLine l) internal pure returns (uint256) {
        return (LeaseLine.unwrap(l) >> USED_AT) & AMOUNT;
    }

    function epoch(LeaseLine l) internal pure returns (uint256) {
        return (LeaseLine.unwrap(l) >> EPOCH_AT) & NUMBER;
    }

    function end(LeaseLine l) internal pure returns (uint256) {
        return (LeaseLine.unwrap(l) >> LEASE_END_AT) & NUMBER;
    }

    function gateway(LeaseLine l) internal pure returns (uint256) {
        return (LeaseLine.unwrap(l) >> LEASE_GATEWAY_AT) & NUMBER;
    }

    function changed(LeaseLine l) internal pure returns (bool) {
        return (LeaseLine.unwrap(l) >> LEASE_CHANGED_AT) & 1 != 0;
    }

    function withUsed(LeaseLine l, uint256 value) internal pure returns (LeaseLine) {
        return LeaseLine.wrap(LeaseLine.unwrap(l) & ~(AMOUNT << USED_AT) | value << USED_AT);
    }

    function withGateway(LeaseLine l, uint256 number) internal pure returns (LeaseLine) {
        return LeaseLine.wrap(LeaseLine.unwrap(l) & ~(NUMBER << LEASE_GATEWAY_AT) | number << LEASE_GATEWAY_AT);
    }

    /// The line of a new epoch, before a choice that waited.
    function inEpoch(LeaseLine l, uint256 today) internal pure returns (LeaseLine) {
        uint256 kept = NUMBER << LEASE_GATEWAY_AT | NUMBER << LEASE_END_AT | AMOUNT;
        return LeaseLine.wrap(LeaseLine.unwrap(l) & kept | today << EPOCH_AT);
    }

    /// Dollars of the line's epoch.
    function allowance(LeaseLine l) internal pure returns (uint256) {
        return LeaseLine.unwrap(l) >> OPENING_AT != 0 || epoch(l) >= end(l) ? 0 : amount(l);
    }

    /// What the next epoch starts with.
    function nextAllowance(LeaseLine l) internal pure returns (uint256) {
        return epoch(l) + 1 < end(l) ? amount(l) : 0;
    }

    /// As for an account's line; the gateway that waits stands elsewhere.
    function choose(LeaseLine l, uint256 number) internal pure returns (LeaseLine, bool atOnce) {
        atOnce = allowance(l) == 0;
        if (atOnce) l = withGateway(l, number);
        uint256 flag = 1 << LEASE_CHANGED_AT;
        uint256 word = LeaseLine.unwrap(l) & ~flag;
        return (LeaseLine.wrap(number == gateway(l) ? word : word | flag), atOnce);
    }
}
