// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title VVV stand-in
/// @notice The token both peers stake: an ERC-20 with permit whose `mint` is open to anybody.
/// For devnets only. The live peer mints its emissions with it, our design pays them from a funded reserve.
/// @dev Transfers are those of the live token, which is no OpenZeppelin token: a shortfall is `Panic(0x11)`, and what
/// goes to the zero address stays in the total supply. OpenZeppelin's balances cannot hold the latter, so they stay
/// unused.
contract VVV is ERC20, ERC20Permit {
    error SupplyOverflow(uint256 supply, uint256 amount);

    uint256 private _supply;
    mapping(address => uint256) private _held;

    constructor() ERC20("Venice Token", "VVV") ERC20Permit("Venice Token") {}

    function totalSupply() public view override returns (uint256) {
        return _supply;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return _held[account];
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        return _move(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        uint256 allowed = allowance(from, msg.sender);
        // OpenZeppelin would refuse to write the zero address's allowance, of which nothing can be spent.
        if (allowed != type(uint256).max && value != 0) _approve(from, msg.sender, allowed - value, false);
        return _move(from, to, value);
    }

    /// @notice Creates `amount` VVV (WAD) for `to`.
    function mint(address to, uint256 amount) external {
        uint256 supply = _supply;
        if (amount > type(uint256).max - supply) revert SupplyOverflow(supply, amount);
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        unchecked {
            _supply = supply + amount;
            _held[to] += amount;
        }
        emit Transfer(address(0), to, amount);
    }

    function _move(address from, address to, uint256 value) private returns (bool) {
        _held[from] -= value;
        unchecked {
            // Part of the total supply, which fits.
            _held[to] += value;
        }
        emit Transfer(from, to, value);
        return true;
    }
}
