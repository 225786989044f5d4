// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Curve} from "../design/Curve.sol";

/// @title Opens the curve library to tests
contract CurveHarness {
    function diemOutDown(uint256 baseRate, uint256 targetSupply, uint256 supply, uint256 svvv)
        external
        pure
        returns (uint256)
    {
        return Curve.diemOutDown(Curve.Params(baseRate, targetSupply), supply, svvv);
    }

    function costUp(uint256 baseRate, uint256 targetSupply, uint256 supply, uint256 diem)
        external
        pure
        returns (uint256)
    {
        return Curve.costUp(Curve.Params(baseRate, targetSupply), supply, diem);
    }

    function rateAt(uint256 baseRate, uint256 targetSupply, uint256 supply) external pure returns (uint256) {
        return Curve.rateAt(Curve.Params(baseRate, targetSupply), supply);
    }
}
