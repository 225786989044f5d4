// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IDiem} from "../../abi/IDiem.sol";
import {IStakedVvv} from "../../abi/IStakedVvv.sol";
import {InsistsOnGas} from "./InsistsOnGas.sol";

/// @title MintRouter
/// @notice VVV to DIEM in one transaction: the user signs a VVV permit, the router stakes, locks and mints, and the
/// DIEM arrives in the user's wallet.
///
/// @dev sVVV cannot be transferred and a position belongs to whoever minted, so a router that minted in its own name
/// would pool everybody's positions at one average rate: whoever minted cheap would pay for whoever minted dear. This
/// router therefore gives each user a `MintPocket` of their own, a minimal clone at an address known beforehand. The
/// pocket owns the user's position; its average, its yield and its cooldown are the user's alone, and only the user
/// can move them. The router holds nothing between transactions.
///
/// Only the signer may use a permit here: the permit does not bind `minDiemOut`, and somebody else could set it to 0.
contract MintRouter is InsistsOnGas {
    using SafeERC20 for IERC20;

    /// @dev The most that a mint takes: a new pocket, staking, locking and the passing on of the DIEM.
    uint256 private constant MINT_GAS = 550_000;

    event RoutedMint(address indexed user, address indexed pocket, uint256 vvvIn, uint256 diemOut);

    IStakedVvv public immutable sVvv;
    IERC20 public immutable vvv;
    address public immutable pocketCode;

    constructor(IStakedVvv sVvv_) {
        sVvv = sVvv_;
        vvv = IERC20(sVvv_.venice());
        pocketCode = address(new MintPocket(sVvv_));
    }

    /// @notice The user's pocket, whether it exists already or not.
    function pocketOf(address user) public view returns (address) {
        return Clones.predictDeterministicAddressWithImmutableArgs(pocketCode, abi.encode(user), _salt(user));
    }

    /// @notice Mints with an allowance given before.
    function mint(uint256 vvvAmount, uint256 minDiemOut) public insists(MINT_GAS) returns (uint256 diemOut) {
        address pocket = pocketOf(msg.sender);
        if (pocket.code.length == 0) {
            Clones.cloneDeterministicWithImmutableArgs(pocketCode, abi.encode(msg.sender), _salt(msg.sender));
        }
        vvv.safeTransferFrom(msg.sender, pocket, vvvAmount);
        diemOut = MintPocket(pocket).mint(vvvAmount, minDiemOut);
        emit RoutedMint(msg.sender, pocket, vvvAmount, diemOut);
    }

    /// @notice Mints behind the caller's permit for `vvvAmount` to this router. A permit that somebody submitted
    /// before does not block it: the allowance decides.
    function mintWithPermit(uint256 vvvAmount, uint256 minDiemOut, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        returns (uint256 diemOut)
    {
        try IERC20Permit(address(vvv)).permit(msg.sender, address(this), vvvAmount, deadline, v, r, s) {} catch {}
        return mint(vvvAmount, minDiemOut);
    }

    function _salt(address user) private pure returns (bytes32) {
        return bytes32(uint256(uint160(user)));
    }
}

/// @title MintPocket
/// @notice One user's position, held by a clone whose code names the user. Everything it pays goes to that user.
contract MintPocket is InsistsOnGas {
    using SafeERC20 for IERC20;

    /// @dev The most that a user's act takes: one call into the protocol and a transfer.
    uint256 private constant ACT_GAS = 350_000;

    error OnlyUser(address user);
    error OnlyRouter();

    address public immutable router;
    IStakedVvv public immutable sVvv;
    IDiem public immutable diem;
    IERC20 public immutable vvv;

    modifier onlyUser() {
        if (msg.sender != user()) revert OnlyUser(user());
        _;
    }

    constructor(IStakedVvv sVvv_) {
        router = msg.sender;
        sVvv = sVvv_;
        diem = IDiem(sVvv_.diem());
        vvv = IERC20(sVvv_.venice());
    }

    /// @notice Whose position this is.
    function user() public view returns (address) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (address));
    }

    /// @notice Stakes VVV that has just arrived, mints DIEM with all of it and passes the DIEM on. Router only.
    function mint(uint256 vvvAmount, uint256 minDiemOut) external returns (uint256 diemOut) {
        if (msg.sender != router) revert OnlyRouter();
        vvv.forceApprove(address(sVvv), vvvAmount);
        sVvv.stake(address(this), vvvAmount);
        diemOut = diem.mint(vvvAmount, minDiemOut);
        IERC20(address(diem)).safeTransfer(user(), diemOut);
    }

    /// @notice Takes `diemAmount` approved DIEM from the user, burns it and frees sVVV at this pocket's average.
    function burn(uint256 diemAmount) external insists(ACT_GAS) onlyUser returns (uint256 unlocked) {
        IERC20(address(diem)).safeTransferFrom(msg.sender, address(this), diemAmount);
        return diem.burn(diemAmount);
    }

    /// @notice Pays all rewards to the user.
    function claim() external insists(ACT_GAS) onlyUser returns (uint256 amount) {
        sVvv.claim();
        return _passVvv();
    }

    /// @notice Starts the seven day cooldown for `amount` free sVVV.
    function unstake(uint256 amount) external insists(ACT_GAS) onlyUser {
        sVvv.initiateUnstake(amount);
    }

    /// @notice Pays the cooled VVV to the user.
    function collect() external insists(ACT_GAS) onlyUser returns (uint256 amount) {
        sVvv.finalizeUnstake();
        return _passVvv();
    }

    function _passVvv() private returns (uint256 amount) {
        amount = vvv.balanceOf(address(this));
        if (amount != 0) vvv.safeTransfer(msg.sender, amount);
    }
}
