// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IDiem} from "../../abi/IDiem.sol";
import {IStakedVvv} from "../../abi/IStakedVvv.sol";
import {InsistsOnGas} from "./InsistsOnGas.sol";

/// @title DiemVault
/// @notice Holds one owner's whole position through a contract: VVV in, staked as sVVV, locked for DIEM, DIEM staked
/// for credit; and all of the way back out. It uses the live entry points (`mintDiem`, `burnDiem`, `claim`, ...) only.
/// @dev After each call into the protocol the vault checks every balance that it should have moved against the amount
/// it asked for, and reverts `UnexpectedDelta` otherwise: copy the pattern when you integrate.
contract DiemVault is Ownable, InsistsOnGas {
    using SafeERC20 for IERC20;

    /// @dev The most that an act of the vault takes: two readings of all balances around one call into the protocol.
    uint256 private constant ACT_GAS = 600_000;

    /// @notice `what` changed by `actual` where `expected` was asked for.
    error UnexpectedDelta(string what, int256 expected, int256 actual);

    IStakedVvv public immutable sVvv;
    IDiem public immutable diem;
    IERC20 public immutable vvv;

    /// The vault's balances in the protocol, all WAD.
    struct Holdings {
        uint256 vvv; // liquid
        uint256 free; // sVVV
        uint256 locked; // sVVV
        uint256 coolingVvv;
        uint256 diem; // liquid
        uint256 staked; // DIEM, active
        uint256 cooling; // DIEM
        uint256 owed; // DIEM to burn before everything is unlocked
    }

    constructor(IStakedVvv sVvv_, address owner_) Ownable(owner_) {
        sVvv = sVvv_;
        diem = IDiem(sVvv_.diem());
        vvv = IERC20(sVvv_.venice());
    }

    // --- in ---

    /// @notice Pulls `amount` VVV from the owner and stakes it.
    function stake(uint256 amount) external insists(ACT_GAS) onlyOwner {
        vvv.safeTransferFrom(msg.sender, address(this), amount);
        vvv.forceApprove(address(sVvv), amount);
        Holdings memory before = holdings();
        sVvv.stake(address(this), amount);
        Holdings memory later = holdings();
        _expect("VVV", before.vvv, later.vvv, -int256(amount));
        _expect("free sVVV", before.free, later.free, int256(amount));
    }

    /// @notice Locks `amount` sVVV for at least `minDiemOut` DIEM. The quote must be met to the last wei.
    function mintDiem(uint256 amount, uint256 minDiemOut)
        external
        insists(ACT_GAS)
        onlyOwner
        returns (uint256 diemOut)
    {
        diemOut = sVvv.getDiemAmountOut(amount);
        Holdings memory before = holdings();
        sVvv.mintDiem(amount, minDiemOut);
        Holdings memory later = holdings();
        _expect("free sVVV", before.free, later.free, -int256(amount));
        _expect("locked sVVV", before.locked, later.locked, int256(amount));
        _expect("DIEM", before.diem, later.diem, int256(diemOut));
        _expect("owed DIEM", before.owed, later.owed, int256(diemOut));
    }

    /// @notice Stakes `amount` DIEM: from now on a dollar of credit a day each.
    function stakeDiem(uint256 amount) external insists(ACT_GAS) onlyOwner {
        Holdings memory before = holdings();
        diem.stake(amount);
        Holdings memory later = holdings();
        _expect("DIEM", before.diem, later.diem, -int256(amount));
        _expect("staked DIEM", before.staked, later.staked, int256(amount));
    }

    // --- yield ---

    /// @notice Claims all rewards, free and locked, and pays them to the owner.
    function harvest() external insists(ACT_GAS) onlyOwner returns (uint256 amount) {
        amount = sVvv.pendingRewards(address(this));
        Holdings memory before = holdings();
        sVvv.claim();
        Holdings memory later = holdings();
        _expect("VVV", before.vvv, later.vvv, int256(amount));
        vvv.safeTransfer(owner(), amount);
    }

    // --- out ---

    /// @notice Puts `amount` staked DIEM into the one day cooldown.
    function unstakeDiem(uint256 amount) external insists(ACT_GAS) onlyOwner {
        Holdings memory before = holdings();
        diem.initiateUnstake(amount);
        Holdings memory later = holdings();
        _expect("staked DIEM", before.staked, later.staked, -int256(amount));
        _expect("cooling DIEM", before.cooling, later.cooling, int256(amount));
    }

    /// @notice Takes the cooled DIEM back.
    function collectDiem() external insists(ACT_GAS) onlyOwner {
        Holdings memory before = holdings();
        diem.unstake();
        Holdings memory later = holdings();
        _expect("DIEM", before.diem, later.diem, int256(before.cooling));
        _expect("cooling DIEM", before.cooling, later.cooling, -int256(before.cooling));
    }

    /// @notice Burns `amount` DIEM and frees sVVV at the vault's own average.
    function burnDiem(uint256 amount) external insists(ACT_GAS) onlyOwner returns (uint256 unlocked) {
        Holdings memory before = holdings();
        unlocked = diem.previewBurn(address(this), amount);
        sVvv.burnDiem(amount);
        Holdings memory later = holdings();
        _expect("DIEM", before.diem, later.diem, -int256(amount));
        _expect("owed DIEM", before.owed, later.owed, -int256(amount));
        _expect("locked sVVV", before.locked, later.locked, -int256(unlocked));
        _expect("free sVVV", before.free, later.free, int256(unlocked));
    }

    /// @notice Puts `amount` free sVVV into the seven day cooldown.
    function unstake(uint256 amount) external insists(ACT_GAS) onlyOwner {
        Holdings memory before = holdings();
        sVvv.initiateUnstake(amount);
        Holdings memory later = holdings();
        _expect("free sVVV", before.free, later.free, -int256(amount));
        _expect("cooling VVV", before.coolingVvv, later.coolingVvv, int256(amount));
    }

    /// @notice Takes the cooled VVV back and pays it to the owner.
    function collect() external insists(ACT_GAS) onlyOwner returns (uint256 amount) {
        Holdings memory before = holdings();
        amount = before.coolingVvv;
        sVvv.finalizeUnstake();
        Holdings memory later = holdings();
        _expect("VVV", before.vvv, later.vvv, int256(amount));
        _expect("cooling VVV", before.coolingVvv, later.coolingVvv, -int256(amount));
        vvv.safeTransfer(owner(), amount);
    }

    /// @notice Pays liquid DIEM to the owner. What leaves must come back before all sVVV can be unlocked.
    function withdrawDiem(uint256 amount) external onlyOwner {
        IERC20(address(diem)).safeTransfer(owner(), amount);
    }

    // --- reads ---

    /// @notice Everything the vault has in the protocol, as the protocol itself reports it.
    function holdings() public view returns (Holdings memory all) {
        all.vvv = vvv.balanceOf(address(this));
        all.free = sVvv.balanceOfUnlocked(address(this));
        (all.locked, all.owed) = sVvv.lockedStakes(address(this));
        (,, all.coolingVvv) = sVvv.stakes(address(this));
        all.diem = diem.balanceOf(address(this));
        (all.staked,, all.cooling) = diem.stakedInfos(address(this));
    }

    function _expect(string memory what, uint256 before, uint256 later, int256 expected) private pure {
        int256 actual = int256(later) - int256(before);
        if (actual != expected) revert UnexpectedDelta(what, expected, actual);
    }
}
