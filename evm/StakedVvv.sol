// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Guards} from "./Guards.sol";
import {CommonErrors, DiemErrors, IDiemForStakedVvv} from "./Interfaces.sol";
import {Pool} from "./Pool.sol";
import {Vvv} from "./Vvv.sol";

/// @title sVVV for chains without Stylus
/// @notice Staked VVV: a receipt one for one, not transferable. Rewards come from a funded reserve through one gross
/// index for free and locked sVVV; DIEM locks and unlocks, and releases the yield of what is locked.
/// The twin of the Stylus contract in `contracts/staked-vvv`: same interface, same numbers.
contract StakedVvv is Guards, Pool, Vvv, CommonErrors, DiemErrors {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    event Staked(address indexed user, uint256 amount);
    event UnstakeInitiated(address indexed user, uint256 amount);
    event UnstakeFinalized(address indexed user, uint256 amount);
    event Claimed(address indexed user, uint256 amount);
    event RewardsFunded(address indexed from, uint256 amount);
    event Locked(address indexed account, uint256 amount);
    event Unlocked(address indexed account, uint256 amount);
    event LockedYieldPaid(address indexed to, uint256 amount);
    event DiemSet(address indexed diem);

    error NonTransferable();
    error AlreadyWired();
    error InvalidDiem(address diem);
    error ERC20InvalidSpender(address spender);
    error ERC20InvalidApprover(address approver);
    error NotWired();
    error CooldownInProgress();
    error NothingToClaim();
    error CurveIndexOutOfRange(uint256 index);
    error DiemCallFailed();
    // Passed on from DIEM, beside DiemErrors; there OpenZeppelin and the curve declare them.
    error MintCapExceeded(uint256 requested, uint256 available);
    error RateOverflow(uint256 supply);
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    error ERC20InvalidSender(address sender);

    struct Balances {
        uint120 free; // WAD
        uint120 locked; // WAD
        bool settles; // whether DIEM may owe this account yield
    }

    struct Cooldown {
        uint128 amount; // VVV, WAD
        uint64 end; // seconds
    }

    struct Account {
        Balances balances;
        uint256 debt; // it is owed `free * index - debt`, scaled, modulo 2^256; see Pool for why that is exact
        Cooldown cooldown;
    }

    string public constant name = "Staked Venice Token";
    string public constant symbol = "sVVV";
    uint8 public constant decimals = 18;
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

    uint256 public immutable maxEmissionRatePerSecond;
    mapping(address => Account) private _accounts;
    /// Without power: integrators of the live system approve before they mint.
    mapping(address => mapping(address => uint256)) public allowance;

    modifier onlyDiem() {
        _requireAlone();
        if (msg.sender == address(0) || msg.sender != _diem) revert OnlyDiem();
        _;
    }

    constructor(address vvv, address owner_, uint256 emissionRate, uint256 maxEmissionRate)
        Ownable(owner_)
        Vvv(vvv)
    {
        if (vvv == address(0)) revert ZeroAddress();
        maxEmissionRatePerSecond = _checked(maxEmissionRate, type(uint96).max);
        _index.lastAccruedAt = uint40(block.timestamp);
        _setRate(emissionRate, maxEmissionRate);
    }

    // --- owner ---

    function setDiem(address diem_) external onlyOwner {
        if (diem_ == address(0)) revert ZeroAddress();
        if (_diem != address(0)) revert AlreadyWired();
        // It would be for good: so not a wrong one.
        bytes memory question = abi.encodeCall(IDiemForStakedVvv.sVvv, ());
        (bool answered, uint256 size, uint256 word) = _try(diem_, question, gasleft());
        if (!answered || size < 32 || word != uint160(address(this))) revert InvalidDiem(diem_);
        _diem = diem_;
        emit DiemSet(diem_);
    }

    function setEmissionRate(uint256 newEmissionRate) external insists(RATE_GAS) onlyOwner {
        _accrue();
        _setRate(newEmissionRate, maxEmissionRatePerSecond);
    }

    // --- users ---

    function fundRewards(uint256 amount) external insists(FUND_GAS) {
        if (amount == 0) revert ZeroAmount();
        _fund(amount);
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
        _submitPermit(amount, deadline, v, r, s);
        _stake(recipient, amount);
    }

    function initiateUnstake(uint256 amount) external insists(UNSTAKE_GAS) {
        if (amount == 0) revert ZeroAmount();
        Account storage mine = _accounts[msg.sender];
        if (mine.cooldown.amount != 0) revert CooldownInProgress();
        _accrue();
        mine.balances.free = _debit(mine, amount).free - uint120(amount);
        _totals.staked -= uint128(amount);
        mine.cooldown = Cooldown(uint128(amount), uint64(block.timestamp + cooldownDuration));
        emit Transfer(msg.sender, address(0), amount);
        emit UnstakeInitiated(msg.sender, amount);
    }

    function finalizeUnstake() external alone {
        Account storage mine = _accounts[msg.sender];
        Cooldown memory cooldown = mine.cooldown;
        if (cooldown.amount == 0) revert NoCooldown();
        if (block.timestamp < cooldown.end) revert CooldownNotOver(cooldown.end, block.timestamp);
        delete mine.cooldown;
        emit UnstakeFinalized(msg.sender, cooldown.amount);
        _pay(msg.sender, cooldown.amount);
    }

    function claim() external insists(CLAIM_GAS) {
        uint256 amount = _release(msg.sender);
        if (amount == 0) return;
        emit Claimed(msg.sender, amount);
        _pay(msg.sender, amount);
    }

    function claimAndStake() external insists(CLAIM_GAS) {
        uint256 amount = _release(msg.sender);
        if (amount == 0) revert NothingToClaim();
        emit Claimed(msg.sender, amount);
        _credit(msg.sender, _checked(amount, MAX_AMOUNT));
    }

    function mintDiem(uint256 sVVVAmountToLock, uint256 minDiemAmountOut) external insists(MINT_GAS) {
        if (sVVVAmountToLock == 0) revert ZeroAmount();
        address diem_ = _wired();
        uint256 index = _accrue();
        _lock(msg.sender, sVVVAmountToLock);
        _askDiem(
            diem_,
            abi.encodeCall(IDiemForStakedVvv.mintLocked, (msg.sender, sVVVAmountToLock, minDiemAmountOut, index))
        );
    }

    /// DIEM says how much a burn unlocks, so it is called first; it calls nobody back.
    function burnDiem(uint256 diemAmountToBurn) external insists(BURN_GAS) {
        if (diemAmountToBurn == 0) revert ZeroAmount();
        address diem_ = _wired();
        uint256 index = _accrue();
        uint256 unlocked =
            _askDiem(diem_, abi.encodeCall(IDiemForStakedVvv.burnUnlocked, (msg.sender, diemAmountToBurn, index)));
        _unlock(msg.sender, unlocked);
    }

    // Virtual, because they are no reads although they read nothing.
    function transfer(address, uint256) external virtual returns (bool) {
        revert NonTransferable();
    }

    function transferFrom(address, address, uint256) external virtual returns (bool) {
        revert NonTransferable();
    }

    function approve(address spender, uint256 value) external alone returns (bool) {
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
        _pay(to, amount);
    }

    // --- reads ---

    function diem() external view returns (address) {
        return _diem;
    }

    function treasury() external view alone returns (address) {
        if (_diem == address(0)) return address(0);
        return address(uint160(_readDiem(abi.encodeCall(IDiemForStakedVvv.treasury, ()))));
    }

    function totalSupply() external view alone returns (uint256) {
        return _totals.staked;
    }

    function balanceOf(address account) external view alone returns (uint256) {
        Balances memory balances = _accounts[account].balances;
        return uint256(balances.free) + balances.locked;
    }

    function balanceOfUnlocked(address user) external view alone returns (uint256) {
        return _accounts[user].balances.free;
    }

    function stakes(address user)
        external
        view
        alone
        returns (uint256 rewardDebt, uint256 cooldownEnd, uint256 cooldownAmount)
    {
        Account storage account = _accounts[user];
        Cooldown memory cooldown = account.cooldown;
        return (account.debt, cooldown.end, cooldown.amount);
    }

    function lockedStakes(address user)
        external
        view
        alone
        returns (uint256 sVVVLockedAmount, uint256 outstandingDiemAmount)
    {
        Balances memory balances = _accounts[user].balances;
        if (!balances.settles) return (0, 0);
        return (balances.locked, _readDiem(abi.encodeCall(IDiemForStakedVvv.outstandingOf, (user))));
    }

    function totalLockedStakedVVV() external view alone returns (uint256) {
        return _totals.locked;
    }

    function pendingRewards(address user) external view alone returns (uint256) {
        (uint256 index,) = _pending();
        Account storage account = _accounts[user];
        Balances memory balances = account.balances;
        uint256 amount = _owed(balances.free, index, account.debt);
        if (!balances.settles) return amount;
        return amount + _readDiem(abi.encodeCall(IDiemForStakedVvv.pendingYieldAt, (user, index)));
    }

    function getDiemAmountOut(uint256 sVVVAmountToLock) external view alone returns (uint256) {
        return _readDiem(abi.encodeCall(IDiemForStakedVvv.previewMint, (sVVVAmountToLock)));
    }

    function diemSupply(uint256 index) public view virtual returns (uint256) {
        if (index >= GRID_SIZE) revert CurveIndexOutOfRange(index);
        return GRID_STEP * (index + 1);
    }

    function diemMintRates(uint256 index) external view alone returns (uint256) {
        return _readDiem(abi.encodeCall(IDiemForStakedVvv.mintRateAt, (diemSupply(index))));
    }

    function emissionRatePerSecond() external view returns (uint256) {
        return _emissionRate;
    }

    function rewardReserve() external view alone returns (uint256) {
        (, uint256 reserve) = _pending();
        return reserve;
    }

    function lastRewardTimestamp() external view alone returns (uint256) {
        return _index.lastAccruedAt;
    }

    function accRewardPerShare() external view alone returns (uint256) {
        return _index.value;
    }

    function accRewardPerShareLocked() external view alone returns (uint256) {
        return Math.mulDiv(_index.value, WAD - veniceEmissionsPercentageWhenLocked, WAD);
    }

    function currentIndex() external view alone returns (uint256 index) {
        (index,) = _pending();
    }

    function lockedYield() external view alone returns (uint256 earned, uint256 paid) {
        (uint256 index,) = _pending();
        earned = _owed(_totals.locked, index, _lockDebt);
        paid = _funds.lockedYieldPaid;
    }

    // --- inside ---

    /// Takes `amount` out of the free sVVV's rewards; the caller writes the balance.
    function _debit(Account storage account, uint256 amount) private returns (Balances memory balances) {
        balances = account.balances;
        if (amount > balances.free) revert InsufficientUnlocked(balances.free, amount);
        account.debt = _debtWithout(account.debt, amount);
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
        Account storage account = _accounts[recipient];
        account.balances.free += uint120(amount);
        account.debt = _debtWith(account.debt, amount);
        emit Transfer(address(0), recipient, amount);
        emit Staked(recipient, amount);
    }

    /// Everything the user may take: free rewards and the locked yield net of fee. Where DIEM does not answer, or asks
    /// for what locked sVVV did not earn, the locked part stays where it is; mere lack of gas must not pass for that, so
    /// what DIEM may need has to be there.
    function _release(address user) private returns (uint256 amount) {
        uint256 index = _accrue();
        Account storage account = _accounts[user];
        Balances memory balances = account.balances;
        uint256 debt = account.debt;
        amount = _owed(balances.free, index, debt);
        unchecked {
            // A fraction of a wei stays for the next time.
            if (amount != 0) account.debt = debt + amount * ACC_REWARD_SCALE;
        }
        if (!balances.settles) return amount;
        _insist(ASK_FOR_SETTLEMENT);
        bytes memory question = abi.encodeCall(IDiemForStakedVvv.settleYield, (user, index));
        (bool answered, uint256 size, uint256 net) = _try(_diem, question, SETTLEMENT);
        if (!answered || size < 32 || net > _lockedYieldAvailable()) return amount;
        if (balances.locked == 0) account.balances.settles = false;
        if (net == 0) return amount;
        _funds.lockedYieldPaid += uint128(net);
        amount += net;
    }

    function _lock(address user, uint256 amount) private {
        Account storage account = _accounts[user];
        Balances memory balances = _debit(account, amount);
        account.balances = Balances(balances.free - uint120(amount), balances.locked + uint120(amount), true);
        _addLocked(amount);
        emit Locked(user, amount);
    }

    function _unlock(address user, uint256 amount) private {
        Account storage account = _accounts[user];
        Balances memory balances = account.balances;
        if (amount > balances.locked) revert InsufficientLocked(balances.locked, amount);
        account.balances =
            Balances(balances.free + uint120(amount), balances.locked - uint120(amount), balances.settles);
        account.debt = _debtWith(account.debt, amount);
        _removeLocked(amount);
        emit Unlocked(user, amount);
    }

    function _wired() private view returns (address) {
        if (_diem == address(0)) revert NotWired();
        return _diem;
    }

    function _askDiem(address diem_, bytes memory question) private returns (uint256) {
        (uint256 size, uint256 word) = _call(diem_, question);
        return _answer(size, word);
    }

    /// A read of DIEM; its revert is passed on.
    function _readDiem(bytes memory question) private view returns (uint256) {
        (uint256 size, uint256 word) = _view(_wired(), question);
        return _answer(size, word);
    }

    function _answer(uint256 size, uint256 word) private pure returns (uint256) {
        if (size < 32) revert DiemCallFailed();
        return word;
    }
}
