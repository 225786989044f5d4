// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Guards} from "./Guards.sol";
import {CommonErrors} from "./Interfaces.sol";
import {Ledger} from "./Ledger.sol";

/// @title Gateways
/// @notice Who is registered, who settles lines that never chose, and who may revoke. A line holds its gateway's
/// number: 0 never chose, 1 nobody, registered ones from 2 on. A revoked gateway keeps number, choices and its place
/// as default; it settles nothing.
abstract contract Gateways is Guards, CommonErrors {
    event GatewaySet(address indexed gateway, bool allowed);
    event DefaultGatewaySet(address indexed gateway, uint256 fromEpoch);
    event GuardianUpdated(address newGuardian);

    error OnlyGuardian();
    error OnlyGateway(address caller);
    error UnknownGateway(address gateway);
    error TooManyGateways(uint256 maximum);
    error WrongEpoch(uint256 epoch, uint256 today);

    struct Gateway {
        uint24 number;
        bool allowed;
    }

    struct Default {
        uint24 counts; // before `from`
        uint24 lastSet; // from `from` on
        uint24 from; // epoch
        uint24 registered; // gateways ever
    }

    /// One settlement: who states it, and of which epoch.
    struct Settlement {
        uint256 epoch;
        uint256 number;
        uint256 defaultNumber; // UNASKED until a line needs it
    }

    uint256 internal constant EPOCH = 1 days;
    /// As in StakedVvv: the most gas that a call may need after its intrinsic gas.
    uint256 private constant DEFAULT_GAS = 50_000;
    uint256 private constant NOBODY = 1;
    uint256 private constant FIRST = 2;
    uint256 private constant MOST = type(uint24).max - 1;
    uint256 private constant DEFAULT_DELAY = 2;
    uint256 private constant UNASKED = type(uint256).max;

    address public guardian;
    mapping(address => Gateway) private _gateways;
    mapping(uint256 => address) private _addresses;
    Default private _default;

    modifier onlyGuardian() {
        _requireAlone();
        if (msg.sender == address(0) || msg.sender != guardian) revert OnlyGuardian();
        _;
    }

    // --- roles ---

    function setGuardian(address newGuardian) external onlyOwner {
        _setGuardian(newGuardian);
    }

    function setGateway(address gateway, bool allowed) external onlyOwner {
        if (gateway == address(0)) revert ZeroAddress();
        uint256 number = _gateways[gateway].number;
        if (allowed && number == 0) number = _register(gateway);
        _gateways[gateway] = Gateway(uint24(number), allowed);
        emit GatewaySet(gateway, allowed);
    }

    function revokeGateway(address gateway) external onlyGuardian {
        if (_gateways[gateway].number == 0) revert UnknownGateway(gateway);
        _gateways[gateway].allowed = false;
        emit GatewaySet(gateway, false);
    }

    function setDefaultGateway(address gateway) external insists(DEFAULT_GAS) onlyOwner {
        uint256 number = _choice(gateway);
        Default memory d = _default;
        uint256 today = _epoch();
        uint256 from = today + DEFAULT_DELAY;
        _default = Default(uint24(_defaultIn(d, today)), uint24(number), uint24(from), d.registered);
        emit DefaultGatewaySet(gateway, from);
    }

    // --- reads ---

    function isGateway(address account) external view returns (bool) {
        return _gateways[account].allowed;
    }

    function defaultGateway() external view returns (address today, address next, uint256 fromEpoch) {
        Default memory d = _default;
        return (_addresses[_defaultIn(d, _epoch())], _addresses[d.lastSet], d.from);
    }

    function nextRefresh() external view returns (uint256) {
        return (_epoch() + 1) * EPOCH;
    }

    // --- inside ---

    function _epoch() internal view returns (uint256) {
        return block.timestamp / EPOCH;
    }

    function _setGuardian(address newGuardian) internal {
        guardian = newGuardian;
        emit GuardianUpdated(newGuardian);
    }

    /// The number by which a choice of `gateway` is noted.
    function _choice(address gateway) internal view returns (uint256) {
        if (gateway == address(0)) return NOBODY;
        Gateway memory g = _gateways[gateway];
        if (!g.allowed) revert UnknownGateway(gateway);
        return g.number;
    }

    /// The addresses behind a line's gateways of `epoch` and of the one after; zero for nobody.
    function _gatewaysOf(uint256 today, uint256 next, uint256 epoch) internal view returns (address, address) {
        return (_gatewayIn(today, epoch), _gatewayIn(next, epoch + 1));
    }

    /// Lets an allowed gateway state what was used today.
    function _openSettlement(uint256 epoch) internal view returns (Settlement memory) {
        Gateway memory g = _gateways[msg.sender];
        // Before any number is compared: a stranger's 0 is that of lines that never chose.
        if (!g.allowed) revert OnlyGateway(msg.sender);
        uint256 today = _epoch();
        if (epoch != today) revert WrongEpoch(epoch, today);
        return Settlement(epoch, g.number, UNASKED);
    }

    /// Whether the line whose gateway has `number` may be settled.
    function _covers(Settlement memory s, uint256 number) internal view returns (bool) {
        if (number != Ledger.NEVER_CHOSE) return number == s.number;
        if (s.defaultNumber == UNASKED) s.defaultNumber = _defaultIn(_default, s.epoch);
        return s.defaultNumber == s.number;
    }

    function _register(address gateway) private returns (uint256 number) {
        uint256 registered = _default.registered;
        if (registered >= MOST) revert TooManyGateways(MOST);
        _default.registered = uint24(registered + 1);
        number = FIRST + registered;
        _addresses[number] = gateway;
    }

    function _gatewayIn(uint256 number, uint256 epoch) private view returns (address) {
        return _addresses[number == Ledger.NEVER_CHOSE ? _defaultIn(_default, epoch) : number];
    }

    function _defaultIn(Default memory d, uint256 epoch) private pure returns (uint256) {
        return epoch < d.from ? d.counts : d.lastSet;
    }
}
