// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// @title sVVV: staked VVV
/// @notice Stake VVV one for one, earn emissions from a funded reserve, lock sVVV to mint DIEM. The
/// receipt cannot be transferred. Constructor:
/// `(address vvv, address owner, uint256 emissionRatePerSecond, uint256 maxEmissionRatePerSecond)`.
/// @dev Amounts of VVV, sVVV and DIEM have 18 decimals; times are seconds since 1970; every division
/// rounds down unless said otherwise. Amounts above 2^120 - 1 are refused with `AmountTooLarge`. Errors include
/// those of DIEM and VVV that a call passes on.
interface IStakedVvv {
    // ------------------------------------------------------------------ events

    /// @notice sVVV created (`from` zero: stake, claimAndStake) or burned (`to` zero: initiateUnstake). Nothing else moves sVVV.
    event Transfer(address indexed from, address indexed to, uint256 value);
    /// @notice `owner` recorded an allowance of `value` for `spender`. It has no power: sVVV cannot be moved.
    event Approval(address indexed owner, address indexed spender, uint256 value);
    /// @notice `amount` VVV, just pulled or compounded, became sVVV of `user` (the recipient).
    event Staked(address indexed user, uint256 amount);
    /// @notice `amount` sVVV of `user` was burned and is VVV again in 7 days.
    event UnstakeInitiated(address indexed user, uint256 amount);
    /// @notice `amount` VVV was paid to `user` after the cooldown.
    event UnstakeFinalized(address indexed user, uint256 amount);
    /// @notice Rewards of `user` were released: `amount` VVV, free part and locked part net of fee, paid or compounded.
    event Claimed(address indexed user, uint256 amount);
    /// @notice `amount` sVVV of `account` stopped being free.
    event Locked(address indexed account, uint256 amount);
    /// @notice `amount` sVVV of `account` became free again.
    event Unlocked(address indexed account, uint256 amount);
    /// @notice `amount` VVV of the yield of locked sVVV was paid to `to`, at DIEM's request.
    event LockedYieldPaid(address indexed to, uint256 amount);
    /// @notice `amount` VVV was added to the reward reserve by `from`.
    event RewardsFunded(address indexed from, uint256 amount);
    /// @notice The emission rate is now `newEmissionRate` VVV wei per second.
    event EmissionRateUpdated(uint256 newEmissionRate);
    /// @notice The DIEM contract was wired, for good.
    event DiemSet(address indexed diem);
    /// @notice `newOwner` may accept the ownership.
    event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner);
    /// @notice The owner changed; zero means renounced.
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    // ------------------------------------------------------------------ errors

    /// @notice The amount is zero.
    error ZeroAmount();
    /// @notice The address is zero.
    error ZeroAddress();
    /// @notice `amount` exceeds `maximum`, the largest amount this field holds.
    error AmountTooLarge(uint256 amount, uint256 maximum);
    /// @notice sVVV is a receipt and stays with its account.
    error NonTransferable();
    /// @notice `setDiem` was called before.
    error AlreadyWired();
    /// @notice `diem` is no contract whose `sVvv()` is this one.
    error InvalidDiem(address diem);
    /// @notice `rate` is above the highest emission rate that this contract can ever have, `maximum`, in VVV wei per second.
    error EmissionRateTooHigh(uint256 rate, uint256 maximum);
    /// @notice `setDiem` was not called yet.
    error NotWired();
    /// @notice Only the DIEM contract may call this.
    error OnlyDiem();
    /// @notice VVV moved `received` where `expected` was asked for.
    error InexactTransfer(uint256 expected, uint256 received);
    /// @notice VVV answered false, or nonsense. A revert of VVV is passed on as it is.
    error VvvCallFailed();
    /// @notice An unstake request is pending: finalize it first.
    error CooldownInProgress();
    /// @notice The cooldown ends at `cooldownEnd`; it is `timestamp` now.
    error CooldownNotOver(uint256 cooldownEnd, uint256 timestamp);
    /// @notice There is no unstake request to finalize.
    error NoCooldown();
    /// @notice The account has `unlocked` free sVVV; `amount` was asked for.
    error InsufficientUnlocked(uint256 unlocked, uint256 amount);
    /// @notice The account has `locked` sVVV locked; `amount` was to be unlocked.
    error InsufficientLocked(uint256 locked, uint256 amount);
    /// @notice No reward is pending.
    error NothingToClaim();
    /// @notice Locked sVVV earned `available` VVV that is not paid yet; DIEM asked for `amount`.
    error LockedYieldExceeded(uint256 available, uint256 amount);
    /// @notice The live curve grid has indexes 0 to 255.
    error CurveIndexOutOfRange(uint256 index);
    /// @notice The DIEM contract answered nonsense.
    error DiemCallFailed();
    /// @notice `account` is not the owner (or not the pending owner).
    error OwnableUnauthorizedAccount(address account);
    /// @notice `owner` cannot own the contract.
    error OwnableInvalidOwner(address owner);
    /// @notice `left` gas is left at the beginning (or before DIEM is asked to settle) where `needed` must be: the most that this call can use in any second. What is not used is not paid; estimates include it.
    error InsufficientGas(uint256 left, uint256 needed);
    /// @notice An allowance cannot be given to this address (the zero address).
    error ERC20InvalidSpender(address spender);
    /// @notice An allowance cannot be given by this address (the zero address).
    error ERC20InvalidApprover(address approver);
    /// @notice From DIEM: mintDiem gives `actual` DIEM, less than `limit`.
    error SlippageExceeded(uint256 actual, uint256 limit);
    /// @notice From DIEM: the curve ends at twice the target supply; `requested` sVVV was to be locked where `available` can be.
    error MintCapExceeded(uint256 requested, uint256 available);
    /// @notice From DIEM: the supply asked about is so far past the target that its rate has no 256-bit answer.
    error RateOverflow(uint256 supply);
    /// @notice From DIEM: minting is paused.
    error MintingPaused();
    /// @notice From DIEM: the account owes `outstanding` DIEM and cannot burn `amount`.
    error InsufficientOutstanding(uint256 outstanding, uint256 amount);
    /// @notice From DIEM: `sender` holds `balance` liquid DIEM and would have needed `needed`.
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    /// @notice From DIEM: DIEM cannot leave this address (the zero address).
    error ERC20InvalidSender(address sender);

    // ----------------------------------------------------------------- receipt

    /// @notice "Staked Venice Token".
    function name() external view returns (string memory);
    /// @notice "sVVV".
    function symbol() external view returns (string memory);
    /// @notice 18.
    function decimals() external view returns (uint8);
    /// @notice All sVVV, free and locked; sVVV in cooldown is already burned.
    function totalSupply() external view returns (uint256);
    /// @notice sVVV of `account`, free and locked.
    function balanceOf(address account) external view returns (uint256);
    /// @notice The allowance that `owner` recorded for `spender`. It has no power: sVVV cannot be moved.
    function allowance(address owner, address spender) external view returns (uint256);
    /// @notice Records an allowance, without power. Integrators of the live system approve before they mint.
    function approve(address spender, uint256 value) external returns (bool);
    /// @notice Always reverts `NonTransferable`.
    function transfer(address to, uint256 value) external returns (bool);
    /// @notice Always reverts `NonTransferable`.
    function transferFrom(address from, address to, uint256 value) external returns (bool);

    // ----------------------------------------------------------------- staking

    /// @notice Pulls `amount` approved VVV from the caller and gives `recipient` as much sVVV.
    function stake(address recipient, uint256 amount) external;
    /// @notice `stake` behind an ERC-2612 permit of the caller for `amount`. A permit that somebody already submitted does not block it: the allowance decides.
    function stakeWithPermit(address recipient, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;
    /// @notice Burns `amount` free sVVV of the caller and starts the 7 day cooldown, of which an account has one at a time.
    function initiateUnstake(uint256 amount) external;
    /// @notice Pays the caller's cooled VVV, from `cooldownEnd` on, inclusive.
    function finalizeUnstake() external;
    /// @notice Pays the caller's rewards: the free part, and the locked part net of the 20% fee. Does nothing when none is pending. Where DIEM does not answer, the free part is paid and the locked part stays pending.
    function claim() external;
    /// @notice Stakes the caller's rewards instead of paying them; reverts `NothingToClaim` when none is pending. Where DIEM does not answer, as `claim`.
    function claimAndStake() external;
    /// @notice Locks `sVVVAmountToLock` of the caller's free sVVV and mints DIEM at the curve to the caller, `minDiemAmountOut` at least.
    function mintDiem(uint256 sVVVAmountToLock, uint256 minDiemAmountOut) external;
    /// @notice Burns the caller's liquid DIEM and unlocks sVVV at the caller's own average.
    function burnDiem(uint256 diemAmountToBurn) external;

    // ------------------------------------------------------------------- reads

    /// @notice Free sVVV of `user`: what can be unstaked or locked.
    function balanceOfUnlocked(address user) external view returns (uint256);
    /// @notice The reward checkpoint of an account and its pending cooldown.
    /// @return rewardDebt Checkpoint word: free sVVV times index, less what is pending, at scale 1e36 and modulo 2^256.
    /// @return cooldownEnd When the cooldown ends; 0 when there is none.
    /// @return cooldownAmount VVV in cooldown; 0 when there is none.
    function stakes(address user) external view returns (uint256 rewardDebt, uint256 cooldownEnd, uint256 cooldownAmount);
    /// @notice Locked sVVV of an account and the DIEM it owes for it.
    function lockedStakes(address user) external view returns (uint256 sVVVLockedAmount, uint256 outstandingDiemAmount);
    /// @notice sVVV locked by all accounts.
    function totalLockedStakedVVV() external view returns (uint256);
    /// @notice VVV that `claim` would pay `user` now: the free part and the locked part net of fee.
    function pendingRewards(address user) external view returns (uint256);
    /// @notice DIEM that `mintDiem` would give now; 0 for 0. Same as DIEM's `previewMint`.
    function getDiemAmountOut(uint256 sVVVAmountToLock) external view returns (uint256);
    /// @notice The live 500-DIEM grid: sVVV per DIEM (18 decimals) at `diemSupply(index)`, computed from the exact curve.
    function diemMintRates(uint256 index) external view returns (uint256);
    /// @notice The live 500-DIEM grid: `500 * (index + 1)` DIEM, for indexes 0 to 255.
    function diemSupply(uint256 index) external view returns (uint256);
    /// @notice 604800: seven days.
    function cooldownDuration() external view returns (uint256);
    /// @notice VVV wei emitted per second, while the reserve lasts and somebody is staked.
    function emissionRatePerSecond() external view returns (uint256);
    /// @notice The highest emission rate that the owner can ever set, VVV wei per second. Never changes.
    function maxEmissionRatePerSecond() external view returns (uint256);
    /// @notice When the index was last brought up to date.
    function lastRewardTimestamp() external view returns (uint256);
    /// @notice Gross VVV per sVVV at `lastRewardTimestamp`, scale 1e36, never falling.
    function accRewardPerShare() external view returns (uint256);
    /// @notice What locked sVVV earned net of the fee: 80% of `accRewardPerShare`.
    function accRewardPerShareLocked() external view returns (uint256);
    /// @notice `accRewardPerShare` as it would be if brought up to date now, scale 1e36.
    function currentIndex() external view returns (uint256);
    /// @notice 1e36.
    function ACC_REWARD_SCALE() external view returns (uint256);
    /// @notice VVV that is left for emissions.
    function rewardReserve() external view returns (uint256);
    /// @notice The gross yield of locked sVVV since the start, as of now, and how much of it was paid.
    function lockedYield() external view returns (uint256 earned, uint256 paid);
    /// @notice 0: the protocol takes nothing from free sVVV.
    function veniceEmissionsPercentage() external view returns (uint256);
    /// @notice 2e17: the protocol's 20% of the yield of locked sVVV.
    function veniceEmissionsPercentageWhenLocked() external view returns (uint256);
    /// @notice The receiver of the yield fee, as set on DIEM; zero before wiring.
    function treasury() external view returns (address);
    /// @notice The VVV token.
    function venice() external view returns (address);
    /// @notice The DIEM contract; zero before wiring.
    function diem() external view returns (address);

    // ----------------------------------------------------------------- rewards

    /// @notice Pulls `amount` approved VVV from the caller into the reward reserve. Anybody may.
    function fundRewards(uint256 amount) external;

    // ------------------------------------------------------------------- owner

    /// @notice Wires the DIEM contract, whose `sVvv()` must be this contract; the owner may once.
    function setDiem(address diem) external;
    /// @notice Accrues at the old rate, then sets the rate, in VVV wei per second, at most `maxEmissionRatePerSecond`.
    function setEmissionRate(uint256 newEmissionRate) external;
    /// @notice The owner; zero when renounced.
    function owner() external view returns (address);
    /// @notice Who may accept the ownership.
    function pendingOwner() external view returns (address);
    /// @notice Offers the ownership to `newOwner`.
    function transferOwnership(address newOwner) external;
    /// @notice Takes the offered ownership.
    function acceptOwnership() external;
    /// @notice Leaves the contract without an owner.
    function renounceOwnership() external;

    // --------------------------------------------------------------- DIEM only

    /// @notice Locks `amount` of `account`'s free sVVV. DIEM only.
    /// @return index The reward index now, scale 1e36.
    function lock(address account, uint256 amount) external returns (uint256 index);
    /// @notice Unlocks `amount` of `account`'s locked sVVV. DIEM only.
    /// @return index The reward index now, scale 1e36.
    function unlock(address account, uint256 amount) external returns (uint256 index);
    /// @notice Pays `amount` VVV of the yield of locked sVVV to `to`, never more in sum than locked sVVV earned. DIEM only.
    function payLockedYield(address to, uint256 amount) external;
}
