//! The table of host functions.

use wasmparser::{FuncType, ValType};

use crate::pricing::{
    ADD_MOD_INK, DIV_INK, EVM_API_INK as A, HOST_CALL_INK as H, MUL_MOD_INK, POINTER_INK as P,
};

/// Module of the host functions every chain has.
pub const VM_HOOKS: &str = "vm_hooks";
/// Module of the printing functions of debug chains.
pub const CONSOLE: &str = "console";

/// A WebAssembly value type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// 32-bit integer; also every pointer and length.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit float, in debug functions only.
    F32,
    /// 64-bit float, in debug functions only.
    F64,
}

impl Type {
    fn is(self, ty: ValType) -> bool {
        matches!(
            (self, ty),
            (Self::I32, ValType::I32)
                | (Self::I64, ValType::I64)
                | (Self::F32, ValType::F32)
                | (Self::F64, ValType::F64)
        )
    }
}

/// How close a host function is to that of an Arbitrum chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fidelity {
    /// Same results, same charges, same failures.
    Exact,
    /// Differs in a way the table's note states.
    Approximate,
    /// Known but not provided.
    Absent,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct HostFunction {
    /// Import module.
    pub module: &'static str,
    /// Import name.
    pub name: &'static str,
    /// Parameters.
    pub params: &'static [Type],
    /// Result, if any.
    pub result: Option<Type>,
    /// Ink charged on entry, before anything is read.
    pub base_ink: u64,
    /// What else is charged, in words.
    pub dynamic: &'static str,
    /// The EVM's counterpart.
    pub evm: &'static str,
    /// How faithful it is.
    pub fidelity: Fidelity,
}

impl HostFunction {
    /// Finds a host function by its import.
    #[must_use]
    pub fn find(module: &str, name: &str) -> Option<&'static Self> {
        HOST_FUNCTIONS
            .iter()
            .find(|function| function.name == name && function.module == module)
    }

    /// Whether only debug chains have it.
    #[must_use]
    pub fn is_debug(&self) -> bool {
        self.module != VM_HOOKS
    }

    /// Whether an imported type is exactly the function's.
    pub(crate) fn has_type(&self, ty: &FuncType) -> bool {
        let same = |ours: &[Type], theirs: &[ValType]| {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(our, their)| our.is(*their))
        };
        same(self.params, ty.params()) && same(self.result.as_slice(), ty.results())
    }
}

const fn hook(
    name: &'static str,
    params: &'static [Type],
    result: Option<Type>,
    base_ink: u64,
    dynamic: &'static str,
    evm: &'static str,
) -> HostFunction {
    let fidelity = Fidelity::Exact;
    HostFunction {
        module: VM_HOOKS,
        name,
        params,
        result,
        base_ink,
        dynamic,
        evm,
        fidelity,
    }
}

const fn extra(
    module: &'static str,
    name: &'static str,
    params: &'static [Type],
    result: Option<Type>,
) -> HostFunction {
    let fidelity = Fidelity::Exact;
    HostFunction {
        module,
        name,
        params,
        result,
        base_ink: 0,
        dynamic: "",
        evm: "",
        fidelity,
    }
}

use Type::{F32, F64, I32, I64};

const NO: Option<Type> = None;
const WORD: Option<Type> = Some(I32);
const LONG: Option<Type> = Some(I64);

/// Every host function.
#[rustfmt::skip]
pub const HOST_FUNCTIONS: &[HostFunction] = &[
    hook("read_args", &[I32], NO, H, "write(calldata)", "CALLDATACOPY"),
    hook("write_result", &[I32, I32], NO, H, "2 read(len)", "RETURN, REVERT"),
    hook("exit_early", &[I32], NO, 0, "", "RETURN, REVERT"),
    hook("storage_load_bytes32", &[I32, I32], NO, H + 2 * P, "cache access; on a miss SLOAD and one API trip", "SLOAD"),
    hook("storage_cache_bytes32", &[I32, I32], NO, H + 2 * P, "cache access", ""),
    hook("storage_flush_cache", &[I32], NO, H + A, "SSTORE for each dirty slot", "SSTORE"),
    hook("transient_load_bytes32", &[I32, I32], NO, H + 2 * P + A, "100 gas", "TLOAD"),
    hook("transient_store_bytes32", &[I32, I32], NO, H + 2 * P + A, "100 gas", "TSTORE"),
    hook("call_contract", &[I32, I32, I32, I32, I64, I32], WORD, H + 3 * P + A, "2 read(len), base cost, gas used", "CALL"),
    hook("delegate_call_contract", &[I32, I32, I32, I64, I32], WORD, H + 3 * P + A, "2 read(len), base cost, gas used", "DELEGATECALL"),
    hook("static_call_contract", &[I32, I32, I32, I64, I32], WORD, H + 3 * P + A, "2 read(len), base cost, gas used", "STATICCALL"),
    hook("create1", &[I32, I32, I32, I32, I32], NO, H + 3 * P + A, "2 read(len), 32,000 gas, gas used", "CREATE"),
    hook("create2", &[I32, I32, I32, I32, I32, I32], NO, H + 4 * P + A, "2 read(len), 32,000 gas and 6 a word, gas used", "CREATE2"),
    hook("read_return_data", &[I32, I32, I32], WORD, H + A, "write(bytes copied)", "RETURNDATACOPY"),
    hook("return_data_size", &[], WORD, H, "", "RETURNDATASIZE"),
    hook("emit_log", &[I32, I32, I32], NO, H + A, "read(len), log gas", "LOG0 to LOG4"),
    hook("account_balance", &[I32, I32], NO, H + 2 * P + A, "account touch", "BALANCE"),
    hook("account_code", &[I32, I32, I32, I32], WORD, H + A, "account and code touch, write(code)", "EXTCODECOPY"),
    hook("account_code_size", &[I32], WORD, H + A, "account and code touch", "EXTCODESIZE"),
    hook("account_codehash", &[I32, I32], NO, H + 2 * P + A, "account touch", "EXTCODEHASH"),
    hook("evm_gas_left", &[], LONG, H, "", "GAS"),
    hook("evm_ink_left", &[], LONG, H, "", "GAS"),
    hook("block_basefee", &[I32], NO, H + P, "", "BASEFEE"),
    hook("chainid", &[], LONG, H, "", "CHAINID"),
    hook("block_coinbase", &[I32], NO, H + P, "", "COINBASE"),
    hook("block_gas_limit", &[], LONG, H, "", "GASLIMIT"),
    hook("block_number", &[], LONG, H, "", "NUMBER"),
    hook("block_timestamp", &[], LONG, H, "", "TIMESTAMP"),
    hook("contract_address", &[I32], NO, H + P, "", "ADDRESS"),
    hook("math_div", &[I32, I32], NO, H + 3 * P + DIV_INK, "", "DIV"),
    hook("math_mod", &[I32, I32], NO, H + 3 * P + DIV_INK, "", "MOD"),
    hook("math_pow", &[I32, I32], NO, H + 3 * P, "pow(exponent)", "EXP"),
    hook("math_add_mod", &[I32, I32, I32], NO, H + 4 * P + ADD_MOD_INK, "", "ADDMOD"),
    hook("math_mul_mod", &[I32, I32, I32], NO, H + 4 * P + MUL_MOD_INK, "", "MULMOD"),
    hook("msg_reentrant", &[], WORD, H, "", ""),
    hook("msg_sender", &[I32], NO, H + P, "", "CALLER"),
    hook("msg_value", &[I32], NO, H + P, "", "CALLVALUE"),
    hook("native_keccak256", &[I32, I32, I32], NO, 0, "keccak(len)", "KECCAK256"),
    hook("tx_gas_price", &[I32], NO, H + P, "", "GASPRICE"),
    hook("tx_ink_price", &[], WORD, H, "", ""),
    hook("tx_origin", &[I32], NO, H + P, "", "ORIGIN"),
    hook("pay_for_memory_grow", &[I32], NO, 0, "page gas, or 8,400 ink for no pages", ""),
    extra(CONSOLE, "log_txt", &[I32, I32], NO),
    extra(CONSOLE, "log_i32", &[I32], NO),
    extra(CONSOLE, "log_i64", &[I64], NO),
    extra(CONSOLE, "log_f32", &[F32], NO),
    extra(CONSOLE, "log_f64", &[F64], NO),
    extra(CONSOLE, "tee_i32", &[I32], WORD),
    extra(CONSOLE, "tee_i64", &[I64], LONG),
    extra(CONSOLE, "tee_f32", &[F32], Some(F32)),
    extra(CONSOLE, "tee_f64", &[F64], Some(F64)),
];
