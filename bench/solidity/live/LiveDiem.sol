// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title DIEM, the live design
/// @notice ERC-20 with role-based mint and burn and built-in staking with one cooldown bucket per account. Written
/// from the public description of the live system's interface, for gas comparison only.
contract LiveDiem is ERC20, AccessControl {
    event Staked(address indexed user, uint256 amount);
    event UnstakeInitiated(address indexed user, uint256 amount);
    event Unstaked(address indexed user, uint256 amount);
    event CooldownDurationUpdated(uint256 cooldownDuration);

    struct StakedInfo {
        uint256 amountStaked;
        uint256 coolDownEnd;
        uint256 coolDownAmount;
    }

    bytes32 public constant MINTER_BURNER_ROLE = keccak256("MINTER_BURNER_ROLE");

    uint256 public cooldownDuration = 1 days;
    uint256 public totalStaked;
    mapping(address => StakedInfo) public stakedInfos;

    constructor(address admin) ERC20("Diem", "DIEM") {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    function mint(address to, uint256 amount) external onlyRole(MINTER_BURNER_ROLE) {
        _mint(to, amount);
    }

    function burn(address from, uint256 amount) external onlyRole(MINTER_BURNER_ROLE) {
        _burn(from, amount);
    }

    function setCooldownDuration(uint256 newCooldownDuration) external onlyRole(DEFAULT_ADMIN_ROLE) {
        cooldownDuration = newCooldownDuration;
        emit CooldownDurationUpdated(newCooldownDuration);
    }

    function stake(uint256 amount) external {
        require(amount > 0, "STAKE_ZERO");
        require(balanceOf(msg.sender) >= amount, "INSUFFICIENT_BALANCE");
        _transfer(msg.sender, address(this), amount);
        stakedInfos[msg.sender].amountStaked += amount;
        totalStaked += amount;
        emit Staked(msg.sender, amount);
    }

    function initiateUnstake(uint256 amount) external {
        require(amount > 0, "UNSTAKE_ZERO");
        StakedInfo storage info = stakedInfos[msg.sender];
        require(info.amountStaked >= amount, "INSUFFICIENT_STAKED");
        info.amountStaked -= amount;
        info.coolDownAmount += amount;
        info.coolDownEnd = block.timestamp + cooldownDuration;
        emit UnstakeInitiated(msg.sender, amount);
    }

    function unstake() external {
        StakedInfo storage info = stakedInfos[msg.sender];
        uint256 amount = info.coolDownAmount;
        require(amount > 0, "NO_COOLDOWN");
        require(block.timestamp >= info.coolDownEnd, "COOLDOWN_NOT_OVER");
        info.coolDownAmount = 0;
        info.coolDownEnd = 0;
        totalStaked -= amount;
        _transfer(address(this), msg.sender, amount);
        emit Unstaked(msg.sender, amount);
    }
}
