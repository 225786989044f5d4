// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Curve} from "./Curve.sol";
import {DiemErrors, IStakedVvvForDiem, StakedVvvErrors} from "./Interfaces.sol";
import {Leases} from "./Leases.sol";

/// @title DIEM for chains without Stylus
/// @notice ERC-20 minted by locking sVVV along the exact curve and burned to unlock it; a fifth of the locked yield
/// is the protocol's; staked DIEM carries a dollar of credit a day.
/// The twin of the Stylus contract in `src`: same interface, same numbers.
contract Diem is ERC20, ERC20Permit, Leases, DiemErrors, StakedVvvErrors {
    using Curve for Curve.Params;

    event Minted(address indexed account, uint256 sVVVLocked, uint256 diemOut, uint256 mintRateAfter);
    event Burned(address indexed account, uint256 diemAmount, uint256 sVVVUnlocked, uint256 mintRateAfter);
    event YieldClaimed(address indexed account, uint256 amount);
    event FeesCollected(address indexed treasury, uint256 amount);
    event TreasuryUpdated(address newTreasury);
    event MintPaused();
    event MintUnpaused();

    error OnlyStakedVvv();
    error InvalidTreasury(address treasury);
    error StakedVvvCallFailed();

    struct Position {
        uint128 locked; // sVVV, WAD
        uint128 outstanding; // DIEM, WAD
        /// It has earned `locked * index - debt` gross, scaled and modulo 2^256; see Pool for why that is exact.
        uint256 debt;
    }

    uint256 public constant YIELD_FEE = 2e17;
    uint256 private constant WAD = 1e18;
    uint256 private constant INDEX_SCALE = 1e36;
    // As in StakedVvv: the most gas that a call may need after its intrinsic gas.
    uint256 private constant MINT_GAS = 260_000;
    uint256 private constant BURN_GAS = 150_000;
    uint256 private constant YIELD_GAS = 180_000;

    address private immutable _sVvv;
    uint256 private immutable _baseRate;
    uint256 private immutable _targetSupply;
    address public treasury;
    bool public mintPaused;
    uint256 public totalFeesCollected;
    mapping(address => Position) private _positions;

    modifier onlyStakedVvv() {
        _requireAlone();
        if (msg.sender != _sVvv) revert OnlyStakedVvv();
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
        _sVvv = sVvv_;
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

    function _update(address from, address to, uint256 value) internal override alone {
        super._update(from, to, value);
    }

    function _approve(address owner_, address spender, uint256 value, bool emitEvent) internal override alone {
        super._approve(owner_, spender, value, emitEvent);
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
        Curve.Quote memory quote = _quote(sVVVAmount, minDiemOut);
        _book(msg.sender, quote, _lock(sVVVAmount));
        return quote.diem;
    }

    function mintExact(uint256 diemAmount, uint256 maxSVVV)
        external
        insists(MINT_GAS)
        whenMintable
        returns (uint256 sVVVLocked)
    {
        if (diemAmount == 0) revert ZeroAmount();
        Curve.Quote memory quote = _curve().quoteExact(totalSupply(), diemAmount);
        if (quote.sVVV > maxSVVV) revert SlippageExceeded(quote.sVVV, maxSVVV);
        _book(msg.sender, quote, _lock(quote.sVVV));
        return quote.sVVV;
    }

    /// sVVV calls nobody back; its index is needed to write the position.
    function burn(uint256 diemAmount) external insists(BURN_GAS) returns (uint256 sVVVUnlocked) {
        sVVVUnlocked = _burnTokens(msg.sender, diemAmount);
        uint256 index = _ask(abi.encodeCall(IStakedVvvForDiem.unlock, (msg.sender, sVVVUnlocked)));
        _unbook(msg.sender, diemAmount, sVVVUnlocked, index);
    }

    function mintLocked(address account, uint256 sVVVAmount, uint256 minDiemOut, uint256 index)
        external
        onlyStakedVvv
        whenMintable
        returns (uint256 diemOut)
    {
        Curve.Quote memory quote = _quote(sVVVAmount, minDiemOut);
        _book(account, quote, index);
        return quote.diem;
    }

    function burnUnlocked(address account, uint256 diemAmount, uint256 index)
        external
        onlyStakedVvv
        returns (uint256 sVVVUnlocked)
    {
        sVVVUnlocked = _burnTokens(account, diemAmount);
        _unbook(account, diemAmount, sVVVUnlocked, index);
    }

    function previewMint(uint256 sVVVAmount) external view returns (uint256 diemOut) {
        return _curve().quote(totalSupply(), sVVVAmount).diem;
    }

    function previewMintExact(uint256 diemAmount) external view returns (uint256 sVVVAmount) {
        return _curve().quoteExact(totalSupply(), diemAmount).sVVV;
    }

    function previewBurn(address account, uint256 diemAmount) external view alone returns (uint256 sVVVUnlocked) {
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
        return _sVvv;
    }

    // --- yield ---

    function position(address account)
        external
        view
        alone
        returns (uint256 locked, uint256 outstanding, uint256 pendingYield_)
    {
        Position memory p = _positions[account];
        return (p.locked, p.outstanding, pendingYield(account));
    }

    function pendingYield(address account) public view alone returns (uint256) {
        return pendingYieldAt(account, _currentIndex());
    }

    function pendingYieldAt(address account, uint256 index) public view alone returns (uint256) {
        return _net(_gross(_positions[account], index));
    }

    function outstandingOf(address account) external view alone returns (uint256) {
        return _positions[account].outstanding;
    }

    function claimYield() external insists(YIELD_GAS) returns (uint256 amount) {
        amount = _settle(msg.sender, _currentIndex());
        if (amount != 0) _pay(msg.sender, amount);
    }

    function settleYield(address account, uint256 index) external onlyStakedVvv returns (uint256 amount) {
        return _settle(account, index);
    }

    function pendingFees() public view alone returns (uint256) {
        uint256 earned = _read(abi.encodeCall(IStakedVvvForDiem.lockedYield, ()));
        return Math.saturatingSub(Math.mulDiv(earned, YIELD_FEE, WAD), totalFeesCollected);
    }

    function collectFees() external insists(YIELD_GAS) returns (uint256 amount) {
        amount = pendingFees();
        if (amount == 0) return 0;
        totalFeesCollected += amount;
        emit FeesCollected(treasury, amount);
        _pay(treasury, amount);
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

    function _quote(uint256 sVVVAmount, uint256 minDiemOut) private view returns (Curve.Quote memory quote) {
        if (sVVVAmount == 0) revert ZeroAmount();
        quote = _curve().quote(totalSupply(), sVVVAmount);
        if (quote.diem < minDiemOut) revert SlippageExceeded(quote.diem, minDiemOut);
        if (quote.diem == 0) revert ZeroAmount();
    }

    /// sVVV that burning `diemAmount` frees, rounded down; all of it for all that is outstanding.
    function _unlockable(Position memory p, uint256 diemAmount) private pure returns (uint256) {
        if (diemAmount > p.outstanding) revert InsufficientOutstanding(p.outstanding, diemAmount);
        return Math.mulDiv(diemAmount, p.locked, p.outstanding);
    }

    /// Writes a mint whose sVVV is locked.
    function _book(address account, Curve.Quote memory quote, uint256 index) private {
        Position storage p = _positions[account];
        // sVVV keeps locks below 2^120, the curve DIEM below 2^91.
        p.locked += uint128(quote.sVVV);
        p.outstanding += uint128(quote.diem);
        unchecked {
            p.debt += quote.sVVV * index;
        }
        _mint(account, quote.diem);
        emit Minted(account, quote.sVVV, quote.diem, quote.rateAfter);
    }

    /// Burns liquid DIEM; tells what that unlocks.
    function _burnTokens(address account, uint256 diemAmount) private returns (uint256 unlocked) {
        if (diemAmount == 0) revert ZeroAmount();
        unlocked = _unlockable(_positions[account], diemAmount);
        _burn(account, diemAmount);
        // Only told, and no exit may depend on what is only told.
        emit Burned(account, diemAmount, unlocked, _curve().rateAtOrMax(totalSupply()));
    }

    function _unbook(address account, uint256 diemAmount, uint256 unlocked, uint256 index) private {
        Position storage p = _positions[account];
        p.locked -= uint128(unlocked);
        p.outstanding -= uint128(diemAmount);
        unchecked {
            p.debt -= unlocked * index;
        }
    }

    /// Gross yield not yet settled, VVV, rounded down.
    function _gross(Position memory p, uint256 index) private pure returns (uint256) {
        unchecked {
            return (p.locked * index - p.debt) / INDEX_SCALE;
        }
    }

    /// Takes what is pending, net of the fee; a fraction of a wei stays for the next time.
    function _settle(address account, uint256 index) private returns (uint256 amount) {
        Position memory p = _positions[account];
        uint256 gross = _gross(p, index);
        amount = _net(gross);
        if (amount == 0) return 0;
        unchecked {
            _positions[account].debt = p.debt + gross * INDEX_SCALE;
        }
        emit YieldClaimed(account, amount);
    }

    /// The owner's four fifths of a gross yield, rounded down.
    function _net(uint256 gross) private pure returns (uint256) {
        return Math.mulDiv(gross, WAD - YIELD_FEE, WAD);
    }

    // --- sVVV, which never calls back ---

    /// Locks the caller's sVVV; tells the reward index.
    function _lock(uint256 amount) private returns (uint256 index) {
        return _ask(abi.encodeCall(IStakedVvvForDiem.lock, (msg.sender, amount)));
    }

    function _pay(address to, uint256 amount) private {
        _call(_sVvv, abi.encodeCall(IStakedVvvForDiem.payLockedYield, (to, amount)));
    }

    function _currentIndex() private view returns (uint256) {
        return _read(abi.encodeCall(IStakedVvvForDiem.currentIndex, ()));
    }

    function _ask(bytes memory question) private returns (uint256) {
        (uint256 size, uint256 word) = _call(_sVvv, question);
        return _answer(size, word);
    }

    function _read(bytes memory question) private view returns (uint256) {
        (uint256 size, uint256 word) = _view(_sVvv, question);
        return _answer(size, word);
    }

    function _answer(uint256 size, uint256 word) private pure returns (uint256) {
        if (size < 32) revert StakedVvvCallFailed();
        return word;
    }

    function _setTreasury(address newTreasury) private {
        if (newTreasury == address(0)) revert ZeroAddress();
        // The system's own contracts have no way to give VVV back.
        address vvv = address(uint160(_read(abi.encodeCall(IStakedVvvForDiem.venice, ()))));
        if (newTreasury == address(this) || newTreasury == _sVvv || newTreasury == vvv) {
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
