//! The rules every precompile call goes through, in Nitro's order (stylus-vm section 2.1).

use alloy_primitives::{Bytes, Log, Selector};
use alloy_sol_types::SolEvent;

use super::{
    Access, Context, Failure, Method, Mutability, Precompile, PrecompileCall, PrecompileResult,
    PrecompileStatus, arb_owner::ArbOwner::OwnerActs,
};
use crate::{gas_price, host::PrecompileHost, state::Storage};

const UNAUTHORIZED: &str = "unauthorized caller to access-controlled method";
const DEBUG_DISABLED: &str = "debug precompiles are disabled";

pub(super) fn run(
    host: &mut dyn PrecompileHost,
    precompile: &Precompile,
    call: &PrecompileCall,
) -> PrecompileResult {
    match precompile.access {
        Access::Filterers => run_for_filterers(host, precompile, call),
        _ if !exists(host, precompile) => PrecompileResult::success(Bytes::new(), call.gas),
        Access::Anyone => run_method(host, precompile, call),
        Access::ChainOwner => run_as_owner(host, precompile, call),
        Access::DebugChain if host.chain().allow_debug_precompiles => {
            run_method(host, precompile, call)
        }
        Access::DebugChain => PrecompileResult::error(DEBUG_DISABLED),
    }
}

/// Owners pay nothing, whether the method succeeds or reverts, and their acts are logged.
fn run_as_owner(
    host: &mut dyn PrecompileHost,
    precompile: &Precompile,
    call: &PrecompileCall,
) -> PrecompileResult {
    let mut context = Context::new(host, call, call.gas, true);
    let is_owner = context
        .burn(gas_price::STORAGE_READ)
        .and_then(|()| context.is_chain_owner(call.caller));
    match is_owner {
        Ok(true) => {}
        Ok(false) => return PrecompileResult::error(UNAUTHORIZED),
        Err(_) => return PrecompileResult::error("out of gas"),
    }
    let mut result = run_method(host, precompile, call);
    if result.is_error() {
        return result;
    }
    result.gas_left = call.gas;
    if result.is_success() && !call.is_static {
        let event = OwnerActs {
            method: selector(call).unwrap_or_default(),
            owner: call.caller,
            data: call.input.clone(),
        };
        host.log(Log {
            address: call.address,
            data: event.encode_log_data(),
        });
    }
    result
}

fn exists(host: &dyn PrecompileHost, precompile: &Precompile) -> bool {
    host.block().arbos_version >= precompile.since
}

/// Two reads, before the precompile exists and after, are all that it costs; what the method itself
/// would take is not taken.
fn run_for_filterers(
    host: &mut dyn PrecompileHost,
    precompile: &Precompile,
    call: &PrecompileCall,
) -> PrecompileResult {
    let mut context = Context::new(host, call, call.gas, true);
    let filterers = context.state.transaction_filterers();
    let found = context
        .burn(gas_price::STORAGE_READ)
        .and_then(|()| filterers.contains(&mut context, call.caller));
    let gas_left = context.gas_left();
    if found.is_err() {
        return PrecompileResult::revert(Bytes::new(), 0);
    }
    if !exists(host, precompile) {
        return PrecompileResult::success(Bytes::new(), gas_left);
    }
    let mut result = run_method(host, precompile, call);
    if !result.is_error() {
        result.gas_left = gas_left;
    }
    result
}

fn run_method(
    host: &mut dyn PrecompileHost,
    precompile: &Precompile,
    call: &PrecompileCall,
) -> PrecompileResult {
    let version = host.block().arbos_version;
    let method = selector(call).and_then(|selector| precompile.method(selector, version));
    let Some(method) = method.filter(|method| is_allowed(method, call)) else {
        return PrecompileResult::revert(Bytes::new(), 0);
    };
    let read_only = method.mutability <= Mutability::View;
    let mut context = Context::new(host, call, call.gas, read_only);
    let output = run_charged(&mut context, method, &call.input[4..]);
    let gas_left = context.gas_left();
    match output {
        Ok(output) => PrecompileResult::success(output, gas_left),
        Err(Failure::Solidity(data)) => PrecompileResult::revert(data.into(), gas_left),
        Err(Failure::Internal(_)) => PrecompileResult::revert(Bytes::new(), gas_left),
        Err(Failure::Undecodable | Failure::OutOfGas) => PrecompileResult::revert(Bytes::new(), 0),
        Err(Failure::Fatal(text)) => PrecompileResult::error(text),
        Err(Failure::Crash) => PrecompileResult::failed(PrecompileStatus::Crash),
    }
}

fn run_charged(
    context: &mut Context<'_>,
    method: &Method,
    arguments: &[u8],
) -> Result<Bytes, Failure> {
    if method.mutability > Mutability::Pure {
        context.burn(gas_price::STORAGE_READ)?;
    }
    context.burn(gas_price::copy_gas(arguments.len()))?;
    match (method.run)(context, arguments) {
        Ok(output) => {
            context.burn(gas_price::copy_gas(output.len()))?;
            Ok(output.into())
        }
        Err(Failure::Solidity(data)) => {
            context.burn(gas_price::copy_gas(data.len()))?;
            Err(Failure::Solidity(data))
        }
        Err(failure) => Err(failure),
    }
}

/// Powers need the precompile's own identity, writes a frame that may write, value a payable method.
fn is_allowed(method: &Method, call: &PrecompileCall) -> bool {
    let acts_as_itself = call.acting == call.address;
    (method.mutability == Mutability::Pure || acts_as_itself)
        && (method.mutability < Mutability::Write || !call.is_static)
        && (method.mutability == Mutability::Payable || call.value.is_zero())
}

fn selector(call: &PrecompileCall) -> Option<Selector> {
    call.input.first_chunk().map(|bytes| Selector::from(*bytes))
}
