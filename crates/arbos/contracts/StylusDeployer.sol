// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.28;

import {ARB_WASM} from "./ArbOS.sol";

/// Deploys, activates and initialises a Stylus contract in one transaction.
///
/// Nobody can call a contract between its creation and its initialisation. The initialiser sees this
/// contract as its caller; who signed is the transaction's origin.
contract StylusDeployer {
    /// A contract was deployed and is ready.
    event ContractDeployed(address deployedContract);

    error ContractDeploymentError(bytes bytecode);
    error ContractInitializationError(address newContract, bytes data);
    error RefundExcessValueError(uint256 excessValue);
    error EmptyBytecode();
    error InitValueButNotInitData();

    /// Deploys `bytecode` (initcode), at an address that depends on `salt` and `initData` when `salt` is
    /// not zero; activates the program if that is needed; calls it with `initData` and `initValue` wei
    /// when there is `initData`; returns what is left of the value to the caller.
    function deploy(bytes calldata bytecode, bytes calldata initData, uint256 initValue, bytes32 salt)
        external
        payable
        returns (address deployed)
    {
        if (bytecode.length == 0) revert EmptyBytecode();
        if (initData.length == 0 && initValue != 0) revert InitValueButNotInitData();
        deployed = create(bytecode, salt == 0 ? salt : initSalt(salt, initData), salt != 0);

        uint256 excess = msg.value - initValue;
        if (requiresActivation(deployed)) {
            (, uint256 dataFee) = ARB_WASM.activateProgram{value: excess}(deployed);
            excess -= dataFee;
        }
        if (initData.length != 0) {
            (bool initialized, bytes memory data) = deployed.call{value: initValue}(initData);
            if (!initialized) revert ContractInitializationError(deployed, data);
        }
        if (excess != 0) {
            (bool refunded,) = msg.sender.call{value: excess}("");
            if (!refunded) revert RefundExcessValueError(excess);
        }
        emit ContractDeployed(deployed);
    }

    /// Salt that `deploy` really uses, so that initial data cannot be swapped under a known address.
    function initSalt(bytes32 salt, bytes calldata initData) public pure returns (bytes32) {
        return keccak256(abi.encodePacked(salt, initData));
    }

    /// Whether the program at `deployed` has to be activated before it can be called.
    function requiresActivation(address deployed) public view returns (bool) {
        try ARB_WASM.codehashVersion(deployed.codehash) returns (uint16 version) {
            return version != ARB_WASM.stylusVersion();
        } catch {
            return true;
        }
    }

    /// Creates without value; what a failed creation reverted with is passed on.
    function create(bytes memory bytecode, bytes32 salt, bool salted) private returns (address deployed) {
        assembly ("memory-safe") {
            switch salted
            case 0 { deployed := create(0, add(bytecode, 0x20), mload(bytecode)) }
            default { deployed := create2(0, add(bytecode, 0x20), mload(bytecode), salt) }
            if iszero(deployed) {
                if returndatasize() {
                    let data := mload(0x40)
                    returndatacopy(data, 0, returndatasize())
                    revert(data, returndatasize())
                }
            }
        }
        if (deployed == address(0)) revert ContractDeploymentError(bytecode);
    }
}
