// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// What DIEM calls on sVVV.
interface IStakedVvvForDiem {
    function lock(address account, uint256 amount) external returns (uint256 index);
    function unlock(address account, uint256 amount) external returns (uint256 index);
    function payLockedYield(address to, uint256 amount) external;
    function venice() external view returns (address);
    function currentIndex() external view returns (uint256);
    function lockedYield() external view returns (uint256 earned, uint256 paid);
}

/// What sVVV calls on DIEM.
interface IDiemForStakedVvv {
    function mintLocked(address account, uint256 sVVVAmount, uint256 minDiemOut, uint256 index)
        external
        returns (uint256 diemOut);
    function burnUnlocked(address account, uint256 diemAmount, uint256 index) external returns (uint256 sVVVUnlocked);
    function settleYield(address account, uint256 index) external returns (uint256 amount);
    function previewMint(uint256 sVVVAmount) external view returns (uint256);
    function mintRateAt(uint256 supply) external view returns (uint256);
    function pendingYieldAt(address account, uint256 index) external view returns (uint256);
    function outstandingOf(address account) external view returns (uint256);
    function treasury() external view returns (address);
    function sVvv() external view returns (address);
}

/// What both contracts refuse with, for the same reason.
interface CommonErrors {
    error ZeroAmount();
    error ZeroAddress();
    error NoCooldown();
    error CooldownNotOver(uint256 cooldownEnd, uint256 timestamp);
}

/// What sVVV refuses, to its own callers and, passed on by DIEM, to DIEM's.
interface StakedVvvErrors {
    error OnlyDiem();
    error InsufficientUnlocked(uint256 unlocked, uint256 amount);
    error InsufficientLocked(uint256 locked, uint256 amount);
    error LockedYieldExceeded(uint256 available, uint256 amount);
    error VvvCallFailed();
}

/// What DIEM refuses, to its own callers and, passed on by sVVV, to sVVV's.
interface DiemErrors {
    error MintingPaused();
    error SlippageExceeded(uint256 actual, uint256 limit);
    error InsufficientOutstanding(uint256 outstanding, uint256 amount);
}
