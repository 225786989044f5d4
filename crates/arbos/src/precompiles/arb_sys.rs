//! ArbSys (0x64): the chain itself, and messages to its parent.

#![allow(
    clippy::too_many_arguments,
    reason = "an event has as many fields as its ABI says"
)]

use alloy_primitives::{Address, B256, U256, address, keccak256};
use alloy_sol_types::{SolError, sol};

use super::{Access, Context, Failure, Precompile, describe::describe, method::method, numbered};
use crate::{gas_price::keccak_gas, state::Storage};

sol! {
    interface ArbSys {
        function arbBlockNumber() external view returns (uint256);
        function arbBlockHash(uint256 arbBlockNum) external view returns (bytes32);
        function arbChainID() external view returns (uint256);
        function arbOSVersion() external view returns (uint256);
        function getStorageGasAvailable() external view returns (uint256);
        function isTopLevelCall() external view returns (bool);
        function mapL1SenderContractAddressToL2Alias(address sender, address unused) external pure returns (address);
        function wasMyCallersAddressAliased() external view returns (bool);
        function myCallersAddressWithoutAliasing() external view returns (address);
        function withdrawEth(address destination) external payable returns (uint256);
        function sendTxToL1(address destination, bytes calldata data) external payable returns (uint256);
        function sendMerkleTreeState() external view returns (uint256 size, bytes32 root, bytes32[] partials);

        event L2ToL1Tx(address caller, address indexed destination, uint256 indexed hash, uint256 indexed position, uint256 arbBlockNum, uint256 ethBlockNum, uint256 timestamp, uint256 callvalue, bytes data);
        event SendMerkleUpdate(uint256 indexed reserved, bytes32 indexed hash, uint256 indexed position);

        error InvalidBlockNumber(uint256 requested, uint256 current);
    }
}
use ArbSys::*;

/// What ArbOS adds to its version when asked through ArbSys.
const VERSION_OFFSET: u64 = 55;
/// Added, modulo 2^160, to the address of an L1 contract that sends to L2.
const ALIAS_OFFSET: Address = address!("1111000000000000000000000000000000001111");
/// From this version on a missing block hash is an ABI error.
const TYPED_BLOCK_ERROR: u64 = 11;
/// From this version on messages are numbered instead of named by hash.
const NUMBERED_SENDS: u64 = 4;
/// From this version on chains with native token owners refuse withdrawals.
const NATIVE_TOKEN: u64 = 41;
/// Frames open when a contract called by a transaction calls ArbSys.
const TOP_LEVEL_DEPTH: usize = 2;

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbSys",
    address: numbered(0x64),
    since: 0,
    access: Access::Anyone,
    methods: &[
        method!(View, arbBlockNumberCall, |context, _| {
            Ok(U256::from(context.host.block().number))
        }),
        method!(View, arbBlockHashCall, block_hash),
        method!(View, arbChainIDCall, |context, _| {
            Ok(U256::from(context.host.chain().chain_id))
        }),
        method!(View, arbOSVersionCall, |context, _| {
            Ok(U256::from(VERSION_OFFSET + context.arbos_version()))
        }),
        method!(View, getStorageGasAvailableCall, |_, _| Ok(U256::ZERO)),
        method!(View, isTopLevelCallCall, |context, _| {
            Ok(context.host.call_depth() <= TOP_LEVEL_DEPTH)
        }),
        method!(Pure, mapL1SenderContractAddressToL2AliasCall, |_, call| {
            Ok(to_alias(call.sender))
        }),
        method!(View, wasMyCallersAddressAliasedCall, |context, _| {
            Ok(callers_address_is_aliased(context))
        }),
        method!(View, myCallersAddressWithoutAliasingCall, |context, _| {
            let caller = context.host.callers_caller().unwrap_or_default();
            Ok(if callers_address_is_aliased(context) {
                from_alias(caller)
            } else {
                caller
            })
        }),
        method!(Payable, withdrawEthCall, |context, call| {
            send(context, call.destination, &[])
        }),
        method!(Payable, sendTxToL1Call, |context, call| {
            send(context, call.destination, &call.data)
        }),
        method!(View, sendMerkleTreeStateCall, merkle_state),
    ],
    describe: |data| describe(&[InvalidBlockNumber::SIGNATURE], data),
};

fn block_hash(context: &mut Context<'_>, call: arbBlockHashCall) -> Result<B256, Failure> {
    let current = context.host.block().number;
    let hash = u64::try_from(call.arbBlockNum)
        .ok()
        .filter(|number| *number < current && *number + 256 >= current)
        .and_then(|number| context.host.block_hash(number));
    hash.ok_or_else(|| {
        if context.arbos_version() >= TYPED_BLOCK_ERROR {
            Failure::solidity(InvalidBlockNumber {
                requested: call.arbBlockNum,
                current: U256::from(current),
            })
        } else {
            Failure::internal("invalid block number for ArbBlockHash")
        }
    })
}

/// Only the sender of the transaction can be an alias, so only the frame it called has one as caller.
fn callers_address_is_aliased(context: &mut Context<'_>) -> bool {
    context.host.tx().sender_is_aliased && context.host.call_depth() <= TOP_LEVEL_DEPTH
}

fn merkle_state(
    context: &mut Context<'_>,
    _: sendMerkleTreeStateCall,
) -> Result<sendMerkleTreeStateReturn, Failure> {
    if context.caller() != Address::ZERO {
        return Err(Failure::internal(
            "method can only be called by address zero",
        ));
    }
    let tree = context.state.send_merkle();
    Ok(sendMerkleTreeStateReturn {
        size: tree.size().get(context).map(U256::from)?,
        root: tree.root(context)?,
        partials: tree.partials(context)?,
    })
}

/// Burns the value, appends the message to the accumulator and logs both.
fn send(context: &mut Context<'_>, destination: Address, data: &[u8]) -> Result<U256, Failure> {
    let value = context.call.value;
    if context.arbos_version() >= NATIVE_TOKEN && !value.is_zero() {
        let owners = context.state.native_token_owners();
        if !owners.is_empty(context)? {
            return Err(Failure::internal(
                "not allowed to withdraw funds when native token owners exist",
            ));
        }
    }
    let block = context.host.block().clone();
    let [l2_block, l1_block, timestamp] =
        [block.number, block.l1_block_number, block.timestamp].map(U256::from);
    let mut message = context.caller().to_vec();
    message.extend_from_slice(destination.as_slice());
    for word in [l2_block, l1_block, timestamp, value] {
        message.extend_from_slice(&word.to_be_bytes::<32>());
    }
    message.extend_from_slice(data);
    context.burn(keccak_gas(message.len()))?;
    let hash = keccak256(message);

    let tree = context.state.send_merkle();
    let completed = tree.append(context, hash)?;
    let position = tree.size().get(context)?.saturating_sub(1);
    if !context.host.burn(context.call.address, value) {
        return Err(Failure::internal("insufficient balance to burn"));
    }
    for node in completed {
        context.emit(&SendMerkleUpdate {
            reserved: U256::ZERO,
            hash: node.hash,
            position: (U256::from(node.level) << 192) | U256::from(node.leaf),
        })?;
    }
    let hash = U256::from_be_bytes(hash.0);
    let position = U256::from(position);
    context.emit(&L2ToL1Tx {
        caller: context.caller(),
        destination,
        hash,
        position,
        arbBlockNum: l2_block,
        ethBlockNum: l1_block,
        timestamp,
        callvalue: value,
        data: data.to_vec().into(),
    })?;
    Ok(if context.arbos_version() >= NUMBERED_SENDS {
        position
    } else {
        hash
    })
}

/// Address that an L1 contract has on L2.
fn to_alias(address: Address) -> Address {
    shifted(address, U256::wrapping_add)
}

fn from_alias(address: Address) -> Address {
    shifted(address, U256::wrapping_sub)
}

fn shifted(address: Address, shift: fn(U256, U256) -> U256) -> Address {
    let [number, offset] = [address, ALIAS_OFFSET].map(|it| U256::from_be_bytes(it.into_word().0));
    Address::from_word(shift(number, offset).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_wraps_around_and_comes_back() {
        for address in [
            Address::ZERO,
            Address::repeat_byte(0xff),
            Address::repeat_byte(7),
        ] {
            assert_eq!(from_alias(to_alias(address)), address);
        }
        assert_eq!(to_alias(Address::ZERO), ALIAS_OFFSET);
    }
}
