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
