// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Credits} from "./Credits.sol";
import {LeaseLine, Ledger, Line} from "./Ledger.sol";

/// @title Leases
/// @notice Part of an account's daily credit, handed to another for a term: the lessor's line keeps it today, the
/// lease's line has it from the next epoch on, the lessor's has it back when the lease is closed.
abstract contract Leases is Credits {
    using Ledger for LeaseLine;
    using Ledger for Line;

    event LeaseOpened(
        uint256 indexed id,
        address indexed lessor,
        address indexed lessee,
        uint256 amount,
        uint256 startEpoch,
        uint256 endEpoch
    );
    event LeaseTransferred(uint256 indexed id, address indexed from, address indexed to);
    event LeaseSettled(
        uint256 indexed id, address indexed gateway, uint256 indexed epoch, uint256 used, uint256 allowance
    );
    event LeaseGatewayChosen(uint256 indexed id, address indexed gateway, uint256 fromEpoch);
    event LeaseClosed(uint256 indexed id, address indexed lessor, uint256 amount);

    error InvalidLeaseTerm(uint256 epochs);
    error UnknownLease(uint256 id);
    error OnlyLessee(uint256 id, address caller);
    error LeaseNotOver(uint256 id, uint256 endEpoch, uint256 epoch);
    error NotItsLeaseGateway(uint256 id, address gateway);
    error InsufficientLeaseCredits(uint256 id, uint256 allowance, uint256 used);

    struct Lease {
        address lessor;
        uint24 start; // first epoch
        address lessee;
        uint24 next; // number of the next gateway; void unless the line says that it waits
        LeaseLine line; // never zero while there is a lease
    }

    uint256 private constant MAX_TERM = 365;
    uint256 private constant LEASE_GAS = 170_000;
    uint256 private constant CLOSING_GAS = 65_000;

    uint256 private _leaseCount;
    mapping(uint256 => Lease) private _leases;

    function lease(address lessee, uint256 amount, uint32 epochs)
        external
        insists(LEASE_GAS)
        returns (uint256 id)
    {
        if (amount == 0) revert ZeroAmount();
        if (lessee == address(0)) revert ZeroAddress();
        if (epochs == 0 || epochs > MAX_TERM) revert InvalidLeaseTerm(epochs);
        uint256 today = _epoch();
        Account storage mine = _accounts[msg.sender];
        (Line line, Ledger.Waiting memory waiting) = _load(mine, today);
        line = _leave(line, waiting, amount);
        _store(mine, line, waiting);
        mine.leased += amount;
        id = ++_leaseCount;
        uint256 start = today + 1;
        uint256 end = start + epochs;
        _leases[id] = Lease(msg.sender, uint24(start), lessee, 0, Ledger.open(amount, today, end));
        emit LeaseOpened(id, msg.sender, lessee, amount, start, end);
    }

    function transferLease(uint256 id, address to) external alone {
        if (to == address(0)) revert ZeroAddress();
        Lease storage l = _leases[id];
        if (_missing(l.line)) revert UnknownLease(id);
        _onlyLessee(id, l);
        l.lessee = to;
        emit LeaseTransferred(id, msg.sender, to);
    }

    function chooseLeaseGateway(uint256 id, address gateway) external insists(CHOICE_GAS) {
        uint256 today = _epoch();
        (Lease storage l, LeaseLine line) = _find(id, today);
        _onlyLessee(id, l);
        uint256 number = _choice(gateway);
        bool atOnce;
        (line, atOnce) = line.choose(number);
        l.line = line;
        if (line.changed()) l.next = uint24(number);
        emit LeaseGatewayChosen(id, gateway, atOnce ? today : today + 1);
    }

    function settleLeases(uint256 epoch, uint256[] calldata ids, uint256[] calldata used) external alone {
        Settlement memory settlement = _openSettlement(epoch);
        if (ids.length != used.length) revert LengthMismatch(ids.length, used.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            _settleLease(settlement, ids[i], used[i]);
        }
    }

    function closeLease(uint256 id) external insists(CLOSING_GAS) {
        uint256 today = _epoch();
        (Lease storage l, LeaseLine line) = _find(id, today);
        if (today < line.end()) revert LeaseNotOver(id, line.end(), today);
        (address lessor, uint256 amount) = (l.lessor, line.amount());
        delete _leases[id];
        _raise(_accounts[lessor], amount, today);
        _accounts[lessor].leased -= amount;
        emit LeaseClosed(id, lessor, amount);
    }

    // --- reads ---

    function leaseOf(uint256 id)
        external
        view
        returns (address lessor, address lessee, uint256 amount, uint256 startEpoch, uint256 endEpoch)
    {
        Lease memory l = _leases[id];
        return (l.lessor, l.lessee, l.line.amount(), l.start, l.line.end());
    }

    function leaseLineOf(uint256 id)
        public
        view
        returns (
            uint256 epoch,
            uint256 allowance_,
            uint256 used,
            address gateway,
            uint256 nextAllowance,
            address nextGateway
        )
    {
        epoch = _epoch();
        if (_missing(_leases[id].line)) return (epoch, 0, 0, address(0), 0, address(0));
        (Lease storage l, LeaseLine line) = _find(id, epoch);
        (gateway, nextGateway) = _gatewaysOf(line.gateway(), line.changed() ? l.next : line.gateway(), epoch);
        (allowance_, used, nextAllowance) = (line.allowance(), line.used(), line.nextAllowance());
    }

    function leaseCreditsOf(uint256 id)
        external
        view
        returns (uint256 allowance_, uint256 used, uint256 remaining, uint256 epoch)
    {
        (epoch, allowance_, used,,,) = leaseLineOf(id);
        remaining = allowance_ - used;
    }

    function leaseGatewayOf(uint256 id) external view returns (address today, address next) {
        (,,, today,, next) = leaseLineOf(id);
    }

    function leasedOut(address account) external view returns (uint256) {
        return _accounts[account].leased;
    }

    // --- inside ---

    /// A lease and its line today.
    function _find(uint256 id, uint256 today)
        private
        view
        returns (Lease storage l, LeaseLine line)
    {
        l = _leases[id];
        line = l.line;
        if (_missing(line)) revert UnknownLease(id);
        if (line.epoch() == today) return (l, line);
        bool waited = line.changed();
        line = line.inEpoch(today);
        if (waited) line = line.withGateway(l.next);
    }

    function _missing(LeaseLine line) private pure returns (bool) {
        return LeaseLine.unwrap(line) == 0;
    }

    function _onlyLessee(uint256 id, Lease storage l) private view {
        if (msg.sender != l.lessee) revert OnlyLessee(id, msg.sender);
    }

    function _settleLease(Settlement memory settlement, uint256 id, uint256 used) private {
        (Lease storage l, LeaseLine line) = _find(id, settlement.epoch);
        if (!_covers(settlement, line.gateway())) revert NotItsLeaseGateway(id, msg.sender);
        uint256 allowed = line.allowance();
        if (used > allowed) revert InsufficientLeaseCredits(id, allowed, used);
        if (used <= line.used()) return;
        l.line = line.withUsed(used);
        emit LeaseSettled(id, msg.sender, settlement.epoch, used, allowed);
    }
}
