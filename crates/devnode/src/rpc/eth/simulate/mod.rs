//! `eth_simulateV1`: blocks full of calls, each on top of the one before, and nothing stays.

mod plan;
mod seal;
mod transfers;

use std::sync::Arc;

use alloy_consensus::TxEnvelope;
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, Log, Signature, U64, U256};
use arbos::{
    ExecError, ExecOptions, Fees, Mode, Outcome, StateDiff, TraceConfig, TxError, trace::CallConfig,
};
use jsonrpsee::server::RegisterMethodError;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    chain::{Block, BlockId, Receipt, Transaction, UserTx},
    node::Node,
    overrides::StateOverrides,
    rpc::{
        RpcError,
        args::Args,
        methods::Methods,
        param::{Param, check_simulation, plain},
        request::{self, CallRequest, Missing},
    },
    simulate::Scene,
};
use plan::{Planned, Wanted};

/// A transaction could not be one.
const INVALID_PARAMS: i32 = -32_602;
/// A transaction cannot run for a reason that has no code of its own.
const INTERNAL: i32 = -32_603;
/// A call failed for another reason than a revert.
const VM_ERROR: i32 = -32_015;
/// The gas of a call is more than what the block has left.
const BLOCK_FULL: i32 = -38_015;
/// A call reverted.
const REVERTED: i32 = 3;

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.heavy("eth_simulateV1", 2, simulate)
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    block_state_calls: Vec<Wanted>,
    #[serde(default)]
    validation: bool,
    #[serde(default)]
    trace_transfers: bool,
    #[serde(default)]
    return_full_transactions: bool,
}

impl Param for Payload {
    fn read(json: &str) -> Result<Self, String> {
        check_simulation(json)?;
        plain(json)
    }
}

fn simulate(node: &Node, args: &Args<'_>) -> Result<Vec<Value>, RpcError> {
    let payload: Payload = args.required(0)?;
    if payload.block_state_calls.is_empty() {
        return Err(RpcError::params("empty input"));
    }
    let id: Option<BlockId> = args.optional(1)?;
    let mut scene = node.scene(id)?;
    Arc::make_mut(&mut scene.pretence).keeps_base_fee = true;
    let parent = Arc::clone(&scene.block);
    let planned = plan::plan(
        parent.number(),
        parent.header.timestamp,
        payload.block_state_calls,
    )?;
    let mut simulation = Simulation {
        node,
        parent,
        scene,
        gas_left: node.config.call_gas_cap,
        difficulty: U256::ONE,
        validation: payload.validation,
        trace_transfers: payload.trace_transfers,
        full: payload.return_full_transactions,
        blocks: Vec::new(),
    };
    for block in planned {
        simulation.add(block)?;
    }
    Ok(simulation.blocks)
}

struct Simulation<'n> {
    node: &'n Node,
    parent: Arc<Block>,
    /// Goes from block to block, overrides and all.
    scene: Scene,
    /// Calls of all blocks share the gas cap of a call.
    gas_left: u64,
    difficulty: U256,
    validation: bool,
    trace_transfers: bool,
    full: bool,
    blocks: Vec<Value>,
}

/// A block in the making.
#[derive(Default)]
struct Build {
    transactions: Vec<Transaction>,
    receipts: Vec<Receipt>,
    calls: Vec<Value>,
    /// What each call tells as its logs.
    logs: Vec<Vec<Log>>,
    diff: StateDiff,
    gas_used: u64,
}

impl Simulation<'_> {
    fn add(&mut self, planned: Planned) -> Result<(), RpcError> {
        let Planned {
            number,
            timestamp,
            mut overrides,
            state,
            calls,
        } = planned;
        let next_base_fee = self.scene.next_base_fee();
        let beacon_root = overrides.take_beacon_root();
        self.difficulty = overrides.difficulty().unwrap_or(self.difficulty);
        self.scene.env.base_fee = if self.validation {
            next_base_fee
        } else {
            // What is free must not be below the base fee.
            U256::ZERO
        };
        self.scene.override_block(overrides)?;
        (self.scene.env.number, self.scene.env.timestamp) = (number, timestamp);
        self.override_state(state)?;
        let mut build = Build::default();
        for call in calls {
            self.call(&mut build, call)?;
        }
        self.seal(build, beacon_root.unwrap_or_default());
        Ok(())
    }

    fn override_state(&mut self, state: Option<StateOverrides>) -> Result<(), RpcError> {
        if let Some(state) = state {
            self.scene.override_state(state)?;
        }
        Ok(())
    }

    fn call(&mut self, build: &mut Build, mut call: CallRequest) -> Result<(), RpcError> {
        let from = call.tx.from.unwrap_or_default();
        let nonce = self.scene.view.state.nonce(&from);
        call.tx.nonce.get_or_insert(nonce);
        let gas = self.gas(build.gas_used, call.tx.gas)?;
        call.tx.gas = Some(gas);
        let envelope = unsigned(self.node, &call, nonce, gas)?;
        let mode = if self.validation {
            Mode::Commit
        } else {
            Mode::Call
        };
        let options = ExecOptions {
            mode,
            impersonated: true,
            skip_l1_charging: call.skip_l1_charging.unwrap_or(false),
            trace: self
                .trace_transfers
                .then_some(TraceConfig::Call(CallConfig {
                    only_top_call: false,
                    with_log: true,
                })),
            ..ExecOptions::default()
        };
        let target = call.tx.to.and_then(|kind| kind.into_to());
        let mut input = call.into_input(&self.node.config)?;
        input.gas_limit = gas;
        if self.validation {
            input.encoded = Some(envelope.encoded_2718().into());
            if input.fees == Fees::Free {
                input.fees = Fees::Legacy { gas_price: 0 };
            }
        }
        let mut outcome = self
            .scene
            .run(self.node.executor(), &input, options)
            .map_err(refused)?;
        self.gas_left = self.gas_left.saturating_sub(outcome.gas_used);
        self.scene.view.state.apply(&outcome.diff);
        let logs = match outcome.trace.take() {
            Some(trace) => transfers::among_logs(&trace.map_err(RpcError::refused)?),
            None => outcome.logs.clone(),
        };
        build.include(envelope, from, target, outcome, logs);
        Ok(())
    }

    /// Gas limit of a call: what the block has left, unless it says so itself; within the cap.
    fn gas(&self, used: u64, wanted: Option<u64>) -> Result<u64, RpcError> {
        let limit = self.scene.env.gas_limit;
        let left = limit.saturating_sub(used);
        let gas = wanted.unwrap_or(left);
        if gas > left {
            return Err(RpcError::Coded {
                code: BLOCK_FULL,
                message: format!("block gas limit reached: {used} + {gas} > {limit}"),
            });
        }
        Ok(gas.min(self.gas_left))
    }
}

impl Build {
    fn include(
        &mut self,
        envelope: TxEnvelope,
        from: Address,
        target: Option<Address>,
        outcome: Outcome,
        logs: Vec<Log>,
    ) {
        let mut call = json!({
            "returnData": "0x",
            "gasUsed": U64::from(outcome.gas_used),
            "status": U64::from(u8::from(outcome.is_success())),
        });
        match &outcome.error {
            None => call["returnData"] = json!(outcome.output),
            Some(ExecError::Revert) => {
                let error = RpcError::reverted(outcome.output.clone(), target).to_string();
                call["error"] =
                    json!({ "code": REVERTED, "message": error, "data": outcome.output });
            }
            Some(other) => {
                call["error"] = json!({ "code": VM_ERROR, "message": other.to_string() });
            }
        }
        self.calls.push(call);
        self.logs.push(logs);
        self.gas_used = self.gas_used.saturating_add(outcome.gas_used);
        self.receipts.push(Receipt {
            success: outcome.is_success(),
            gas_used: outcome.gas_used,
            cumulative_gas_used: self.gas_used,
            gas_used_for_l1: outcome.gas_used_for_l1,
            effective_gas_price: outcome.effective_gas_price,
            logs: outcome.logs,
            contract_address: outcome.created,
        });
        let user = UserTx { envelope, from };
        self.transactions.push(Transaction::User(Box::new(user)));
        self.diff.extend(outcome.diff);
    }
}

/// The call as a transaction that nobody has signed.
fn unsigned(node: &Node, call: &CallRequest, nonce: u64, gas: u64) -> Result<TxEnvelope, RpcError> {
    let missing = Missing {
        nonce,
        gas,
        max_fee: 0,
    };
    let tx = request::complete(call.tx.clone(), node.chain_id(), missing)?;
    let nobody = Signature::new(U256::ZERO, U256::ZERO, false);
    Ok(tx.into_envelope(nobody))
}

/// What geth calls each refusal here.
fn refused(error: TxError) -> RpcError {
    let code = match &error {
        TxError::NonceTooLow { .. } => -38_010,
        TxError::NonceTooHigh { .. } => -38_011,
        TxError::IntrinsicGas { .. } | TxError::FloorDataGas { .. } => -38_013,
        TxError::InsufficientFunds { .. } => -38_014,
        TxError::SenderNotEoa { .. } => -38_024,
        TxError::InitCodeTooLarge { .. } => -38_025,
        TxError::FeeCapTooLow { .. } | TxError::TipAboveFeeCap { .. } => INVALID_PARAMS,
        _ => INTERNAL,
    };
    RpcError::Coded {
        code,
        message: error.to_string(),
    }
}
