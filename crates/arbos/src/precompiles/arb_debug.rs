//! ArbDebug (0xff): tools for development chains.

use alloy_primitives::B256;
use alloy_sol_types::{SolError, sol};

use super::{Access, Context, Failure, Precompile, describe::describe, method::method, numbered};

sol! {
    interface ArbDebug {
        function becomeChainOwner() external;
        function overwriteContractCode(address target, bytes calldata newCode) external returns (bytes oldCode);
        function events(bool flag, bytes32 value) external payable returns (address, uint256);
        function eventsView() external view;
        function customRevert(uint64 number) external pure;
        function panic() external;
        function legacyError() external pure;

        event Basic(bool flag, bytes32 indexed value);
        event Mixed(bool indexed flag, bool not, bytes32 indexed value, address conn, address indexed caller);
        event Store(bool indexed flag, address indexed field, uint24 number, bytes32 value, bytes store);

        error Custom(uint64 number, string message, bool flag);
        error Unused();
    }
}
use ArbDebug::*;

/// What `customRevert` says.
const CUSTOM_MESSAGE: &str = "an error with three arguments";

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbDebug",
    address: numbered(0xff),
    since: 0,
    access: Access::DebugChain,
    methods: &[
        method!(Write, becomeChainOwnerCall, |context, _| {
            let owners = context.state.chain_owners();
            let caller = context.caller();
            owners.add(context, caller)?;
            Ok(becomeChainOwnerReturn {})
        }),
        method!(Write, overwriteContractCodeCall, |context, call| {
            let old = context.host.code(call.target);
            context.host.set_code(call.target, call.newCode);
            Ok(old)
        }),
        method!(Payable, eventsCall, events),
        method!(View, eventsViewCall, |context, _| {
            emit_both(context, true, B256::ZERO)?;
            Ok(eventsViewReturn {})
        }),
        method!(Pure, customRevertCall, |_,
                                         call|
         -> Result<
            customRevertReturn,
            Failure,
        > {
            Err(Failure::solidity(Custom {
                number: call.number,
                message: CUSTOM_MESSAGE.to_owned(),
                flag: true,
            }))
        })
        .approximate("the message text is our own"),
        method!(Write, panicCall, |_, _| -> Result<panicReturn, Failure> {
            Err(Failure::Crash)
        })
        .since(30)
        .approximate("fails the transaction and spares the node"),
        method!(Pure, legacyErrorCall, |_,
                                        _|
         -> Result<
            legacyErrorReturn,
            Failure,
        > {
            Err(Failure::internal("example legacy error"))
        }),
    ],
    describe: |data| match Custom::abi_decode(data) {
        Ok(Custom {
            number,
            message,
            flag,
        }) => Some(format!("error Custom({number}, {message}, {flag})")),
        Err(_) => describe(&[Unused::SIGNATURE], data),
    },
};

fn events(context: &mut Context<'_>, call: eventsCall) -> Result<eventsReturn, Failure> {
    emit_both(context, call.flag, call.value)?;
    Ok(eventsReturn {
        _0: context.caller(),
        _1: context.call.value,
    })
}

fn emit_both(context: &mut Context<'_>, flag: bool, value: B256) -> Result<(), Failure> {
    context.emit(&Basic { flag: !flag, value })?;
    context.emit(&Mixed {
        flag,
        not: !flag,
        value,
        conn: context.call.address,
        caller: context.caller(),
    })
}
