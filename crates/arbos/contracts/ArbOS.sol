// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.28;

/// The parts of ArbOS's precompiles that the ready-made contracts call.

interface IArbWasm {
    /// Activates the program at `program`; value beyond the fee comes back without a call.
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);

    /// Version of the parameters in force.
    function stylusVersion() external view returns (uint16 version);

    /// Version a program was activated under; reverts unless it is active.
    function codehashVersion(bytes32 codehash) external view returns (uint16 version);

    /// Estimated native code in bytes; reverts unless the program is active.
    function codehashAsmSize(bytes32 codehash) external view returns (uint32 size);
}

interface IArbWasmCache {
    function codehashIsCached(bytes32 codehash) external view returns (bool);

    function cacheProgram(address program) external;

    function evictCodehash(bytes32 codehash) external;
}

interface IArbOwnerPublic {
    function isChainOwner(address account) external view returns (bool);

    function getNetworkFeeAccount() external view returns (address);
}

IArbWasm constant ARB_WASM = IArbWasm(address(0x71));
IArbWasmCache constant ARB_WASM_CACHE = IArbWasmCache(address(0x72));
IArbOwnerPublic constant ARB_OWNER_PUBLIC = IArbOwnerPublic(address(0x6b));
