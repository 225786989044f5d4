// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {LiveDiem} from "./LiveDiem.sol";

interface IMintable {
    function mint(address to, uint256 amount) external;
}

/// @title sVVV, the live design
/// @notice Staking with emissions minted at every checkpoint, rewards pushed at every touch of an account, and a mint
/// curve kept as a step table of 256 buckets in storage. Written from the public description of the live system's
/// interface, for gas comparison only; without the proxy that the live system runs behind, which flatters it.
contract LiveStaking is ERC20, Ownable {
    using SafeERC20 for IERC20;

    event Staked(address indexed user, uint256 amount);
    event Claimed(address indexed user, uint256 amount);
    event UnstakeInitiated(address indexed user, uint256 amount);
    event UnstakeFinalized(address indexed user, uint256 amount);
    event DiemMinted(uint256 sVVVLocked, uint256 diemMinted);
    event DiemBurned(uint256 sVVVUnlocked, uint256 diemBurned);
    event EmissionRateUpdated(uint256 newEmissionRate);

    struct StakeInfo {
        uint256 rewardDebt;
        uint256 cooldownEnd;
        uint256 cooldownAmount;
    }

    struct LockedStake {
        uint256 sVVVLockedAmount;
        uint256 outstandingDiemAmount;
    }

    uint256 public constant ACC_REWARD_SCALE = 1e36;
    uint256 private constant WAD = 1e18;
    uint256 private constant BUCKETS = 256;

    IERC20 public immutable venice;
    LiveDiem public diem;
    address public treasury;
    uint256 public cooldownDuration = 7 days;
    uint256 public emissionRatePerSecond;
    uint256 public lastRewardTimestamp;
    uint256 public accRewardPerShare;
    uint256 public accRewardPerShareLocked;
    uint256 public veniceEmissionsPercentage;
    uint256 public veniceEmissionsPercentageWhenLocked = 2e17;
    uint256 public totalLockedStakedVVV;
    uint256[BUCKETS] public diemSupply;
    uint256[BUCKETS] public diemMintRates;
    mapping(address => StakeInfo) public stakes;
    mapping(address => LockedStake) public lockedStakes;

    constructor(address vvv, address owner_, address treasury_, uint256 emissionRate)
        ERC20("Staked Venice Token", "sVVV")
        Ownable(owner_)
    {
        venice = IERC20(vvv);
        treasury = treasury_;
        emissionRatePerSecond = emissionRate;
        lastRewardTimestamp = block.timestamp;
    }

    // --- owner ---

    function setDiem(LiveDiem diem_) external onlyOwner {
        diem = diem_;
    }

    function setEmissionRate(uint256 newEmissionRate) external onlyOwner {
        _checkpointEmissions();
        emissionRatePerSecond = newEmissionRate;
        emit EmissionRateUpdated(newEmissionRate);
    }

    /// The live entry point takes both tables at once; deployment splits them to stay within a block's gas.
    function setDiemMintCurve(uint256 from, uint256[] calldata supply, uint256[] calldata rates) external onlyOwner {
        for (uint256 i = 0; i < supply.length; ++i) {
            diemSupply[from + i] = supply[i];
            diemMintRates[from + i] = rates[i];
        }
    }

    // --- users ---

    function stake(address recipient, uint256 amount) external {
        require(amount > 0, "STAKE_ZERO");
        _pay(recipient);
        venice.safeTransferFrom(msg.sender, address(this), amount);
        _mint(recipient, amount);
        _resetDebt(recipient);
        emit Staked(recipient, amount);
    }

    function claim() external {
        _pay(msg.sender);
        _resetDebt(msg.sender);
    }

    function claimAndStake() external {
        _checkpointEmissions();
        uint256 amount = _owed(msg.sender);
        require(amount > 0, "STAKE_ZERO");
        emit Claimed(msg.sender, amount);
        _mint(msg.sender, amount);
        _resetDebt(msg.sender);
        emit Staked(msg.sender, amount);
    }

    function initiateUnstake(uint256 amount) external {
        require(amount > 0, "UNSTAKE_ZERO");
        StakeInfo storage info = stakes[msg.sender];
        require(info.cooldownEnd == 0, "COOLDOWN_IN_PROGRESS");
        require(balanceOfUnlocked(msg.sender) >= amount, "INSUFFICIENT_BALANCE");
        _pay(msg.sender);
        _burn(msg.sender, amount);
        info.cooldownEnd = block.timestamp + cooldownDuration;
        info.cooldownAmount = amount;
        _resetDebt(msg.sender);
        emit UnstakeInitiated(msg.sender, amount);
    }

    function finalizeUnstake() external {
        StakeInfo storage info = stakes[msg.sender];
        uint256 amount = info.cooldownAmount;
        require(amount > 0, "NO_COOLDOWN");
        require(block.timestamp >= info.cooldownEnd, "COOLDOWN_NOT_OVER");
        info.cooldownEnd = 0;
        info.cooldownAmount = 0;
        venice.safeTransfer(msg.sender, amount);
        emit UnstakeFinalized(msg.sender, amount);
    }

    function mintDiem(uint256 sVVVAmountToLock, uint256 minDiemAmountOut) external {
        require(sVVVAmountToLock > 0, "LOCK_ZERO");
        _pay(msg.sender);
        require(balanceOfUnlocked(msg.sender) >= sVVVAmountToLock, "INSUFFICIENT_BALANCE");
        uint256 diemOut = getDiemAmountOut(sVVVAmountToLock);
        require(diemOut >= minDiemAmountOut, "MIN_AMOUNT_OUT");
        LockedStake storage position = lockedStakes[msg.sender];
        position.sVVVLockedAmount += sVVVAmountToLock;
        position.outstandingDiemAmount += diemOut;
        totalLockedStakedVVV += sVVVAmountToLock;
        _resetDebt(msg.sender);
        diem.mint(msg.sender, diemOut);
        emit DiemMinted(sVVVAmountToLock, diemOut);
    }

    function burnDiem(uint256 diemAmountToBurn) external {
        require(diemAmountToBurn > 0, "BURN_ZERO");
        _pay(msg.sender);
        LockedStake storage position = lockedStakes[msg.sender];
        uint256 outstanding = position.outstandingDiemAmount;
        require(outstanding >= diemAmountToBurn, "INSUFFICIENT_OUTSTANDING_DIEM");
        uint256 locked = position.sVVVLockedAmount;
        uint256 unlocked = diemAmountToBurn * locked / outstanding;
        position.sVVVLockedAmount = locked - unlocked;
        position.outstandingDiemAmount = outstanding - diemAmountToBurn;
        totalLockedStakedVVV -= unlocked;
        _resetDebt(msg.sender);
        diem.burn(msg.sender, diemAmountToBurn);
        emit DiemBurned(unlocked, diemAmountToBurn);
    }

    // --- reads ---

    function balanceOfUnlocked(address user) public view returns (uint256) {
        return balanceOf(user) - lockedStakes[user].sVVVLockedAmount;
    }

    function pendingRewards(address user) external view returns (uint256) {
        (uint256 acc, uint256 accLocked,,) = _pendingAccumulators();
        return _gross(user, acc, accLocked) - stakes[user].rewardDebt;
    }

    /// Walks the table bucket by bucket from the start, as the live quote does.
    function getDiemAmountOut(uint256 sVVVAmountToLock) public view returns (uint256 out) {
        if (sVVVAmountToLock == 0) return 0;
        uint256 supply = diem.totalSupply();
        for (uint256 i = 0; i < BUCKETS; ++i) {
            uint256 bound = diemSupply[i];
            if (supply >= bound) continue;
            uint256 rate = diemMintRates[i];
            if (rate == 0) continue;
            uint256 room = bound - supply;
            uint256 cost = (rate * room + WAD - 1) / WAD;
            if (cost >= sVVVAmountToLock) return out + sVVVAmountToLock * WAD / rate;
            out += room;
            sVVVAmountToLock -= cost;
            supply += room;
        }
        revert("INSUFFICIENT_SUPPLY");
    }

    // --- inside ---

    function _update(address from, address to, uint256 value) internal override {
        require(from == address(0) || to == address(0), "NOT_TRANSFERRABLE");
        super._update(from, to, value);
    }

    function _pendingAccumulators()
        private
        view
        returns (uint256 acc, uint256 accLocked, uint256 forStakers, uint256 forProtocol)
    {
        (acc, accLocked) = (accRewardPerShare, accRewardPerShareLocked);
        uint256 elapsed = block.timestamp - lastRewardTimestamp;
        uint256 supply = totalSupply();
        if (elapsed == 0 || supply == 0) return (acc, accLocked, 0, 0);
        uint256 emitted = elapsed * emissionRatePerSecond;
        forProtocol = emitted * veniceEmissionsPercentage / WAD;
        uint256 raw = emitted - forProtocol;
        uint256 locked = totalLockedStakedVVV;
        uint256 rawLocked = raw * locked / supply;
        uint256 rawUnlocked = raw - rawLocked;
        uint256 rent = rawLocked * veniceEmissionsPercentageWhenLocked / WAD;
        forProtocol += rent;
        rawLocked -= rent;
        if (supply > locked) acc += rawUnlocked * ACC_REWARD_SCALE / (supply - locked);
        if (locked > 0) accLocked += rawLocked * ACC_REWARD_SCALE / locked;
        forStakers = rawUnlocked + rawLocked;
    }

    function _checkpointEmissions() private {
        if (block.timestamp == lastRewardTimestamp) return;
        (uint256 acc, uint256 accLocked, uint256 forStakers, uint256 forProtocol) = _pendingAccumulators();
        lastRewardTimestamp = block.timestamp;
        if (forStakers == 0) return;
        accRewardPerShare = acc;
        if (accLocked != accRewardPerShareLocked) accRewardPerShareLocked = accLocked;
        IMintable(address(venice)).mint(address(this), forStakers);
        if (forProtocol > 0) IMintable(address(venice)).mint(treasury, forProtocol);
    }

    function _gross(address user, uint256 acc, uint256 accLocked) private view returns (uint256) {
        uint256 locked = lockedStakes[user].sVVVLockedAmount;
        uint256 unlocked = balanceOf(user) - locked;
        return unlocked * acc / ACC_REWARD_SCALE + locked * accLocked / ACC_REWARD_SCALE;
    }

    function _owed(address user) private view returns (uint256) {
        return _gross(user, accRewardPerShare, accRewardPerShareLocked) - stakes[user].rewardDebt;
    }

    /// Brings emissions to now and pushes the user's rewards; the caller resets the debt after its own changes.
    function _pay(address user) private {
        _checkpointEmissions();
        uint256 amount = _owed(user);
        if (amount == 0) return;
        venice.safeTransfer(user, amount);
        emit Claimed(user, amount);
    }

    function _resetDebt(address user) private {
        stakes[user].rewardDebt = _gross(user, accRewardPerShare, accRewardPerShareLocked);
    }
}
