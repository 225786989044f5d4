// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title VVV stand-in
/// @notice The token both peers stake: an ERC-20 with permit whose `mint` is open to anybody.
/// For devnets only. The live peer mints its emissions with it, our design pays them from a funded reserve.
contract VVV is ERC20, ERC20Permit {
    constructor() ERC20("Venice Token", "VVV") ERC20Permit("Venice Token") {}

    /// @notice Creates `amount` VVV (WAD) for `to`.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
