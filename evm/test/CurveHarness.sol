// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Curve} from "../Curve.sol";

/// @title Opens the curve library to tests
contract CurveHarness {
    function diemOutDown(uint256 baseRate, uint256 targetSupply, uint256 supply, uint256 svvv)
        external
        pure
        returns (uint256)
    {
        return Curve.quote(Curve.Params(baseRate, targetSupply), supply, svvv).diem;
    }

    function costUp(uint256 baseRate, uint256 targetSupply, uint256 supply, uint256 diem)
        external
        pure
        returns (uint256)
    {
        return Curve.quoteExact(Curve.Params(baseRate, targetSupply), supply, diem).sVVV;
    }

    function rateAt(uint256 baseRate, uint256 targetSupply, uint256 supply) external pure returns (uint256) {
        return Curve.rateAt(Curve.Params(baseRate, targetSupply), supply);
    }
}
