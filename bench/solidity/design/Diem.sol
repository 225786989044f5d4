// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Curve} from "./Curve.sol";
import {IStakedVvvForDiem} from "./Interfaces.sol";
import {Leases} from "./Leases.sol";

/// @title DIEM, our design in Solidity
/// @notice ERC-20 minted by locking sVVV along the exact curve and burned to unlock it; a fifth of the locked yield
/// is the protocol's; staked DIEM carries a dollar of credit a day.
/// The twin of the Stylus contract, kept for comparison: same interface, same numbers.
contract Diem is ERC20, ERC20Permit, Leases {
    using Curve for Curve.Params;
    using SafeCast for uint256;

    event Minted(address indexed account, uint256 sVVVLocked, uint256 diemOut, uint256 mintRateAfter);
    event Burned(address indexed account, uint256 diemAmount, uint256 sVVVUnlocked, uint256 mintRateAfter);
    event YieldClaimed(address indexed account, uint256 amount);
    event FeesCollected(address indexed treasury, uint256 amount);
    event TreasuryUpdated(address newTreasury);
    event MintPaused();
    event MintUnpaused();

    error OnlyStakedVvv();
    error MintingPaused();
    error SlippageExceeded(uint256 actual, uint256 limit);
    error InsufficientOutstanding(uint256 outstanding, uint256 amount);
    error InvalidTreasury(address treasury);

    struct Position {
        uint128 locked; // sVVV, WAD
        uint128 outstanding; // DIEM, WAD
    }

    uint256 public constant YIELD_FEE = 2e17;
    uint256 private constant WAD = 1e18;
    uint256 private constant INDEX_SCALE = 1e36;
    // As in StakedVvv: the most gas that a call may need after its intrinsic gas.
    uint256 private constant MINT_GAS = 260_000;
    uint256 private constant BURN_GAS = 150_000;
    uint256 private constant YIELD_GAS = 180_000;

    IStakedVvvForDiem private immutable _sVvv;
    uint256 private immutable _baseRate;
    uint256 private immutable _targetSupply;
    address public treasury;
    bool public mintPaused;
    uint256 public totalFeesCollected;
    mapping(address => Position) private _positions;
    /// A position has earned `locked * index - debt` gross, scaled and modulo 2^256; see StakedVvv for why it is exact.
    mapping(address => uint256) private _debts;

    modifier onlyStakedVvv() {
        if (msg.sender != address(_sVvv)) revert OnlyStakedVvv();
        _;
    }

    modifier whenMintable() {
        if (mintPaused) revert MintingPaused();
        _;
    }

    constructor(address sVvv_, address owner_, address treasury_, uint256 baseRate_, uint256 targetSupply_)
        ERC20("Diem", "DIEM")
        ERC20Permit("Diem")
        Ownable(owner_)
    {
        if (sVvv_ == address(0)) revert ZeroAddress();
        Curve.check(Curve.Params(baseRate_, targetSupply_));
        _sVvv = IStakedVvvForDiem(sVvv_);
        (_baseRate, _targetSupply) = (baseRate_, targetSupply_);
        _setTreasury(treasury_);
    }

    // --- token ---

    function transfer(address to, uint256 value) public override returns (bool) {
        _checkReceiver(to);
        return super.transfer(to, value);
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        _checkReceiver(to);
        return super.transferFrom(from, to, value);
    }

    /// DIEM sent here would be nobody's, and its minter's sVVV locked for good.
    function _checkReceiver(address to) private view {
        if (to == address(this)) revert ERC20InvalidReceiver(to);
    }

    // --- mint and burn ---

    function mint(uint256 sVVVAmount, uint256 minDiemOut)
        external
        insists(MINT_GAS)
        whenMintable
        returns (uint256 diemOut)
    {
        diemOut = _quote(sVVVAmount, minDiemOut);
        _book(msg.sender, sVVVAmount, diemOut, _sVvv.lock(msg.sender, sVVVAmount));
    }

    function mintExact(uint256 diemAmount, uint256 maxSVVV)
        external
        insists(MINT_GAS)
        whenMintable
        returns (uint256 sVVVLocked)
    {
        if (diemAmount == 0) revert ZeroAmount();
        sVVVLocked = _curve().costUp(totalSupply(), diemAmount);
        if (sVVVLocked > maxSVVV) revert SlippageExceeded(sVVVLocked, maxSVVV);
        _book(msg.sender, sVVVLocked, diemAmount, _sVvv.lock(msg.sender, sVVVLocked));
    }

    function burn(uint256 diemAmount) external insists(BURN_GAS) returns (uint256 sVVVUnlocked) {
        sVVVUnlocked = _unlockable(_positions[msg.sender], diemAmount);
        _unbook(msg.sender, diemAmount, sVVVUnlocked, _sVvv.unlock(msg.sender, sVVVUnlocked));
    }

    function mintLocked(address account, uint256 sVVVAmount, uint256 minDiemOut, uint256 index)
        external
        onlyStakedVvv
        whenMintable
        returns (uint256 diemOut)
    {
        diemOut = _quote(sVVVAmount, minDiemOut);
        _book(account, sVVVAmount, diemOut, index);
    }

    function burnUnlocked(address account, uint256 diemAmount, uint256 index)
        external
        onlyStakedVvv
        returns (uint256 sVVVUnlocked)
    {
        sVVVUnlocked = _unlockable(_positions[account], diemAmount);
        _unbook(account, diemAmount, sVVVUnlocked, index);
    }

    function previewMint(uint256 sVVVAmount) external view returns (uint256) {
        return _curve().diemOutDown(totalSupply(), sVVVAmount);
    }

    function previewMintExact(uint256 diemAmount) external view returns (uint256) {
        return _curve().costUp(totalSupply(), diemAmount);
    }

    function previewBurn(address account, uint256 diemAmount) external view returns (uint256) {
        return diemAmount == 0 ? 0 : _unlockable(_positions[account], diemAmount);
    }

    function mintRate() external view returns (uint256) {
        return _curve().rateAt(totalSupply());
    }

    function mintRateAt(uint256 supply) external view returns (uint256) {
        return _curve().rateAt(supply);
    }

    function baseRate() external view returns (uint256) {
        return _baseRate;
    }

    function targetSupply() external view returns (uint256) {
        return _targetSupply;
    }

    function sVvv() external view returns (address) {
        return address(_sVvv);
    }

    // --- yield ---

    function position(address account)
        external
        view
        returns (uint256 locked, uint256 outstanding, uint256 pending)
    {
        Position memory p = _positions[account];
        return (p.locked, p.outstanding, pendingYield(account));
    }

    function pendingYield(address account) public view returns (uint256) {
        return pendingYieldAt(account, _sVvv.currentIndex());
    }

    function pendingYieldAt(address account, uint256 index) public view returns (uint256) {
        return _net(_gross(account, index));
    }

    function outstandingOf(address account) external view returns (uint256) {
        return _positions[account].outstanding;
    }

    function claimYield() external insists(YIELD_GAS) returns (uint256 amount) {
        amount = _settle(msg.sender, _sVvv.currentIndex());
        if (amount == 0) return 0;
        _sVvv.payLockedYield(msg.sender, amount);
    }

    function settleYield(address account, uint256 index) external onlyStakedVvv returns (uint256) {
        return _settle(account, index);
    }

    function pendingFees() public view returns (uint256) {
        (uint256 earned,) = _sVvv.lockedYield();
        return Math.mulDiv(earned, YIELD_FEE, WAD) - totalFeesCollected;
    }

    function collectFees() external insists(YIELD_GAS) returns (uint256 amount) {
        amount = pendingFees();
        if (amount == 0) return 0;
        totalFeesCollected += amount;
        emit FeesCollected(treasury, amount);
        _sVvv.payLockedYield(treasury, amount);
    }

    // --- roles ---

    function setTreasury(address newTreasury) external onlyOwner {
        _setTreasury(newTreasury);
    }

    function pauseMint() external onlyGuardian {
        mintPaused = true;
        emit MintPaused();
    }

    function unpauseMint() external onlyOwner {
        _unpause();
    }

    /// A pause could be lifted by nobody, so it goes, and who could set it again.
    function renounceOwnership() public override {
        super.renounceOwnership();
        if (guardian != address(0)) _setGuardian(address(0));
        if (mintPaused) _unpause();
    }

    // --- inside ---

    function _curve() private view returns (Curve.Params memory) {
        return Curve.Params(_baseRate, _targetSupply);
    }

    function _quote(uint256 sVVVAmount, uint256 minDiemOut) private view returns (uint256 diemOut) {
        if (sVVVAmount == 0) revert ZeroAmount();
        diemOut = _curve().diemOutDown(totalSupply(), sVVVAmount);
        if (diemOut < minDiemOut) revert SlippageExceeded(diemOut, minDiemOut);
        if (diemOut == 0) revert ZeroAmount();
    }

    /// sVVV that burning `diemAmount` frees, rounded down; all of it for all that is outstanding.
    function _unlockable(Position memory p, uint256 diemAmount) private pure returns (uint256) {
        if (diemAmount == 0) revert ZeroAmount();
        if (diemAmount > p.outstanding) revert InsufficientOutstanding(p.outstanding, diemAmount);
        return Math.mulDiv(diemAmount, p.locked, p.outstanding);
    }

    function _book(address account, uint256 locked, uint256 diemOut, uint256 index) private {
        Position memory p = _positions[account];
        _positions[account] = Position(p.locked + locked.toUint128(), p.outstanding + diemOut.toUint128());
        unchecked {
            _debts[account] += locked * index;
        }
        _mint(account, diemOut);
        emit Minted(account, locked, diemOut, _curve().rateAt(totalSupply()));
    }

    function _unbook(address account, uint256 diemAmount, uint256 unlocked, uint256 index) private {
        Position memory p = _positions[account];
        _positions[account] = Position(p.locked - uint128(unlocked), p.outstanding - uint128(diemAmount));
        unchecked {
            _debts[account] -= unlocked * index;
        }
        _burn(account, diemAmount);
        // Only told, and no exit may depend on what is only told.
        emit Burned(account, diemAmount, unlocked, _curve().rateAtOrMax(totalSupply()));
    }

    /// Gross yield not yet settled, VVV, rounded down.
    function _gross(address account, uint256 index) private view returns (uint256) {
        unchecked {
            return (_positions[account].locked * index - _debts[account]) / INDEX_SCALE;
        }
    }

    /// Takes what is pending, net of the fee; a fraction of a wei stays for the next time.
    function _settle(address account, uint256 index) private returns (uint256 amount) {
        uint256 gross = _gross(account, index);
        amount = _net(gross);
        if (amount == 0) return 0;
        unchecked {
            _debts[account] += gross * INDEX_SCALE;
        }
        emit YieldClaimed(account, amount);
    }

    /// The owner's four fifths of a gross yield, rounded down.
    function _net(uint256 gross) private pure returns (uint256) {
        return Math.mulDiv(gross, WAD - YIELD_FEE, WAD);
    }

    function _setTreasury(address newTreasury) private {
        if (newTreasury == address(0)) revert ZeroAddress();
        // The system's own contracts have no way to give VVV back.
        if (newTreasury == address(this) || newTreasury == address(_sVvv) || newTreasury == _sVvv.venice()) {
            revert InvalidTreasury(newTreasury);
        }
        treasury = newTreasury;
        emit TreasuryUpdated(newTreasury);
    }

    function _unpause() private {
        mintPaused = false;
        emit MintUnpaused();
    }

    function _moveDiem(address from, address to, uint256 amount) internal override {
        _transfer(from, to, amount);
    }
}
