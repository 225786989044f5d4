// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Gateways} from "./Gateways.sol";
import {Ledger, Line} from "./Ledger.sol";

/// @title Staked DIEM and the credit lines of accounts
/// @notice One staked DIEM is one dollar of credit per UTC day, settled by the line's one gateway in totals. Within an
/// epoch an allowance never falls and the gateway of a line that has one never changes: unstaking, leasing and choices
/// wait for the next epoch, which needs no transaction.
abstract contract Credits is Gateways {
    using Ledger for Line;
    using Ledger for Ledger.Waiting;
    using Ledger for uint256;

    event Staked(address indexed user, uint256 amount);
    event UnstakeInitiated(address indexed user, uint256 amount);
    event Unstaked(address indexed user, uint256 amount);
    event CreditsSettled(
        address indexed account, address indexed gateway, uint256 indexed epoch, uint256 used, uint256 allowance
    );
    event GatewayChosen(address indexed account, address indexed gateway, uint256 fromEpoch);

    error InsufficientStake(uint256 available, uint256 amount);
    error NotItsGateway(address account, address gateway);
    error InsufficientCredits(address account, uint256 allowance, uint256 used);
    error LengthMismatch(uint256 lines, uint256 totals);

    struct Account {
        Line line;
        uint256 waiting; // Ledger.Waiting
        uint256 leased; // dollars a day, WAD; touched by lessors alone
    }

    uint256 public constant cooldownDuration = 1 days;
    // As in StakedVvv: the most gas that a call may need after its intrinsic gas.
    uint256 private constant STAKE_GAS = 100_000;
    uint256 private constant UNSTAKE_GAS = 60_000;
    uint256 internal constant CHOICE_GAS = 65_000;

    uint256 public totalStaked;
    mapping(address => Account) internal _accounts;

    /// Moves liquid DIEM; the token decides what happens.
    function _moveDiem(address from, address to, uint256 amount) internal virtual;

    // --- staking ---

    function stake(uint256 amount) external insists(STAKE_GAS) {
        if (amount == 0) revert ZeroAmount();
        _moveDiem(msg.sender, address(this), amount);
        _raise(_accounts[msg.sender], amount, _epoch());
        unchecked {
            // Part of the total supply.
            totalStaked += amount;
        }
        emit Staked(msg.sender, amount);
    }

    function initiateUnstake(uint256 amount) external insists(UNSTAKE_GAS) {
        if (amount == 0) revert ZeroAmount();
        Account storage mine = _accounts[msg.sender];
        (Line line, Ledger.Waiting memory waiting) = _load(mine, _epoch());
        line = _leave(line, waiting, amount);
        waiting.cooling += amount;
        waiting.end = block.timestamp + cooldownDuration;
        _store(mine, line, waiting);
        emit UnstakeInitiated(msg.sender, amount);
    }

    /// Empties the bucket, and touches nothing else of the account.
    function unstake() external alone {
        Account storage mine = _accounts[msg.sender];
        Ledger.Waiting memory waiting = mine.waiting.toWaiting();
        uint256 amount = waiting.cooling;
        if (amount == 0) revert NoCooldown();
        if (block.timestamp < waiting.end) revert CooldownNotOver(waiting.end, block.timestamp);
        (waiting.cooling, waiting.end) = (0, 0);
        mine.waiting = waiting.pack();
        totalStaked -= amount;
        _moveDiem(address(this), msg.sender, amount);
        emit Unstaked(msg.sender, amount);
    }

    function stakedInfos(address account)
        external
        view
        returns (uint256 amountStaked, uint256 coolDownEnd, uint256 coolDownAmount)
    {
        (Line line, Ledger.Waiting memory waiting) = _load(_accounts[account], _epoch());
        return (line.nextAllowance(waiting) + _accounts[account].leased, waiting.end, waiting.cooling);
    }

    // --- lines ---

    function lineOf(address account)
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
        (Line line, Ledger.Waiting memory waiting) = _load(_accounts[account], epoch);
        (gateway, nextGateway) = _gatewaysOf(line.gateway(), line.nextGateway(waiting), epoch);
        (allowance_, used, nextAllowance) = (line.allowance(), line.used(), line.nextAllowance(waiting));
    }

    function creditsOf(address account)
        external
        view
        returns (uint256 allowance_, uint256 used, uint256 remaining, uint256 epoch)
    {
        (epoch, allowance_, used,,,) = lineOf(account);
        remaining = allowance_ - used;
    }

    function nextAllowanceOf(address account) external view returns (uint256 nextAllowance) {
        (,,,, nextAllowance,) = lineOf(account);
    }

    function gatewayOf(address account) external view returns (address today, address next) {
        (,,, today,, next) = lineOf(account);
    }

    function chooseGateway(address gateway) external insists(CHOICE_GAS) {
        uint256 number = _choice(gateway);
        uint256 today = _epoch();
        Account storage mine = _accounts[msg.sender];
        (Line line, Ledger.Waiting memory waiting) = _load(mine, today);
        bool atOnce;
        (line, atOnce) = line.choose(waiting, number);
        // At once, the second word has nothing to say: it may never be touched.
        if (atOnce) mine.line = line;
        else _store(mine, line, waiting);
        emit GatewayChosen(msg.sender, gateway, atOnce ? today : today + 1);
    }

    function settle(uint256 epoch, address account, uint256 used) external alone {
        _settleLine(_openSettlement(epoch), account, used);
    }

    function settleBatch(uint256 epoch, address[] calldata accounts, uint256[] calldata used) external alone {
        Settlement memory settlement = _openSettlement(epoch);
        if (accounts.length != used.length) revert LengthMismatch(accounts.length, used.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            _settleLine(settlement, accounts[i], used[i]);
        }
    }

    // --- inside ---

    /// The account's line today; the second word is read only where it must be.
    function _today(Account storage account, uint256 today) internal view returns (Line) {
        Line line = account.line;
        if (line.epoch() == today) return line;
        if (!line.changed()) return line.inEpoch(today);
        Ledger.Waiting memory waiting = account.waiting.toWaiting();
        return line.inEpoch(today).withAllowance(line.nextAllowance(waiting)).withGateway(line.nextGateway(waiting));
    }

    /// Both words, today; without the line's flag, what waits is void.
    function _load(Account storage account, uint256 today)
        internal
        view
        returns (Line line, Ledger.Waiting memory waiting)
    {
        line = _today(account, today);
        waiting = account.waiting.toWaiting();
        if (!line.changed()) (waiting.leaving, waiting.next) = (0, Ledger.NEVER_CHOSE);
    }

    function _store(Account storage account, Line line, Ledger.Waiting memory waiting) internal {
        account.line = line;
        account.waiting = waiting.pack();
    }

    /// Adds to the allowance at once.
    function _raise(Account storage account, uint256 amount, uint256 today) internal {
        Line line = _today(account, today);
        account.line = line.withAllowance(line.allowance() + amount);
    }

    /// Takes `amount` off what the line starts the next epoch with.
    function _leave(Line line, Ledger.Waiting memory waiting, uint256 amount) internal pure returns (Line) {
        uint256 available = line.nextAllowance(waiting);
        if (amount > available) revert InsufficientStake(available, amount);
        waiting.leaving += amount;
        return line.withChange(true);
    }

    function _settleLine(Settlement memory settlement, address account, uint256 used) private {
        Account storage its = _accounts[account];
        Line line = _today(its, settlement.epoch);
        if (!_covers(settlement, line.gateway())) revert NotItsGateway(account, msg.sender);
        uint256 allowed = line.allowance();
        if (used > allowed) revert InsufficientCredits(account, allowed, used);
        if (used <= line.used()) return;
        its.line = line.withUsed(used);
        emit CreditsSettled(account, msg.sender, settlement.epoch, used, allowed);
    }
}
