//! `eth_simulateV1`: blocks full of calls, each on top of the one before, and nothing stays.

use std::sync::Arc;

use alloy_consensus::TxEnvelope;
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, Signature, U64, U256};
use arbos::{ExecError, ExecOptions, Fees, Mode, Outcome, StateDiff, TxError};
use jsonrpsee::server::RegisterMethodError;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    chain::{Block, BlockId, Draft, Receipt, Transaction, UserTx},
    node::Node,
    overrides::{BlockOverrides, StateOverrides},
    rpc::{
        RpcError,
        args::Args,
        encode,
        methods::Methods,
        request::{self, CallRequest, Missing},
    },
    sequencer::arbitrum_header,
    simulate::Scene,
    state::{commit, encode_diff},
};

/// Most blocks of one simulation, those between included.
const MAX_BLOCKS: u64 = 256;

/// Seconds from one block to the next where nobody says otherwise.
const SECONDS: u64 = 12;

/// A block is not higher than the one before.
const NUMBER_NOT_HIGHER: i32 = -38_020;
/// A block is not later than the one before.
const NOT_LATER: i32 = -38_021;
/// More than [`MAX_BLOCKS`].
const TOO_MANY_BLOCKS: i32 = -38_026;
/// A call failed for another reason than a revert.
const VM_ERROR: i32 = -32_015;
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

/// One block as it is wanted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Wanted {
    block_overrides: Option<BlockOverrides>,
    state_overrides: Option<StateOverrides>,
    calls: Option<Vec<CallRequest>>,
}

fn simulate(node: &Node, args: &Args<'_>) -> Result<Vec<Value>, RpcError> {
    let payload: Payload = args.required(0)?;
    if payload.block_state_calls.is_empty() {
        return Err(RpcError::params("empty input"));
    }
    if payload.trace_transfers {
        return Err(RpcError::params(
            "traceTransfers is not available: debug_traceCall with callTracer shows transfers",
        ));
    }
    let id: Option<BlockId> = args.optional(1)?;
    let scene = node.scene(id)?;
    let mut simulation = Simulation {
        node,
        base: scene.block.number(),
        parent: Arc::clone(&scene.block),
        scene,
        gas_left: node.config.call_gas_cap,
        validation: payload.validation,
        full: payload.return_full_transactions,
        blocks: Vec::new(),
    };
    for wanted in payload.block_state_calls {
        simulation.add(wanted)?;
    }
    Ok(simulation.blocks)
}

struct Simulation<'n> {
    node: &'n Node,
    /// Height of the last block that is real.
    base: u64,
    parent: Arc<Block>,
    scene: Scene,
    /// Calls of all blocks share the gas cap of a call.
    gas_left: u64,
    validation: bool,
    full: bool,
    blocks: Vec<Value>,
}

/// A block in the making.
#[derive(Default)]
struct Build {
    transactions: Vec<Transaction>,
    receipts: Vec<Receipt>,
    calls: Vec<Value>,
    diff: StateDiff,
    gas_used: u64,
}

impl Simulation<'_> {
    /// Adds a block, and empty ones up to it.
    fn add(&mut self, wanted: Wanted) -> Result<(), RpcError> {
        let overrides = wanted.block_overrides.unwrap_or_default();
        let next = self.parent.number().saturating_add(1);
        let number = overrides.height().unwrap_or(next);
        if number < next {
            return Err(RpcError::Coded {
                code: NUMBER_NOT_HIGHER,
                message: format!("block numbers must be in order: {number} <= {}", next - 1),
            });
        }
        if number.saturating_sub(self.base) > MAX_BLOCKS {
            return Err(RpcError::Coded {
                code: TOO_MANY_BLOCKS,
                message: format!("too many blocks, at most {MAX_BLOCKS}"),
            });
        }
        while self.parent.number().saturating_add(1) < number {
            self.block(Wanted::default(), BlockOverrides::default())?;
        }
        let wanted = Wanted {
            block_overrides: None,
            ..wanted
        };
        self.block(wanted, overrides)
    }

    fn block(&mut self, wanted: Wanted, overrides: BlockOverrides) -> Result<(), RpcError> {
        let latest = self.parent.header.timestamp;
        if let Some(stamp) = overrides.stamp()
            && stamp <= latest
        {
            return Err(RpcError::Coded {
                code: NOT_LATER,
                message: format!("block timestamps must be in order: {stamp} <= {latest}"),
            });
        }
        let next_base_fee = self.scene.next_base_fee();
        let env = &mut self.scene.env;
        env.number = self.parent.number().saturating_add(1);
        env.timestamp = latest.saturating_add(SECONDS);
        env.base_fee = if self.validation {
            next_base_fee
        } else {
            U256::ZERO
        };
        self.scene.override_block(overrides)?;
        if let Some(state) = wanted.state_overrides {
            self.scene.override_state(state)?;
        }
        let mut build = Build::default();
        for call in wanted.calls.unwrap_or_default() {
            self.call(&mut build, call)?;
        }
        self.seal(build);
        Ok(())
    }

    fn call(&mut self, build: &mut Build, call: CallRequest) -> Result<(), RpcError> {
        let from = call.tx.from.unwrap_or_default();
        let mut call = call;
        let nonce = self.scene.view.state.nonce(&from);
        call.tx.nonce.get_or_insert(nonce);
        let gas = call.tx.gas.unwrap_or(self.gas_left).min(self.gas_left);
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
        let outcome = self
            .scene
            .run(self.node.executor(), &input, options)
            .map_err(refused)?;
        self.gas_left = self.gas_left.saturating_sub(outcome.gas_used);
        self.scene.view.state.apply(&outcome.diff);
        build.include(envelope, from, target, outcome);
        Ok(())
    }

    fn seal(&mut self, build: Build) {
        let env = &self.scene.env;
        let draft = Draft {
            parent_hash: self.parent.hash,
            number: env.number,
            timestamp: env.timestamp,
            base_fee: env.base_fee.saturating_to(),
            coinbase: env.coinbase,
            state_root: commit(self.parent.header.state_root, &encode_diff(&build.diff)),
            arbitrum: arbitrum_header(&self.scene.view, env.l1_block_number),
        };
        let block = Arc::new(Block::seal(draft, build.transactions, build.receipts));
        self.scene.view.hashes.push(block.number(), block.hash);
        let mut calls = build.calls;
        for (index, call) in calls.iter_mut().enumerate() {
            call["logs"] = json!(encode::receipt(&block, index).into_logs());
        }
        let mut answer = json!(encode::block(&block, self.full));
        answer["calls"] = Value::Array(calls);
        self.blocks.push(answer);
        self.parent = block;
    }
}

impl Build {
    fn include(
        &mut self,
        envelope: TxEnvelope,
        from: Address,
        target: Option<Address>,
        outcome: Outcome,
    ) {
        let mut call = json!({
            "returnData": "0x",
            "logs": [],
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

/// What the specification of this method calls each refusal.
fn refused(error: TxError) -> RpcError {
    let code = match &error {
        TxError::NonceTooLow { .. } => -38_010,
        TxError::NonceTooHigh { .. } => -38_011,
        TxError::FeeCapTooLow { .. } => -38_012,
        TxError::IntrinsicGas { .. } | TxError::FloorDataGas { .. } => -38_013,
        TxError::InsufficientFunds { .. } => -38_014,
        TxError::GasLimitReached => -38_015,
        TxError::SenderNotEoa { .. } => -38_024,
        TxError::InitCodeTooLarge { .. } => -38_025,
        _ => return RpcError::refused(error),
    };
    RpcError::Coded {
        code,
        message: error.to_string(),
    }
}
