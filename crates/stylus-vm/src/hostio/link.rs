//! Connects imports to the bodies of the host functions.

use wasmtime::{AsContext, AsContextMut, Caller, Linker};

use super::{CONSOLE, Host, HostFunction, Hostio, Reply, Stop, VM_HOOKS};
use super::{
    account, call, create, crypto, debug, environment, log, math, memory, program, storage,
};
use crate::CallKind;

/// Enters a host function, charges its base price and runs its body.
fn run<R>(
    mut caller: Caller<'_, Host>,
    function: &'static HostFunction,
    body: impl FnOnce(&mut Hostio<'_>) -> Result<R, Stop>,
) -> wasmtime::Result<R> {
    let result = Hostio::enter(caller.as_context_mut(), function, None).and_then(|hostio| {
        hostio.leave(|hostio| {
            hostio.buy(function.base_ink)?;
            body(hostio)
        })
    });
    result.map_err(|stop| stopped(&mut caller, stop))
}

/// As [`run`], for a body that may ask the state transition.
async fn run_asking<R: TryFrom<Reply, Error = Stop>>(
    mut caller: Caller<'_, Host>,
    function: &'static HostFunction,
    body: impl FnOnce(&mut Hostio<'_>) -> Result<R, Stop>,
) -> wasmtime::Result<R> {
    let mut start_ink = 0;
    let mut result = Hostio::enter(caller.as_context_mut(), function, None).and_then(|hostio| {
        start_ink = hostio.start_ink();
        hostio.leave(|hostio| {
            hostio.buy(function.base_ink)?;
            body(hostio)
        })
    });
    if let Err(Stop::Ask(request, then)) = result {
        let answer = caller.as_context().data().desk.ask(*request).await;
        result = Hostio::enter(caller.as_context_mut(), function, Some(start_ink))
            .and_then(|hostio| hostio.leave(|hostio| then(hostio, answer)))
            .and_then(R::try_from);
    }
    result.map_err(|stop| stopped(&mut caller, stop))
}

/// Notes why the program ends here, and makes the engine end it.
fn stopped(caller: &mut Caller<'_, Host>, stop: Stop) -> wasmtime::Error {
    caller.data_mut().stop = Some(stop);
    wasmtime::Error::new(Stopped)
}

/// What the engine is told when a host function ends the program.
#[derive(Debug, thiserror::Error)]
#[error("stopped by the host")]
struct Stopped;

/// Defines one host function in a linker.
///
/// # Errors
/// The linker already has it, or the table has a row that is not here.
pub(crate) fn define(
    linker: &mut Linker<Host>,
    function: &'static HostFunction,
) -> wasmtime::Result<()> {
    /// A host function that answers at once.
    macro_rules! link {
        ($(($($arg:ident: $ty:ty),*) $(-> $ret:ty)?)? => |$h:ident| $body:expr) => {{
            linker.func_wrap(
                function.module,
                function.name,
                move |caller: Caller<'_, Host>, $($($arg: $ty),*)?| {
                    run(caller, function, |$h| -> Result<link!(@ $($($ret)?)?), Stop> { $body })
                },
            )?;
        }};
        (@ $ret:ty) => { $ret };
        (@) => { () };
    }
    /// A host function that may have to wait.
    macro_rules! ask {
        (($($arg:ident: $ty:ty),*) $(-> $ret:ty)? => |$h:ident| $body:expr) => {{
            linker.func_wrap_async(
                function.module,
                function.name,
                move |caller: Caller<'_, Host>, ($($arg,)*): ($($ty,)*)| {
                    Box::new(run_asking(caller, function, move |$h| -> Result<link!(@ $($ret)?), Stop> {
                        $body
                    }))
                },
            )?;
        }};
    }
    match (function.module, function.name) {
        (VM_HOOKS, "read_args") => link!((dest: u32) => |h| program::read_args(h, dest)),
        (VM_HOOKS, "write_result") => {
            link!((data: u32, len: u32) => |h| program::write_result(h, data, len));
        }
        (VM_HOOKS, "exit_early") => link!((status: u32) => |h| program::exit_early(h, status)),
        (VM_HOOKS, "storage_load_bytes32") => {
            ask!((key: u32, dest: u32) => |h| storage::load(h, key, dest));
        }
        (VM_HOOKS, "storage_cache_bytes32") => {
            link!((key: u32, value: u32) => |h| storage::cache(h, key, value));
        }
        (VM_HOOKS, "storage_flush_cache") => ask!((clear: u32) => |h| storage::flush(h, clear)),
        (VM_HOOKS, "transient_load_bytes32") => {
            ask!((key: u32, dest: u32) => |h| storage::transient_load(h, key, dest));
        }
        (VM_HOOKS, "transient_store_bytes32") => {
            ask!((key: u32, value: u32) => |h| storage::transient_store(h, key, value));
        }
        (VM_HOOKS, "call_contract") => {
            ask!((to: u32, data: u32, len: u32, value: u32, gas: u64, ret: u32) -> u32 => |h| {
                call::call(h, CallKind::Call, to, data, len, Some(value), gas, ret)
            });
        }
        (VM_HOOKS, "delegate_call_contract") => {
            ask!((to: u32, data: u32, len: u32, gas: u64, ret: u32) -> u32 => |h| {
                call::call(h, CallKind::Delegate, to, data, len, None, gas, ret)
            });
        }
        (VM_HOOKS, "static_call_contract") => {
            ask!((to: u32, data: u32, len: u32, gas: u64, ret: u32) -> u32 => |h| {
                call::call(h, CallKind::Static, to, data, len, None, gas, ret)
            });
        }
        (VM_HOOKS, "create1") => {
            ask!((code: u32, len: u32, endowment: u32, address: u32, ret: u32) => |h| {
                create::create(h, code, len, endowment, None, address, ret)
            });
        }
        (VM_HOOKS, "create2") => {
            ask!((code: u32, len: u32, endowment: u32, salt: u32, address: u32, ret: u32) => |h| {
                create::create(h, code, len, endowment, Some(salt), address, ret)
            });
        }
        (VM_HOOKS, "read_return_data") => {
            link!((dest: u32, offset: u32, size: u32) -> u32 => |h| {
                call::read_return_data(h, dest, offset, size)
            });
        }
        (VM_HOOKS, "return_data_size") => link!(() -> u32 => |h| call::return_data_size(h)),
        (VM_HOOKS, "emit_log") => {
            ask!((data: u32, len: u32, topics: u32) => |h| log::emit_log(h, data, len, topics));
        }
        (VM_HOOKS, "account_balance") => {
            ask!((address: u32, dest: u32) => |h| account::balance(h, address, dest));
        }
        (VM_HOOKS, "account_code") => {
            ask!((address: u32, offset: u32, size: u32, dest: u32) -> u32 => |h| {
                account::code(h, address, offset, size, dest)
            });
        }
        (VM_HOOKS, "account_code_size") => {
            ask!((address: u32) -> u32 => |h| account::code_size(h, address));
        }
        (VM_HOOKS, "account_codehash") => {
            ask!((address: u32, dest: u32) => |h| account::code_hash(h, address, dest));
        }
        (VM_HOOKS, "evm_gas_left") => link!(() -> u64 => |h| environment::gas_left(h)),
        (VM_HOOKS, "evm_ink_left") => link!(() -> u64 => |h| environment::ink_left(h)),
        (VM_HOOKS, "block_basefee") => {
            link!((dest: u32) => |h| environment::uint(h, dest, |env| env.block_basefee));
        }
        (VM_HOOKS, "chainid") => {
            link!(() -> u64 => |h| environment::number(h, |env| env.chain_id));
        }
        (VM_HOOKS, "block_coinbase") => {
            link!((dest: u32) => |h| environment::address(h, dest, |env| env.block_coinbase));
        }
        (VM_HOOKS, "block_gas_limit") => {
            link!(() -> u64 => |h| environment::number(h, |env| env.block_gas_limit));
        }
        (VM_HOOKS, "block_number") => {
            link!(() -> u64 => |h| environment::number(h, |env| env.block_number));
        }
        (VM_HOOKS, "block_timestamp") => {
            link!(() -> u64 => |h| environment::number(h, |env| env.block_timestamp));
        }
        (VM_HOOKS, "contract_address") => {
            link!((dest: u32) => |h| environment::address(h, dest, |env| env.contract_address));
        }
        (VM_HOOKS, "math_div") => link!((a: u32, b: u32) => |h| math::div(h, a, b)),
        (VM_HOOKS, "math_mod") => link!((a: u32, b: u32) => |h| math::rem(h, a, b)),
        (VM_HOOKS, "math_pow") => link!((a: u32, b: u32) => |h| math::pow(h, a, b)),
        (VM_HOOKS, "math_add_mod") => {
            link!((a: u32, b: u32, m: u32) => |h| math::add_mod(h, a, b, m));
        }
        (VM_HOOKS, "math_mul_mod") => {
            link!((a: u32, b: u32, m: u32) => |h| math::mul_mod(h, a, b, m));
        }
        (VM_HOOKS, "msg_reentrant") => link!(() -> u32 => |h| environment::msg_reentrant(h)),
        (VM_HOOKS, "msg_sender") => {
            link!((dest: u32) => |h| environment::address(h, dest, |env| env.msg_sender));
        }
        (VM_HOOKS, "msg_value") => {
            link!((dest: u32) => |h| environment::uint(h, dest, |env| env.msg_value));
        }
        (VM_HOOKS, "native_keccak256") => {
            link!((data: u32, len: u32, dest: u32) => |h| crypto::keccak256(h, data, len, dest));
        }
        (VM_HOOKS, "tx_gas_price") => {
            link!((dest: u32) => |h| environment::uint(h, dest, |env| env.tx_gas_price));
        }
        (VM_HOOKS, "tx_ink_price") => link!(() -> u32 => |h| environment::ink_price(h)),
        (VM_HOOKS, "tx_origin") => {
            link!((dest: u32) => |h| environment::address(h, dest, |env| env.tx_origin));
        }
        (VM_HOOKS, "pay_for_memory_grow") => {
            ask!((pages: u32) => |h| memory::pay_for_grow(h, pages));
        }
        (CONSOLE, "log_txt") => link!((ptr: u32, len: u32) => |h| debug::log_text(h, ptr, len)),
        (CONSOLE, "log_i32") => link!((value: i32) => |h| debug::log(h, value)),
        (CONSOLE, "log_i64") => link!((value: i64) => |h| debug::log(h, value)),
        (CONSOLE, "log_f32") => link!((value: f32) => |h| debug::log(h, value)),
        (CONSOLE, "log_f64") => link!((value: f64) => |h| debug::log(h, value)),
        (CONSOLE, "tee_i32") => link!((value: i32) -> i32 => |h| debug::tee(h, value)),
        (CONSOLE, "tee_i64") => link!((value: i64) -> i64 => |h| debug::tee(h, value)),
        (CONSOLE, "tee_f32") => link!((value: f32) -> f32 => |h| debug::tee(h, value)),
        (CONSOLE, "tee_f64") => link!((value: f64) -> f64 => |h| debug::tee(h, value)),
        (module, name) => {
            let text = format!("no body for {module} {name}");
            return Err(wasmtime::Error::msg(text));
        }
    }
    Ok(())
}
