//! The parts of Arbitrum a deployment talks to.
#![allow(missing_docs, reason = "generated from the signatures below")]

use alloy_primitives::{Address, address};
use alloy_sol_types::sol;

/// Where every chain that has the Stylus tooling keeps its deployer.
pub const STYLUS_DEPLOYER: Address = address!("cEcba2F1DC234f70Dd89F2041029807F8D03A990");
/// Where a node of Arbitrum answers questions about itself; no contract, and only for calls.
pub const NODE_INTERFACE: Address = address!("00000000000000000000000000000000000000C8");
/// The precompile that activates programs.
pub const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
/// The precompile that keeps programs in the cache.
pub const ARB_WASM_CACHE: Address = address!("0000000000000000000000000000000000000072");
/// The precompile that tells who owns the chain.
pub const ARB_OWNER_PUBLIC: Address = address!("000000000000000000000000000000000000006b");

/// Selector of `stylus_constructor()`, which runs a program's constructor whatever its
/// arguments are.
pub const STYLUS_CONSTRUCTOR: [u8; 4] = [0x55, 0x85, 0x25, 0x8d];

sol! {
    #[sol(all_derives)]
    interface IStylusDeployer {
        event ContractDeployed(address deployedContract);

        error ContractDeploymentError(bytes bytecode);
        error ContractInitializationError(address newContract, bytes data);
        error RefundExcessValueError(uint256 excessValue);
        error EmptyBytecode();
        error InitValueButNotInitData();

        function deploy(bytes calldata bytecode, bytes calldata initData, uint256 initValue, bytes32 salt)
            external payable returns (address);
    }

    #[sol(all_derives)]
    interface INodeInterface {
        function gasEstimateL1Component(address to, bool contractCreation, bytes calldata data)
            external payable returns (uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate);
    }

    #[sol(all_derives)]
    interface IArbWasm {
        error ProgramNotWasm();
        error ProgramNotActivated();
        error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
        error ProgramExpired(uint64 ageInSeconds);
        error ProgramUpToDate();
        error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
        error ProgramInsufficientValue(uint256 have, uint256 want);

        function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
        function codehashKeepalive(bytes32 codehash) external payable;
        function stylusVersion() external view returns (uint16 version);
        function programVersion(address program) external view returns (uint16 version);
        function programTimeLeft(address program) external view returns (uint64);
        function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);
    }

    #[sol(all_derives)]
    interface IArbWasmCache {
        function allCacheManagers() external view returns (address[] memory managers);
        function cacheProgram(address program) external;
        function codehashIsCached(bytes32 codehash) external view returns (bool);
    }

    #[sol(all_derives)]
    interface IArbOwnerPublic {
        function isChainOwner(address account) external view returns (bool);
    }

    #[sol(all_derives)]
    interface ICacheManager {
        error AlreadyCached(bytes32 codehash);
        error AsmTooLarge(uint256 asm, uint256 queueSize, uint256 cacheSize);
        error BidTooLarge(uint256 bid);
        error BidTooSmall(uint192 bid, uint192 min);
        error BidsArePaused();

        function getMinBid(address program) external view returns (uint192);
        function placeBid(address program) external payable;
    }
}
