// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// @title DIEM: one dollar of inference credit a day, in perpetuity
/// @notice New DIEM exists only by locking sVVV along an immutable curve; burning it unlocks the sVVV.
/// Staked DIEM gives its account one dollar of credit per DIEM and UTC day, settled by the one gateway
/// that the account chose, and leasable. Constructor: `(address sVvv, address owner, address treasury, uint256 baseRate, uint256 targetSupply)`.
/// @dev Amounts of DIEM, sVVV and VVV have 18 decimals; credit is US dollars with 18 decimals; times are
/// seconds since 1970; an epoch is a UTC day, `timestamp / 86400`. Rounding is against the caller. Errors
/// include those of sVVV and VVV that a call passes on.
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
    /// @notice `gateway` stated that `account`'s line used `used` dollars in `epoch` in all, of `allowance`. Emitted only when that is more than was known.
    event CreditsSettled(address indexed account, address indexed gateway, uint256 indexed epoch, uint256 used, uint256 allowance);
    /// @notice `account`'s line is settled by `gateway` (zero: nobody) from `fromEpoch` on, unless it chooses again.
    event GatewayChosen(address indexed account, address indexed gateway, uint256 fromEpoch);
    /// @notice `lessor` leased `amount` dollars a day to `lessee` for the epochs `startEpoch` to `endEpoch - 1`.
    event LeaseOpened(uint256 indexed id, address indexed lessor, address indexed lessee, uint256 amount, uint256 startEpoch, uint256 endEpoch);
    /// @notice The lease now serves `to`.
    event LeaseTransferred(uint256 indexed id, address indexed from, address indexed to);
    /// @notice `gateway` stated that the lease's line used `used` dollars in `epoch` in all, of `allowance`. Emitted only when that is more than was known.
    event LeaseSettled(uint256 indexed id, address indexed gateway, uint256 indexed epoch, uint256 used, uint256 allowance);
    /// @notice The lease's line is settled by `gateway` (zero: nobody) from `fromEpoch` on, unless its lessee chooses again.
    event LeaseGatewayChosen(uint256 indexed id, address indexed gateway, uint256 fromEpoch);
    /// @notice The lease is over: `amount` dollars a day are `lessor`'s again.
    event LeaseClosed(uint256 indexed id, address indexed lessor, uint256 amount);
    /// @notice `gateway` is registered, or revoked: it may (or may no longer) settle the lines that are its own.
    event GatewaySet(address indexed gateway, bool allowed);
    /// @notice Lines that never chose are settled by `gateway` (zero: nobody) from `fromEpoch` on.
    event DefaultGatewaySet(address indexed gateway, uint256 fromEpoch);
    /// @notice Yield fees now go to `newTreasury`.
    event TreasuryUpdated(address newTreasury);
    /// @notice Minting can now be paused, and gateways revoked, by `newGuardian`; zero: by nobody.
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
    /// @notice `caller` is not a registered gateway, or is revoked.
    error OnlyGateway(address caller);
    /// @notice `gateway` is not registered, or is revoked.
    error UnknownGateway(address gateway);
    /// @notice No more than `maximum` gateways are ever registered.
    error TooManyGateways(uint256 maximum);
    /// @notice `available` is what the account's line would start the next epoch with; `amount` was asked for.
    error InsufficientStake(uint256 available, uint256 amount);
    /// @notice The cooldown ends at `cooldownEnd`; it is `timestamp` now.
    error CooldownNotOver(uint256 cooldownEnd, uint256 timestamp);
    /// @notice The cooldown bucket is empty.
    error NoCooldown();
    /// @notice A statement about `epoch` was settled; only today's, `today`, can be.
    error WrongEpoch(uint256 epoch, uint256 today);
    /// @notice `gateway`, the caller, is not the gateway of `account`'s line today.
    error NotItsGateway(address account, address gateway);
    /// @notice `account`'s line has an allowance of `allowance` today; `used` in all was stated.
    error InsufficientCredits(address account, uint256 allowance, uint256 used);
    /// @notice The two lists have different lengths.
    error LengthMismatch(uint256 lines, uint256 totals);
    /// @notice A lease runs for 1 to 365 epochs.
    error InvalidLeaseTerm(uint256 epochs);
    /// @notice There is no such lease, or it is closed.
    error UnknownLease(uint256 id);
    /// @notice `caller` is not the lease's lessee.
    error OnlyLessee(uint256 id, address caller);
    /// @notice The lease runs until `endEpoch`; it is `epoch` now.
    error LeaseNotOver(uint256 id, uint256 endEpoch, uint256 epoch);
    /// @notice `gateway`, the caller, is not the gateway of the lease's line today.
    error NotItsLeaseGateway(uint256 id, address gateway);
    /// @notice The lease's line has an allowance of `allowance` today; `used` in all was stated.
    error InsufficientLeaseCredits(uint256 id, uint256 allowance, uint256 used);
    /// @notice The yield fee cannot be paid to DIEM, sVVV or VVV.
    error InvalidTreasury(address treasury);
    /// @notice `left` gas is left at the beginning where `needed` must be: the most that this call can use in any second. What is not used is not paid; estimates include it.
    error InsufficientGas(uint256 left, uint256 needed);
    /// @notice `sender` holds `balance` and would have needed `needed`.
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    /// @notice DIEM cannot leave this address (the zero address).
    error ERC20InvalidSender(address sender);
    /// @notice DIEM cannot go to this address (the zero address, or the DIEM contract: `stake` is how DIEM is staked).
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
    /// @notice From sVVV: the account has `unlocked` free sVVV; `amount` was asked for.
    error InsufficientUnlocked(uint256 unlocked, uint256 amount);
    /// @notice From sVVV: the account has `locked` sVVV locked; `amount` was to be unlocked.
    error InsufficientLocked(uint256 locked, uint256 amount);
    /// @notice From sVVV: it is not wired to this DIEM contract.
    error OnlyDiem();
    /// @notice From sVVV: locked sVVV earned `available` VVV that is not paid yet; `amount` was asked for.
    error LockedYieldExceeded(uint256 available, uint256 amount);
    /// @notice From sVVV: VVV answered false, or nonsense. A revert of VVV is passed on as it is.
    error VvvCallFailed();

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
    /// @notice Moves `value` of the caller's DIEM to `to`. Not to this contract: `ERC20InvalidReceiver`.
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

    // ------------------------------------------------------------ credit lines

    /// @notice All that a gateway needs to serve and settle an account's line, read at one block. `allowance` and `gateway` are firm until 00:00 UTC: the first never falls, the second never changes once there is an allowance. Unless the gateway is revoked (`isGateway`), which ends its settling at once.
    /// @return epoch Today.
    /// @return allowance Dollars of today.
    /// @return used Dollars stated as used today, in all.
    /// @return gateway Who may settle the line today; zero: nobody. A revoked one by its address.
    /// @return nextAllowance Dollars that the next epoch starts with if nothing else happens: a forecast.
    /// @return nextGateway Who may settle the line in the next epoch if nothing else happens: a forecast.
    function lineOf(address account) external view returns (uint256 epoch, uint256 allowance, uint256 used, address gateway, uint256 nextAllowance, address nextGateway);
    /// @notice The account's credit today, in dollars.
    /// @return allowance Dollars of today.
    /// @return used Dollars stated as used today, in all.
    /// @return remaining What is left of them.
    /// @return epoch Today.
    function creditsOf(address account) external view returns (uint256 allowance, uint256 used, uint256 remaining, uint256 epoch);
    /// @notice Dollars that the account's line starts the next epoch with if nothing else happens: what can still be unstaked or leased. A lease that ended and is not closed does not count.
    function nextAllowanceOf(address account) external view returns (uint256);
    /// @notice Who may settle the account's line today, and in the next epoch if nothing else happens; zero: nobody. A revoked gateway by its address.
    function gatewayOf(address account) external view returns (address today, address next);
    /// @notice When credit refreshes next: the coming midnight UTC.
    function nextRefresh() external view returns (uint256 timestamp);
    /// @notice Lets `gateway` settle the caller's line, or nobody (zero). Counts from the next epoch, and at once where the line's allowance today is 0. The last choice wins; naming today's gateway takes a waiting choice back.
    function chooseGateway(address gateway) external;
    /// @notice States that `account`'s line used `used` dollars in `epoch`, today, in all. The larger of that and what is known counts: the same statement again, or an older one, changes nothing. The line's gateway only.
    function settle(uint256 epoch, address account, uint256 used) external;
    /// @notice Settles many, all or nothing; an account may occur more than once.
    function settleBatch(uint256 epoch, address[] calldata accounts, uint256[] calldata used) external;
    /// @notice Settles many lines of leases, all or nothing; a lease may occur more than once.
    function settleLeases(uint256 epoch, uint256[] calldata ids, uint256[] calldata used) external;

    // ------------------------------------------------------------------ leases

    /// @notice Hands `amount` dollars a day to `lessee` from the next epoch on, for `epochs` (1 to 365) epochs; today they stay with the caller. At most `nextAllowanceOf` the caller. The stake behind it stays until the lease is closed. `lessee` may be the caller.
    function lease(address lessee, uint256 amount, uint32 epochs) external returns (uint256 id);
    /// @notice Hands the lease on. Its lessee only. The line keeps its gateways, today's and next, until the new lessee chooses.
    function transferLease(uint256 id, address to) external;
    /// @notice `chooseGateway` for the line of a lease. Its lessee only. Before the lease's first epoch it counts at once.
    function chooseLeaseGateway(uint256 id, address gateway) external;
    /// @notice Gives the credit back to the lessor, at once, from the end on. Anybody may call.
    function closeLease(uint256 id) external;
    /// @notice A lease, all zero when there is none or it is closed. It serves the epochs `startEpoch` to `endEpoch - 1`.
    function leaseOf(uint256 id) external view returns (address lessor, address lessee, uint256 amount, uint256 startEpoch, uint256 endEpoch);
    /// @notice `lineOf` for the line of a lease; all but `epoch` zero when there is none or it is closed.
    function leaseLineOf(uint256 id) external view returns (uint256 epoch, uint256 allowance, uint256 used, address gateway, uint256 nextAllowance, address nextGateway);
    /// @notice The lease's credit today, in dollars; all but `epoch` 0 outside its term.
    function leaseCreditsOf(uint256 id) external view returns (uint256 allowance, uint256 used, uint256 remaining, uint256 epoch);
    /// @notice `gatewayOf` for the line of a lease; zeros when there is none or it is closed.
    function leaseGatewayOf(uint256 id) external view returns (address today, address next);
    /// @notice Dollars a day that `account` has leased out and not taken back.
    function leasedOut(address account) external view returns (uint256);

    // ---------------------------------------------------------------- gateways

    /// @notice Whether `account` is a registered gateway that is not revoked.
    function isGateway(address account) external view returns (bool);
    /// @notice The gateway of lines that never chose; zero: none.
    /// @return today The one that counts today.
    /// @return next The one that was set last.
    /// @return fromEpoch The epoch from which `next` counts; in the past when nothing waits.
    function defaultGateway() external view returns (address today, address next, uint256 fromEpoch);
    /// @notice Registers a gateway, lets a revoked one back, or revokes it. Owner only.
    function setGateway(address gateway, bool allowed) external;
    /// @notice Sets the gateway of lines that never chose, zero for none. Counts from the next epoch but one, so that whoever never chose has a whole day to choose; replaces a change that waits. Owner only.
    function setDefaultGateway(address gateway) external;
    /// @notice Stops a gateway at once: it settles nothing until the owner lets it back, and its lines have nobody until another choice counts. Guardian only.
    function revokeGateway(address gateway) external;

    // ------------------------------------------------------------------- roles

    /// @notice Sets the receiver of the yield fee: not zero, DIEM, sVVV or VVV. Owner only.
    function setTreasury(address newTreasury) external;
    /// @notice Sets who may pause minting and revoke gateways; zero: nobody. Owner only.
    function setGuardian(address newGuardian) external;
    /// @notice Stops mint, mintExact and mintLocked. Guardian only.
    function pauseMint() external;
    /// @notice Lets minting go on. Owner only.
    function unpauseMint() external;
    /// @notice Whether minting is paused.
    function mintPaused() external view returns (bool);
    /// @notice The receiver of the yield fee.
    function treasury() external view returns (address);
    /// @notice Who may pause minting and revoke gateways.
    function guardian() external view returns (address);
    /// @notice The owner; zero when renounced.
    function owner() external view returns (address);
    /// @notice Who may accept the ownership.
    function pendingOwner() external view returns (address);
    /// @notice Offers the ownership to `newOwner`.
    function transferOwnership(address newOwner) external;
    /// @notice Takes the offered ownership.
    function acceptOwnership() external;
    /// @notice Leaves the contract without an owner, and without guardian and pause, since nobody could lift it. A revoked gateway stays revoked.
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
