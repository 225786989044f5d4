// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IDiem} from "../../abi/IDiem.sol";
import {InsistsOnGas} from "./InsistsOnGas.sol";

/// @title LiquidDiem
/// @notice An ERC-4626 vault over staked DIEM: a deposit is staked at once, the share stays liquid. DIEM that anybody
/// sends to the vault (say, the proceeds of its credit) and then stakes with `stakeIdle` raises what a share is worth.
/// The vault never chooses a gateway, so the protocol's default one settles its credit line.
///
/// @dev DIEM has ONE cooldown bucket per account, and every new request restarts the clock of the whole bucket. A
/// vault that forwarded each redemption would never pay anybody. So redemptions are collected into batches:
///
///   requestRedeem  burns shares now, at now's price, and adds the assets to the open batch;
///   startBatch     puts the open batch into the cooldown bucket, when no other batch is in it (anyone);
///   settleBatch    takes the bucket out after its day (anyone);
///   collect        pays each requester of a settled batch.
///
/// A batch that cools is never added to, so nobody's wait is prolonged: at most one running batch and one's own.
/// ERC-4626's own `withdraw` and `redeem` promise assets at once and thus are closed: their maximum is zero.
contract LiquidDiem is ERC4626, InsistsOnGas {
    using SafeERC20 for IERC20;

    /// @dev The most that moving DIEM into or out of the protocol takes, with what the vault does around it.
    uint256 private constant ACT_GAS = 300_000;

    event RedeemRequested(
        uint256 indexed batch, address indexed receiver, address indexed owner, uint256 shares, uint256 assets
    );
    event BatchStarted(uint256 indexed batch, uint256 assets, uint256 ends);
    event BatchSettled(uint256 indexed batch, uint256 assets);
    event Collected(uint256 indexed batch, address indexed receiver, uint256 assets);

    error NothingRequested();
    error BatchCooling(uint256 batch);
    error NoBatchCooling();
    error BatchNotSettled(uint256 batch);

    IDiem public immutable diem;
    /// @notice The batch that new requests join.
    uint256 public openBatch = 1;
    /// @notice The batch in the cooldown bucket; zero when the bucket is empty.
    uint256 public coolingBatch;
    /// @notice DIEM that all batches not yet paid out are owed, WAD.
    uint256 public owed;
    /// @notice DIEM owed by a batch, WAD.
    mapping(uint256 batch => uint256 assets) public batchAssets;
    mapping(uint256 batch => bool) public settled;
    mapping(uint256 batch => mapping(address receiver => uint256 assets)) public requested;

    constructor(IDiem diem_) ERC20("Liquid staked Diem", "lsDIEM") ERC4626(IERC20(address(diem_))) {
        diem = diem_;
    }

    /// @notice DIEM that belongs to the shares: staked, cooling and liquid, less what batches are owed.
    function totalAssets() public view override returns (uint256) {
        (uint256 active,, uint256 cooling) = diem.stakedInfos(address(this));
        return active + cooling + diem.balanceOf(address(this)) - owed;
    }

    function deposit(uint256 assets, address receiver) public override insists(ACT_GAS) returns (uint256 shares) {
        return super.deposit(assets, receiver);
    }

    function mint(uint256 shares, address receiver) public override insists(ACT_GAS) returns (uint256 assets) {
        return super.mint(shares, receiver);
    }

    /// @notice Zero: assets take a day to come out. See `requestRedeem`.
    function maxWithdraw(address) public pure override returns (uint256) {
        return 0;
    }

    /// @notice Zero: assets take a day to come out. See `requestRedeem`.
    function maxRedeem(address) public pure override returns (uint256) {
        return 0;
    }

    /// @notice Burns `shares` of `owner` at the present price; `receiver` may collect once the batch is settled.
    function requestRedeem(uint256 shares, address receiver, address owner)
        external
        insists(ACT_GAS)
        returns (uint256 assets)
    {
        if (msg.sender != owner) _spendAllowance(owner, msg.sender, shares);
        assets = previewRedeem(shares);
        if (assets == 0) revert NothingRequested();
        _burn(owner, shares);
        uint256 batch = openBatch;
        owed += assets;
        batchAssets[batch] += assets;
        requested[batch][receiver] += assets;
        emit RedeemRequested(batch, receiver, owner, shares, assets);
    }

    /// @notice Puts the open batch into the cooldown bucket. Anyone may.
    function startBatch() external insists(ACT_GAS) returns (uint256 batch) {
        if (coolingBatch != 0) revert BatchCooling(coolingBatch);
        batch = openBatch;
        uint256 assets = batchAssets[batch];
        if (assets == 0) revert NothingRequested();
        coolingBatch = batch;
        openBatch = batch + 1;
        emit BatchStarted(batch, assets, block.timestamp + diem.cooldownDuration());
        diem.initiateUnstake(assets);
    }

    /// @notice Takes the cooled batch out of the bucket. Anyone may; DIEM itself checks the time.
    function settleBatch() external insists(ACT_GAS) returns (uint256 batch) {
        batch = coolingBatch;
        if (batch == 0) revert NoBatchCooling();
        coolingBatch = 0;
        settled[batch] = true;
        emit BatchSettled(batch, batchAssets[batch]);
        diem.unstake();
    }

    /// @notice Pays what `receiver` is owed by a settled batch. Anyone may call; it is `receiver` who is paid.
    function collect(uint256 batch, address receiver) external returns (uint256 assets) {
        if (!settled[batch]) revert BatchNotSettled(batch);
        assets = requested[batch][receiver];
        if (assets == 0) revert NothingRequested();
        requested[batch][receiver] = 0;
        owed -= assets;
        emit Collected(batch, receiver, assets);
        IERC20(asset()).safeTransfer(receiver, assets);
    }

    /// @notice Stakes liquid DIEM that is not waiting to be collected. Anyone may.
    function stakeIdle() external insists(ACT_GAS) returns (uint256 amount) {
        uint256 waiting = owed - batchAssets[openBatch] - batchAssets[coolingBatch];
        amount = diem.balanceOf(address(this)) - waiting;
        diem.stake(amount);
    }

    function _deposit(address caller, address receiver, uint256 assets, uint256 shares) internal override {
        super._deposit(caller, receiver, assets, shares);
        diem.stake(assets);
    }
}
