// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Guards} from "./Guards.sol";
import {IDiemForStakedVvv} from "./Interfaces.sol";

/// @title sVVV, our design in Solidity
/// @notice Staked VVV: a receipt one for one, not transferable. Rewards come from a funded reserve through one gross
/// index for free and locked sVVV; DIEM locks and unlocks, and releases the yield of what is locked.
/// The twin of the Stylus contract, kept for comparison: same interface, same numbers.
contract StakedVvv is Guards {
    using SafeERC20 for IERC20;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    event Staked(address indexed user, uint256 amount);
    event UnstakeInitiated(address indexed user, uint256 amount);
    event UnstakeFinalized(address indexed user, uint256 amount);
    event Claimed(address indexed user, uint256 amount);
    event EmissionRateUpdated(uint256 newEmissionRate);
    event RewardsFunded(address indexed from, uint256 amount);
    event Locked(address indexed account, uint256 amount);
    event Unlocked(address indexed account, uint256 amount);
    event LockedYieldPaid(address indexed to, uint256 amount);
    event DiemSet(address indexed diem);

    error NonTransferable();
    error AlreadyWired();
    error InvalidDiem(address diem);
    error EmissionRateTooHigh(uint256 rate, uint256 maximum);
    error ERC20InvalidSpender(address spender);
    error ERC20InvalidApprover(address approver);
    error NotWired();
    error OnlyDiem();
    error ZeroAmount();
    error ZeroAddress();
    error InexactTransfer(uint256 expected, uint256 received);
    error InsufficientUnlocked(uint256 unlocked, uint256 amount);
    error InsufficientLocked(uint256 locked, uint256 amount);
    error CooldownInProgress();
    error NoCooldown();
    error CooldownNotOver(uint256 cooldownEnd, uint256 timestamp);
    error LockedYieldExceeded(uint256 available, uint256 amount);
    error NothingToClaim();
    error CurveIndexOutOfRange(uint256 index);
    error AmountTooLarge(uint256 amount, uint256 maximum);

    struct Account {
        uint120 free; // WAD
        uint120 locked; // WAD
        bool settles; // whether DIEM may owe this account yield
    }

    struct Cooldown {
        uint128 amount; // VVV, WAD
        uint64 end; // seconds
    }

    struct Totals {
        uint128 staked; // sVVV supply, WAD
        uint128 locked; // WAD
    }

    struct Index {
        uint40 lastAccruedAt; // seconds
        uint216 value; // gross VVV per sVVV, scaled
    }

    struct Funds {
        uint128 reserve; // VVV not yet promised to anyone, WAD
        uint128 lockedYieldPaid; // so far, VVV, WAD
    }

    string public constant name = "Staked Venice Token";
    string public constant symbol = "sVVV";
    uint8 public constant decimals = 18;
    uint256 public constant ACC_REWARD_SCALE = 1e36;
    uint256 public constant cooldownDuration = 7 days;
    uint256 public constant veniceEmissionsPercentage = 0;
    uint256 public constant veniceEmissionsPercentageWhenLocked = 2e17;
    uint256 private constant WAD = 1e18;
    /// The live step table's grid, which the two table views compute.
    uint256 private constant GRID_STEP = 500e18;
    uint256 private constant GRID_SIZE = 256;
    /// Largest amount of sVVV that a balance holds.
    uint256 private constant MAX_AMOUNT = type(uint120).max;

    // The most gas that a call may need after its intrinsic gas: upper bounds by the EVM's prices, every slot that may
    // be fresh counted as such.
    uint256 private constant RATE_GAS = 50_000;
    uint256 private constant FUND_GAS = 110_000;
    uint256 private constant STAKE_GAS = 140_000;
    uint256 private constant PERMIT_GAS = 90_000;
    uint256 private constant UNSTAKE_GAS = 100_000;
    uint256 private constant CLAIM_GAS = 190_000;
    uint256 private constant MINT_GAS = 260_000;
    uint256 private constant BURN_GAS = 150_000;
    /// What DIEM needs to settle an account's yield, at the most: three slots, one of them fresh, a log.
    uint256 private constant SETTLEMENT = 50_000;
    /// What must be left for that to be given: a call keeps a sixty-fourth back, and costs.
    uint256 private constant ASK_FOR_SETTLEMENT = SETTLEMENT + SETTLEMENT / 63 + 6_000;

    IERC20 private immutable _venice;
    uint256 public immutable maxEmissionRatePerSecond;
    IDiemForStakedVvv private _diem;
    uint96 private _emissionRate; // beside DIEM's address, which each path that accrues reads as well
    Index private _index;
    Totals private _totals;
    Funds private _funds;
    /// What all locked sVVV earned is `locked * index - _lockDebt`, scaled and modulo 2^256, like an account's.
    uint256 private _lockDebt;
    /// All VVV ever funded; bounds all rewards ever.
    uint256 private _funded;
    mapping(address => Account) private _accounts;
    /// An account is owed `free * index - debt`, scaled, modulo 2^256. The difference is a sum of balance times index
    /// growth, which never passes 2^128 * 1e36 < 2^248: so it is exact although its terms may wrap.
    mapping(address => uint256) private _debts;
    mapping(address => Cooldown) private _cooldowns;
    /// Without power: integrators of the live system approve before they mint.
    mapping(address => mapping(address => uint256)) public allowance;

    modifier onlyDiem() {
        if (msg.sender == address(0) || msg.sender != address(_diem)) revert OnlyDiem();
        _;
    }

    constructor(address vvv, address owner_, uint256 emissionRate, uint256 maxEmissionRate) Ownable(owner_) {
        if (vvv == address(0)) revert ZeroAddress();
        _venice = IERC20(vvv);
        maxEmissionRatePerSecond = _checked(maxEmissionRate, type(uint96).max);
        _index.lastAccruedAt = uint40(block.timestamp);
        _setRate(emissionRate, maxEmissionRate);
    }

    // --- owner ---

    function setDiem(address diem_) external onlyOwner {
        if (diem_ == address(0)) revert ZeroAddress();
        if (address(_diem) != address(0)) revert AlreadyWired();
        // It would be for good: so not a wrong one.
        (bool answered, uint256 word) = _ask(diem_, abi.encodeCall(IDiemForStakedVvv.sVvv, ()), gasleft());
        if (!answered || word != uint160(address(this))) revert InvalidDiem(diem_);
        _diem = IDiemForStakedVvv(diem_);
        emit DiemSet(diem_);
    }

    function setEmissionRate(uint256 newEmissionRate) external insists(RATE_GAS) onlyOwner {
        _accrue();
        _setRate(newEmissionRate, maxEmissionRatePerSecond);
    }

    // --- users ---

    function fundRewards(uint256 amount) external insists(FUND_GAS) {
        if (amount == 0) revert ZeroAmount();
        _accrue();
        uint256 funded = _funded;
        // The reserve is part of all that was ever funded, so it fits as well.
        _funded = funded + _checked(amount, type(uint128).max - funded);
        _funds.reserve += uint128(amount);
        emit RewardsFunded(msg.sender, amount);
        _pull(amount);
    }

    function stake(address recipient, uint256 amount) external insists(STAKE_GAS) {
        _stake(recipient, amount);
    }

    function stakeWithPermit(address recipient, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        insists(STAKE_GAS + PERMIT_GAS)
    {
        // A permit that somebody submitted before us must not block the stake: the allowance decides.
        try IERC20Permit(address(_venice)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _stake(recipient, amount);
    }

    function initiateUnstake(uint256 amount) external insists(UNSTAKE_GAS) {
        if (amount == 0) revert ZeroAmount();
        if (_cooldowns[msg.sender].end != 0) revert CooldownInProgress();
        _accrue();
        _accounts[msg.sender].free = _debit(msg.sender, amount).free - uint120(amount);
        _totals.staked -= uint128(amount);
        _cooldowns[msg.sender] = Cooldown(uint128(amount), uint64(block.timestamp + cooldownDuration));
        emit Transfer(msg.sender, address(0), amount);
        emit UnstakeInitiated(msg.sender, amount);
    }

    function finalizeUnstake() external {
        Cooldown memory cooldown = _cooldowns[msg.sender];
        if (cooldown.end == 0) revert NoCooldown();
        if (block.timestamp < cooldown.end) revert CooldownNotOver(cooldown.end, block.timestamp);
        delete _cooldowns[msg.sender];
        emit UnstakeFinalized(msg.sender, cooldown.amount);
        _venice.safeTransfer(msg.sender, cooldown.amount);
    }

    function claim() external insists(CLAIM_GAS) {
        uint256 amount = _release(msg.sender);
        if (amount == 0) return;
        emit Claimed(msg.sender, amount);
        _venice.safeTransfer(msg.sender, amount);
    }

    function claimAndStake() external insists(CLAIM_GAS) {
        uint256 amount = _release(msg.sender);
        if (amount == 0) revert NothingToClaim();
        emit Claimed(msg.sender, amount);
        _credit(msg.sender, _checked(amount, MAX_AMOUNT));
    }

    function mintDiem(uint256 sVVVAmountToLock, uint256 minDiemAmountOut) external insists(MINT_GAS) {
        if (sVVVAmountToLock == 0) revert ZeroAmount();
        IDiemForStakedVvv diem_ = _wired();
        uint256 index = _accrue();
        _lock(msg.sender, sVVVAmountToLock);
        diem_.mintLocked(msg.sender, sVVVAmountToLock, minDiemAmountOut, index);
    }

    function burnDiem(uint256 diemAmountToBurn) external insists(BURN_GAS) {
        if (diemAmountToBurn == 0) revert ZeroAmount();
        IDiemForStakedVvv diem_ = _wired();
        uint256 index = _accrue();
        uint256 unlocked = diem_.burnUnlocked(msg.sender, diemAmountToBurn, index);
        _unlock(msg.sender, unlocked);
    }

    function transfer(address, uint256) external pure returns (bool) {
        revert NonTransferable();
    }

    function transferFrom(address, address, uint256) external pure returns (bool) {
        revert NonTransferable();
    }

    function approve(address spender, uint256 value) external returns (bool) {
        if (msg.sender == address(0)) revert ERC20InvalidApprover(msg.sender);
        if (spender == address(0)) revert ERC20InvalidSpender(spender);
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    // --- DIEM ---

    function lock(address account, uint256 amount) external onlyDiem returns (uint256 index) {
        index = _accrue();
        _lock(account, amount);
    }

    function unlock(address account, uint256 amount) external onlyDiem returns (uint256 index) {
        index = _accrue();
        _unlock(account, amount);
    }

    function payLockedYield(address to, uint256 amount) external onlyDiem {
        _accrue();
        uint256 available = _lockedYieldAvailable();
        if (amount > available) revert LockedYieldExceeded(available, amount);
        _funds.lockedYieldPaid += uint128(amount);
        emit LockedYieldPaid(to, amount);
        _venice.safeTransfer(to, amount);
    }

    // --- reads ---

    function venice() external view returns (address) {
        return address(_venice);
    }

    function diem() external view returns (address) {
        return address(_diem);
    }

    function treasury() external view returns (address) {
        return address(_diem) == address(0) ? address(0) : _diem.treasury();
    }

    function totalSupply() external view returns (uint256) {
        return _totals.staked;
    }

    function balanceOf(address account) external view returns (uint256) {
        Account memory words = _accounts[account];
        return uint256(words.free) + words.locked;
    }

    function balanceOfUnlocked(address user) external view returns (uint256) {
        return _accounts[user].free;
    }

    function stakes(address user) external view returns (uint256, uint256, uint256) {
        Cooldown memory cooldown = _cooldowns[user];
        return (_debts[user], cooldown.end, cooldown.amount);
    }

    function lockedStakes(address user) external view returns (uint256, uint256) {
        uint256 locked = _accounts[user].locked;
        return (locked, locked == 0 ? 0 : _diem.outstandingOf(user));
    }

    function totalLockedStakedVVV() external view returns (uint256) {
        return _totals.locked;
    }

    function pendingRewards(address user) external view returns (uint256) {
        (uint256 index,) = _pending();
        Account memory account = _accounts[user];
        uint256 amount = _owed(account.free, index, _debts[user]);
        return account.settles ? amount + _diem.pendingYieldAt(user, index) : amount;
    }

    function getDiemAmountOut(uint256 sVVVAmountToLock) external view returns (uint256) {
        return _wired().previewMint(sVVVAmountToLock);
    }

    function diemSupply(uint256 index) public pure returns (uint256) {
        if (index >= GRID_SIZE) revert CurveIndexOutOfRange(index);
        return GRID_STEP * (index + 1);
    }

    function diemMintRates(uint256 index) external view returns (uint256) {
        return _wired().mintRateAt(diemSupply(index));
    }

    function emissionRatePerSecond() external view returns (uint256) {
        return _emissionRate;
    }

    function rewardReserve() external view returns (uint256) {
        (, uint256 reserve) = _pending();
        return reserve;
    }

    function lastRewardTimestamp() external view returns (uint256) {
        return _index.lastAccruedAt;
    }

    function accRewardPerShare() external view returns (uint256) {
        return _index.value;
    }

    function accRewardPerShareLocked() external view returns (uint256) {
        return Math.mulDiv(_index.value, WAD - veniceEmissionsPercentageWhenLocked, WAD);
    }

    function currentIndex() external view returns (uint256 index) {
        (index,) = _pending();
    }

    function lockedYield() external view returns (uint256 earned, uint256 paid) {
        (uint256 index,) = _pending();
        earned = _owed(_totals.locked, index, _lockDebt);
        paid = _funds.lockedYieldPaid;
    }

    // --- inside ---

    /// The index and the reserve as of now.
    function _pending() private view returns (uint256 index, uint256 reserve) {
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
    function _accrue() private returns (uint256 index) {
        if (_index.lastAccruedAt == block.timestamp) return _index.value;
        uint256 reserve;
        (index, reserve) = _pending();
        _index = Index(uint40(block.timestamp), uint216(index));
        _funds.reserve = uint128(reserve);
    }

    function _setRate(uint256 rate, uint256 maximum) private {
        if (rate > maximum) revert EmissionRateTooHigh(rate, maximum);
        _emissionRate = uint96(rate);
        emit EmissionRateUpdated(rate);
    }

    /// What `amount` earned in VVV, rounded down; see `_debts` for why it may wrap.
    function _owed(uint256 amount, uint256 index, uint256 debt) private pure returns (uint256) {
        unchecked {
            return (amount * index - debt) / ACC_REWARD_SCALE;
        }
    }

    /// Makes `amount` count from now on (`sign` 1) or no longer (`sign` -1).
    function _moveDebt(uint256 debt, uint256 amount, int256 sign) private view returns (uint256) {
        unchecked {
            return debt + uint256(sign) * amount * _index.value;
        }
    }

    /// Takes `amount` out of the free sVVV's rewards; the caller writes the balance.
    function _debit(address user, uint256 amount) private returns (Account memory account) {
        account = _accounts[user];
        if (amount > account.free) revert InsufficientUnlocked(account.free, amount);
        _debts[user] = _moveDebt(_debts[user], amount, -1);
    }

    function _stake(address recipient, uint256 amount) private {
        if (amount == 0) revert ZeroAmount();
        _checked(amount, MAX_AMOUNT);
        if (recipient == address(0)) revert ZeroAddress();
        _accrue();
        _credit(recipient, amount);
        _pull(amount);
    }

    function _credit(address recipient, uint256 amount) private {
        // One account's balance is part of the total, so the total's bound holds for both.
        uint256 staked = _totals.staked;
        _totals.staked = uint128(staked + _checked(amount, MAX_AMOUNT - staked));
        _accounts[recipient].free += uint120(amount);
        _debts[recipient] = _moveDebt(_debts[recipient], amount, 1);
        emit Transfer(address(0), recipient, amount);
        emit Staked(recipient, amount);
    }

    /// Takes VVV from the caller and measures it.
    function _pull(uint256 amount) private {
        uint256 before = _venice.balanceOf(address(this));
        _venice.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = _venice.balanceOf(address(this)) - before;
        if (received != amount) revert InexactTransfer(amount, received);
    }

    /// Everything the user may take: free rewards and the locked yield net of fee. Where DIEM does not answer, or asks
    /// for what locked sVVV did not earn, the locked part stays where it is; mere lack of gas must not pass for that, so
    /// what DIEM may need has to be there.
    function _release(address user) private returns (uint256 amount) {
        uint256 index = _accrue();
        Account memory account = _accounts[user];
        uint256 debt = _debts[user];
        amount = _owed(account.free, index, debt);
        unchecked {
            // A fraction of a wei stays for the next time.
            if (amount != 0) _debts[user] = debt + amount * ACC_REWARD_SCALE;
        }
        if (!account.settles) return amount;
        _insist(ASK_FOR_SETTLEMENT);
        bytes memory question = abi.encodeCall(IDiemForStakedVvv.settleYield, (user, index));
        (bool answered, uint256 net) = _ask(address(_diem), question, SETTLEMENT);
        if (!answered || net > _lockedYieldAvailable()) return amount;
        if (account.locked == 0) _accounts[user].settles = false;
        if (net == 0) return amount;
        _funds.lockedYieldPaid += uint128(net);
        amount += net;
    }

    /// The first word that `target` answers within `gasLimit`, if it does.
    function _ask(address target, bytes memory question, uint256 gasLimit)
        private
        returns (bool answered, uint256 word)
    {
        assembly ("memory-safe") {
            answered := call(gasLimit, target, 0, add(question, 32), mload(question), 0, 32)
            answered := and(answered, gt(returndatasize(), 31))
            if answered { word := mload(0) }
        }
    }

    /// The wall between DIEM and everybody else's VVV: locked yield paid never passes locked yield earned.
    function _lockedYieldAvailable() private view returns (uint256) {
        return _owed(_totals.locked, _index.value, _lockDebt) - _funds.lockedYieldPaid;
    }

    function _lock(address user, uint256 amount) private {
        Account memory account = _debit(user, amount);
        _accounts[user] = Account(account.free - uint120(amount), account.locked + uint120(amount), true);
        _totals.locked += uint128(amount);
        _lockDebt = _moveDebt(_lockDebt, amount, 1);
        emit Locked(user, amount);
    }

    function _unlock(address user, uint256 amount) private {
        Account memory account = _accounts[user];
        if (amount > account.locked) revert InsufficientLocked(account.locked, amount);
        _accounts[user] = Account(account.free + uint120(amount), account.locked - uint120(amount), true);
        _debts[user] = _moveDebt(_debts[user], amount, 1);
        _totals.locked -= uint128(amount);
        _lockDebt = _moveDebt(_lockDebt, amount, -1);
        emit Unlocked(user, amount);
    }

    function _checked(uint256 amount, uint256 maximum) private pure returns (uint256) {
        if (amount > maximum) revert AmountTooLarge(amount, maximum);
        return amount;
    }

    function _wired() private view returns (IDiemForStakedVvv) {
        if (address(_diem) == address(0)) revert NotWired();
        return _diem;
    }
}
