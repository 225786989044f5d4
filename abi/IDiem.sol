// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// @title DIEM: one dollar of inference credit a day, in perpetuity
/// @notice New DIEM exists only by locking sVVV along an immutable curve; burning it unlocks the sVVV.
/// Staked DIEM gives its account one dollar of credit per DIEM and UTC day, settled by gateways and
/// leasable. Constructor: `(address sVvv, address owner, address treasury, uint256 baseRate, uint256 targetSupply)`.
/// @dev Amounts of DIEM, sVVV and VVV have 18 decimals; credit is US dollars with 18 decimals; times are
/// seconds since 1970; an epoch is a UTC day, `timestamp / 86400`. Rounding is against the caller.
interface IDiem {
    // ------------------------------------------------------------------ events

    /// @notice `value` DIEM moved. A mint comes from, a burn goes to the zero address; stake and unstake move between the account and this contract.
    event Transfer(address indexed from, address indexed to, uint256 value);
    /// @notice `spender` may now move `value` DIEM of `owner`.
    event Approval(address indexed owner, address indexed spender, uint256 value);
    /// @notice `account` locked `sVVVLocked` sVVV for `diemOut` DIEM; the next DIEM costs `mintRateAfter` (sVVV per DIEM, 18 decimals).
    event Minted(address indexed account, uint256 sVVVLocked, uint256 diemOut, uint256 mintRateAfter);
    /// @notice `account` burned `diemAmount` DIEM and got `sVVVUnlocked` sVVV unlocked; the next DIEM costs `mintRateAfter`.
    event Burned(address indexed account, uint256 diemAmount, uint256 sVVVUnlocked, uint256 mintRateAfter);
    /// @notice `amount` VVV, the account's 80% of its gross yield, was paid or (by sVVV's claimAndStake) compounded.
    event YieldClaimed(address indexed account, uint256 amount);
    /// @notice `amount` VVV of yield fees was paid to `treasury`.
    event FeesCollected(address indexed treasury, uint256 amount);
    /// @notice `amount` DIEM of `user` became active stake.
    event Staked(address indexed user, uint256 amount);
    /// @notice `amount` DIEM of `user` left the active stake and joined the cooldown bucket, whose clock restarted: it ends in 1 day.
    event UnstakeInitiated(address indexed user, uint256 amount);
    /// @notice The whole bucket, `amount` DIEM, went back to `user`.
    event Unstaked(address indexed user, uint256 amount);
    /// @notice `gateway` settled `amount` dollars of `account`'s credit of `epoch`; `remaining` is left today.
    event CreditsSpent(address indexed account, address indexed gateway, uint256 indexed epoch, uint256 amount, uint256 remaining);
    /// @notice `lessor` leased `amount` dollars a day to `lessee` for the epochs `startEpoch` to `endEpoch - 1`.
    event LeaseOpened(uint256 indexed id, address indexed lessor, address indexed lessee, uint256 amount, uint256 startEpoch, uint256 endEpoch);
    /// @notice The lease now serves `to`.
    event LeaseTransferred(uint256 indexed id, address indexed from, address indexed to);
    /// @notice `gateway` settled `amount` dollars of the lease's credit of `epoch`; `remaining` is left today.
    event LeaseSpent(uint256 indexed id, address indexed gateway, uint256 indexed epoch, uint256 amount, uint256 remaining);
    /// @notice The lease is over: `amount` dollars a day are `lessor`'s again.
    event LeaseClosed(uint256 indexed id, address indexed lessor, uint256 amount);
    /// @notice `gateway` may (or may no longer) settle credit.
    event GatewaySet(address indexed gateway, bool allowed);
    /// @notice Yield fees now go to `newTreasury`.
    event TreasuryUpdated(address newTreasury);
    /// @notice Minting can now be paused by `newGuardian`; zero: by nobody.
    event GuardianUpdated(address newGuardian);
    /// @notice mint, mintExact and mintLocked are stopped; everything else goes on.
    event MintPaused();
    /// @notice Minting goes on.
    event MintUnpaused();
    /// @notice `newOwner` may accept the ownership.
    event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner);
    /// @notice The owner changed; zero means renounced.
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    // ------------------------------------------------------------------ errors

    /// @notice The amount is zero, or so small that no DIEM would come out.
    error ZeroAmount();
    /// @notice The address is zero.
    error ZeroAddress();
    /// @notice mint gives `actual` DIEM, less than `limit`; or mintExact costs `actual` sVVV, more than `limit`.
    error SlippageExceeded(uint256 actual, uint256 limit);
    /// @notice The curve ends at twice the target supply. Asked in DIEM (mintExact), both are DIEM; asked in sVVV (mint), both are sVVV.
    error MintCapExceeded(uint256 requested, uint256 available);
    /// @notice The curve cannot be computed for this base rate or target supply.
    error InvalidCurve(uint256 baseRate, uint256 targetSupply);
    /// @notice The supply asked about is so far past the target that its rate has no 256-bit answer.
    error RateOverflow(uint256 supply);
    /// @notice Minting is paused.
    error MintingPaused();
    /// @notice The account owes `outstanding` DIEM and cannot burn `amount`.
    error InsufficientOutstanding(uint256 outstanding, uint256 amount);
    /// @notice Only the sVVV contract may call this.
    error OnlyStakedVvv();
    /// @notice The sVVV contract answered nonsense.
    error StakedVvvCallFailed();
    /// @notice Only the guardian may call this.
    error OnlyGuardian();
    /// @notice `caller` is not a registered gateway.
    error OnlyGateway(address caller);
    /// @notice `available` of the active stake is neither leased out nor below the minimum; `amount` was asked for.
    error InsufficientStake(uint256 available, uint256 amount);
    /// @notice The cooldown ends at `cooldownEnd`; it is `timestamp` now.
    error CooldownNotOver(uint256 cooldownEnd, uint256 timestamp);
    /// @notice The cooldown bucket is empty.
    error NoCooldown();
    /// @notice `account` has `remaining` credit left today; `amount` was to be spent.
    error InsufficientCredits(address account, uint256 remaining, uint256 amount);
    /// @notice The two lists have different lengths.
    error LengthMismatch(uint256 accounts, uint256 amounts);
    /// @notice A lease runs for 1 to 365 epochs.
    error InvalidLeaseTerm(uint256 epochs);
    /// @notice There is no such lease, or it is closed.
    error UnknownLease(uint256 id);
    /// @notice `caller` is not the lease's lessee.
    error OnlyLessee(uint256 id, address caller);
    /// @notice The lease runs until `endEpoch`; it is `epoch` now.
    error LeaseNotOver(uint256 id, uint256 endEpoch, uint256 epoch);
    /// @notice The lease has `remaining` credit left today; `amount` was to be spent.
    error InsufficientLeaseCredits(uint256 id, uint256 remaining, uint256 amount);
    /// @notice `sender` holds `balance` and would have needed `needed`.
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    /// @notice DIEM cannot leave this address (the zero address).
    error ERC20InvalidSender(address sender);
    /// @notice DIEM cannot go to this address (the zero address).
    error ERC20InvalidReceiver(address receiver);
    /// @notice `spender` may move `allowance` and would have needed `needed`.
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    /// @notice An allowance cannot be given to this address (the zero address).
    error ERC20InvalidSpender(address spender);
    /// @notice An allowance cannot be given by this address (the zero address).
    error ERC20InvalidApprover(address approver);
    /// @notice The permit was valid until `deadline`.
    error ERC2612ExpiredSignature(uint256 deadline);
    /// @notice The permit was signed by `signer`, not by `owner`.
    error ERC2612InvalidSigner(address signer, address owner);
    /// @notice The permit's signature recovers to nobody.
    error ECDSAInvalidSignature();
    /// @notice The permit's `s` is in the upper half order, which is refused as malleable.
    error ECDSAInvalidSignatureS(bytes32 s);
    /// @notice `account` is not the owner (or not the pending owner).
    error OwnableUnauthorizedAccount(address account);
    /// @notice `owner` cannot own the contract.
    error OwnableInvalidOwner(address owner);

    // ------------------------------------------------------------------- token

    /// @notice "Diem".
    function name() external view returns (string memory);
    /// @notice "DIEM".
    function symbol() external view returns (string memory);
    /// @notice 18.
    function decimals() external view returns (uint8);
    /// @notice DIEM in existence: liquid, staked and cooling. Always the sum of all outstanding amounts.
    function totalSupply() external view returns (uint256);
    /// @notice Liquid DIEM of `account`; staked and cooling DIEM sits in this contract's own balance.
    function balanceOf(address account) external view returns (uint256);
    /// @notice DIEM of `owner` that `spender` may move; the largest uint256 never runs down.
    function allowance(address owner, address spender) external view returns (uint256);
    /// @notice Lets `spender` move `value` of the caller's DIEM.
    function approve(address spender, uint256 value) external returns (bool);
    /// @notice Moves `value` of the caller's DIEM to `to`. Sending DIEM to this contract does not stake it and cannot be undone.
    function transfer(address to, uint256 value) external returns (bool);
    /// @notice Moves `value` of `from`'s DIEM to `to`, using up the caller's allowance.
    function transferFrom(address from, address to, uint256 value) external returns (bool);
    /// @notice ERC-2612: sets an allowance by `owner`'s signature; anybody may submit it.
    /// @param deadline Last second at which the permit is valid.
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;
    /// @notice The nonce that `owner`'s next permit must carry.
    function nonces(address owner) external view returns (uint256);
    /// @notice EIP-712 domain separator of this chain and contract.
    function DOMAIN_SEPARATOR() external view returns (bytes32);
    /// @notice ERC-5267: the fields of the EIP-712 domain.
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        );

    // ----------------------------------------------------------- mint and burn

    /// @notice Locks exactly `sVVVAmount` of the caller's free sVVV and mints at least `minDiemOut` DIEM for it. No allowance is needed.
    /// @return diemOut Never more than the exact curve gives, less by at most 1 part in 1e15 and 1 wei.
    function mint(uint256 sVVVAmount, uint256 minDiemOut) external returns (uint256 diemOut);
    /// @notice Mints exactly `diemAmount` DIEM for at most `maxSVVV` of the caller's free sVVV.
    /// @return sVVVLocked Never less than the exact cost, more by at most 1 part in 1e15 and 1 wei.
    function mintExact(uint256 diemAmount, uint256 maxSVVV) external returns (uint256 sVVVLocked);
    /// @notice Burns the caller's liquid DIEM against the caller's own position.
    /// @return sVVVUnlocked `diemAmount * locked / outstanding`, rounded down; burning all that is outstanding unlocks all.
    function burn(uint256 diemAmount) external returns (uint256 sVVVUnlocked);
    /// @notice What `mint` would give now; 0 for 0. Reverts `MintCapExceeded` past the cap.
    function previewMint(uint256 sVVVAmount) external view returns (uint256 diemOut);
    /// @notice What `mintExact` would lock now; 0 for 0. Reverts `MintCapExceeded` past the cap.
    function previewMintExact(uint256 diemAmount) external view returns (uint256 sVVVAmount);
    /// @notice What `burn` by `account` would unlock; its liquid balance is not looked at.
    function previewBurn(address account, uint256 diemAmount) external view returns (uint256 sVVVUnlocked);
    /// @notice sVVV per DIEM at the present supply, 18 decimals, within 1 part in 1e15.
    function mintRate() external view returns (uint256);
    /// @notice sVVV per DIEM at a given supply, 18 decimals, within 1 part in 1e15. Also answers past the cap.
    function mintRateAt(uint256 supply) external view returns (uint256);
    /// @notice The position of an account.
    /// @return locked sVVV locked.
    /// @return outstanding DIEM owed for it.
    /// @return pendingYield VVV that `claimYield` would pay, net of fee.
    function position(address account) external view returns (uint256 locked, uint256 outstanding, uint256 pendingYield);
    /// @notice The curve's rate at supply zero, sVVV per DIEM, 18 decimals. Never changes.
    function baseRate() external view returns (uint256);
    /// @notice The curve's target supply T; the cap is 2T. Never changes.
    function targetSupply() external view returns (uint256);
    /// @notice The sVVV contract.
    function sVvv() external view returns (address);

    // --------------------------------------------------------------- yield fee

    /// @notice Pays the caller its 80% of what its locked sVVV earned, in VVV. Does nothing when none is pending.
    function claimYield() external returns (uint256 amount);
    /// @notice Pays the treasury its 20% of what all locked sVVV earned. Anybody may call.
    function collectFees() external returns (uint256 amount);
    /// @notice VVV that `claimYield` would pay `account` now.
    function pendingYield(address account) external view returns (uint256);
    /// @notice VVV that `collectFees` would pay now.
    function pendingFees() external view returns (uint256);
    /// @notice VVV that `collectFees` has paid so far.
    function totalFeesCollected() external view returns (uint256);
    /// @notice 2e17: 20% of the yield of locked sVVV, never of principal. Never changes.
    function YIELD_FEE() external view returns (uint256);

    // ------------------------------------------------------------- staked DIEM

    /// @notice Moves `amount` of the caller's liquid DIEM into active stake. No approval is needed.
    function stake(uint256 amount) external;
    /// @notice Moves `amount` from active stake, less what is leased out, into the caller's cooldown bucket; the whole bucket's day starts anew.
    function initiateUnstake(uint256 amount) external;
    /// @notice Returns the caller's whole bucket, from `coolDownEnd` on, inclusive.
    function unstake() external;
    /// @notice Active stake (leased out part included) and cooldown bucket of an account; the last two are 0 when the bucket is empty.
    function stakedInfos(address account) external view returns (uint256 amountStaked, uint256 coolDownEnd, uint256 coolDownAmount);
    /// @notice 86400: one day.
    function cooldownDuration() external view returns (uint256);
    /// @notice Active and cooling DIEM of all accounts; falls at `unstake`.
    function totalStaked() external view returns (uint256);

    // ----------------------------------------------------------------- credits

    /// @notice The account's credit today, in dollars.
    /// @return allowance Active stake less what is leased out; 0 below 0.1 DIEM of active stake.
    /// @return used Spent today.
    /// @return remaining Left today.
    /// @return epoch Today.
    function creditsOf(address account) external view returns (uint256 allowance, uint256 used, uint256 remaining, uint256 epoch);
    /// @notice When credit refreshes next: the coming midnight UTC.
    function nextRefresh() external view returns (uint256 timestamp);
    /// @notice Settles `amount` dollars of `account`'s credit today. Gateways only.
    function spend(address account, uint256 amount) external;
    /// @notice Settles many, all or nothing; an account may occur more than once. Gateways only.
    function spendBatch(address[] calldata accounts, uint256[] calldata amounts) external;
    /// @notice Hands `amount` dollars a day to `lessee` from the next epoch on, for `epochs` (1 to 365) epochs. The caller's own allowance falls at once, and the stake behind it stays until the lease is closed.
    function lease(address lessee, uint256 amount, uint32 epochs) external returns (uint256 id);
    /// @notice Hands the lease on. Its lessee only.
    function transferLease(uint256 id, address to) external;
    /// @notice Settles `amount` dollars of the lease's credit today. Gateways only.
    function spendLease(uint256 id, uint256 amount) external;
    /// @notice Gives the credit back to the lessor, after the end. Anybody may call.
    function closeLease(uint256 id) external;
    /// @notice A lease, all zero when there is none or it is closed. It serves the epochs `startEpoch` to `endEpoch - 1`.
    function leaseOf(uint256 id) external view returns (address lessor, address lessee, uint256 amount, uint256 startEpoch, uint256 endEpoch);
    /// @notice The lease's credit today, in dollars; all but `epoch` 0 outside its term.
    function leaseCreditsOf(uint256 id) external view returns (uint256 allowance, uint256 used, uint256 remaining, uint256 epoch);
    /// @notice Dollars a day that `account` has leased out and not taken back.
    function leasedOut(address account) external view returns (uint256);
    /// @notice Whether `account` may settle credit.
    function isGateway(address account) external view returns (bool);

    // ------------------------------------------------------------------- roles

    /// @notice Registers or removes a gateway. Owner only.
    function setGateway(address gateway, bool allowed) external;
    /// @notice Sets the receiver of the yield fee, not zero. Owner only.
    function setTreasury(address newTreasury) external;
    /// @notice Sets who may pause minting; zero: nobody. Owner only.
    function setGuardian(address newGuardian) external;
    /// @notice Stops mint, mintExact and mintLocked. Guardian only.
    function pauseMint() external;
    /// @notice Lets minting go on. Owner only.
    function unpauseMint() external;
    /// @notice Whether minting is paused.
    function mintPaused() external view returns (bool);
    /// @notice The receiver of the yield fee.
    function treasury() external view returns (address);
    /// @notice Who may pause minting.
    function guardian() external view returns (address);
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

    // --------------------------------------------------------------- sVVV only

    /// @notice The mint behind sVVV's mintDiem: `sVVVAmount` is already locked, `index` is the reward index. sVVV only.
    function mintLocked(address account, uint256 sVVVAmount, uint256 minDiemOut, uint256 index) external returns (uint256 diemOut);
    /// @notice The burn behind sVVV's burnDiem: sVVV unlocks what this returns. sVVV only.
    function burnUnlocked(address account, uint256 diemAmount, uint256 index) external returns (uint256 sVVVUnlocked);
    /// @notice Books the account's net locked yield as paid; sVVV pays it. sVVV only.
    function settleYield(address account, uint256 index) external returns (uint256 amount);
    /// @notice `pendingYield` at a given index: what sVVV asks while it cannot be called back.
    function pendingYieldAt(address account, uint256 index) external view returns (uint256);
    /// @notice DIEM that `account` owes, without its yield: what sVVV asks while it cannot be called back.
    function outstandingOf(address account) external view returns (uint256);
}
