//! One transaction from its checks to its outcome.

use std::sync::Arc;

use alloy_eips::eip2930::{AccessList, AccessListItem};
use alloy_primitives::{
    Address, B256, Bytes, U256,
    map::{AddressMap, AddressSet, HashSet},
};
use revm::{
    Journal,
    context::{LocalContext, TransactionType, TxEnv, result::EVMError},
    context_interface::JournalTr,
    handler::{FrameResult, pre_execution::apply_eip7702_auth_list},
    interpreter::{
        CallInput, CallInputs, CallScheme, CallValue, CreateInputs, CreateScheme, FrameInput,
        GasTracker,
    },
    primitives::hardfork::SpecId,
};
use stylus_vm::Room;

use super::{
    BlockContext, ExecOptions, Executor, Mode, checks,
    context::{Ctx, Fatal, StateDb, TxContext},
    diff, fees,
    gas::{self, GasUsed},
    journal::{self, sure},
    precompiles::EvmPrecompiles,
    prices::Prices,
    result, rules,
};
use crate::{
    error::TxError,
    frame::Machine,
    host::{BlockEnv, TxInfo},
    outcome::{Outcome, Status},
    state::STATE_ADDRESS,
    trace::{Recorder, Scene, TraceTooLarge},
    tx::{Fees, TxInput},
    world::{State, StateDiff},
};

pub(super) fn transact(
    executor: &Executor,
    state: &dyn State,
    env: &BlockEnv,
    block: &mut BlockContext,
    tx: &TxInput,
    options: &ExecOptions,
) -> Result<Outcome, TxError> {
    let tx = &normalized(tx, options.mode);
    let mut ctx = open_context(executor, state, env, block, tx, options);
    let skip_l1 = options.skip_l1_charging && options.mode != Mode::Commit;
    let prices = Prices::read(&mut ctx, env, tx, options.mode, skip_l1);
    ctx.tx = evm_tx(tx, prices.charged);
    ctx.chain.message_gas_price = prices.message;
    ctx.chain.tx.gas_price = prices.charged;
    ctx.chain.tx.poster_fee = prices.charged.saturating_mul(U256::from(prices.poster_gas));

    checks::check(&mut ctx, tx, &prices, options)?;
    let plan = gas::plan(&ctx, tx, &prices)?;

    let precompiles = EvmPrecompiles::new(rules::spec(env.arbos_version), env.arbos_version);
    warm_up(&mut ctx, tx, precompiles.warm());
    fees::buy_gas(&mut ctx, tx, plan.limit, prices.charged);
    fees::count_units(&mut ctx, &prices);
    let delegation_refund = delegate(&mut ctx)?;
    let input = first_frame(&mut ctx, tx, plan.frame);

    let warm = options.trace.is_some().then(|| precompiles.warm().clone());
    let mut machine = Machine::new(ctx, precompiles);
    let frame = machine.run(input).map_err(|fatal| match fatal {
        Fatal::Internal(text) => TxError::Internal(text),
        Fatal::Room(shortage) => TxError::Room(shortage),
    })?;
    let mut ctx = machine.ctx;

    let access_list = options
        .collect_access_list
        .then(|| collect_access_list(&ctx, tx, &frame));
    let used = gas::settle(&frame, plan, delegation_refund);
    let logs = if frame.instruction_result().is_ok() {
        ctx.journaled_state.take_logs()
    } else {
        Vec::new()
    };
    fees::settle(&mut ctx, tx, plan.limit, used, &prices, options.mode);
    let mut outcome = outcome(&mut ctx, frame, used, &prices);
    (outcome.logs, outcome.access_list) = (logs, access_list);

    let changes = ctx.journaled_state.finalize();
    let recorder = ctx.chain.recorder.take();
    outcome.trace = options.trace.as_ref().map(|_| match recorder {
        Some(recorder) => recorder.finish(&Scene {
            state,
            changes: &changes,
            outcome: &outcome,
            gas_limit: plan.limit,
            arbos_version: env.arbos_version,
            is_precompile: &|address| warm.as_ref().is_some_and(|warm| warm.contains(&address)),
        }),
        // It gave up on the way.
        None => Err(TraceTooLarge.into()),
    });
    outcome.diff = diff::diff(state, changes);
    Ok(outcome)
}

/// What [`transact`] looks at before it charges anything.
pub(super) fn check(
    executor: &Executor,
    state: &dyn State,
    env: &BlockEnv,
    tx: &TxInput,
    options: &ExecOptions,
) -> Result<(), TxError> {
    let tx = &normalized(tx, options.mode);
    let mut block = BlockContext::default();
    let mut ctx = open_context(executor, state, env, &mut block, tx, options);
    let skip_l1 = options.skip_l1_charging && options.mode != Mode::Commit;
    let prices = Prices::read(&mut ctx, env, tx, options.mode, skip_l1);
    ctx.tx = evm_tx(tx, prices.charged);
    checks::check(&mut ctx, tx, &prices, options)?;
    gas::plan(&ctx, tx, &prices).map(drop)
}

/// Calls may leave their price out, or say zero, which is the same.
fn normalized(tx: &TxInput, mode: Mode) -> TxInput {
    let mut tx = tx.clone();
    if mode != Mode::Commit && tx.fees.cap() == 0 {
        tx.fees = Fees::Free;
    }
    tx
}

fn open_context<'a>(
    executor: &'a Executor,
    state: &'a dyn State,
    env: &BlockEnv,
    block: &'a mut BlockContext,
    tx: &TxInput,
    options: &ExecOptions,
) -> Ctx<'a> {
    let cfg = rules::cfg(&executor.chain, env.arbos_version);
    let mut journal = Journal::new(StateDb {
        state,
        pretence: Arc::clone(&options.pretence),
    });
    journal.set_spec_id(cfg.spec);
    let mut block_env = rules::block(env);
    let is_free = tx.fees == Fees::Free && options.mode != Mode::Commit;
    if is_free && !options.pretence.keeps_base_fee {
        block_env.basefee = 0;
    }
    if let Some(prevrandao) = options.pretence.prevrandao {
        block_env.difficulty = prevrandao.into();
        block_env.prevrandao = Some(prevrandao);
    }
    Ctx {
        block: block_env,
        tx: TxEnv::default(),
        cfg,
        journaled_state: journal,
        chain: TxContext {
            state,
            chain: &executor.chain,
            pretence: Arc::clone(&options.pretence),
            block: env.clone(),
            tx: TxInfo {
                origin: tx.from,
                ..TxInfo::default()
            },
            message_gas_price: U256::ZERO,
            programs: &executor.programs,
            recent: &mut block.recent,
            pages: Default::default(),
            room: Room::default(),
            entered: AddressMap::default(),
            callers: Vec::new(),
            recorder: options
                .trace
                .clone()
                .map(|config| Box::new(Recorder::new(config))),
            top_error: None,
            console: Vec::new(),
            console_bytes: 0,
            unpriced_gas: 0,
        },
        local: LocalContext::default(),
        error: Ok(()),
    }
}

/// The transaction as revm's opcodes and gas tables read it: its price is the one charged.
fn evm_tx(tx: &TxInput, charged: U256) -> TxEnv {
    let tx_type = if !tx.authorization_list.is_empty() {
        TransactionType::Eip7702
    } else if !tx.access_list.0.is_empty() {
        TransactionType::Eip2930
    } else {
        TransactionType::Legacy
    };
    let mut evm_tx = TxEnv {
        tx_type: tx_type as u8,
        caller: tx.from,
        gas_limit: tx.gas_limit,
        gas_price: charged.saturating_to(),
        kind: tx.kind(),
        value: tx.value,
        data: tx.data.clone(),
        nonce: tx.nonce.unwrap_or_default(),
        chain_id: tx.chain_id,
        access_list: tx.access_list.clone(),
        gas_priority_fee: None,
        ..TxEnv::default()
    };
    evm_tx.set_signed_authorization(tx.authorization_list.clone());
    evm_tx
}

/// EIP-2929, EIP-2930 and EIP-3651: what starts warm.
fn warm_up(ctx: &mut Ctx<'_>, tx: &TxInput, precompiles: &AddressSet) {
    let journal = &mut ctx.journaled_state;
    journal.warm_precompiles(precompiles);
    if ctx.cfg.spec.is_enabled_in(SpecId::SHANGHAI) {
        journal.warm_coinbase_account(ctx.block.beneficiary);
    }
    if !tx.access_list.0.is_empty() {
        let mut list: AddressMap<HashSet<U256>> = AddressMap::default();
        for item in &tx.access_list.0 {
            list.entry(item.address).or_default().extend(
                item.storage_keys
                    .iter()
                    .map(|key| U256::from_be_bytes(key.0)),
            );
        }
        journal.warm_access_list(list);
    }
    sure(journal.load_account(tx.from));
}

/// Applies the EIP-7702 list and returns the refund it earns.
fn delegate(ctx: &mut Ctx<'_>) -> Result<u64, TxError> {
    let mut gas = GasTracker::new(ctx.tx.gas_limit, ctx.tx.gas_limit, 0);
    apply_eip7702_auth_list::<_, EVMError<_>>(ctx, &mut gas)
        .map(Option::unwrap_or_default)
        .map_err(|error| TxError::Internal(error.to_string()))
}

fn first_frame(ctx: &mut Ctx<'_>, tx: &TxInput, gas_limit: u64) -> FrameInput {
    let Some(target) = tx.to else {
        let create = CreateInputs::new(
            tx.from,
            CreateScheme::Create,
            tx.value,
            tx.data.clone(),
            gas_limit,
            0,
        );
        return FrameInput::Create(Box::new(create));
    };
    sure(ctx.journaled_state.load_account_with_code(target));
    let (_, code) = journal::stored_code(ctx, target);
    if let Some(delegate) = code.eip7702_address() {
        sure(ctx.journaled_state.load_account_with_code(delegate));
    }
    FrameInput::Call(Box::new(CallInputs {
        input: CallInput::Bytes(tx.data.clone()),
        return_memory_offset: 0..0,
        gas_limit,
        reservoir: 0,
        bytecode_address: target,
        known_bytecode: journal::resolved_code(ctx, target),
        target_address: target,
        caller: tx.from,
        value: CallValue::Transfer(tx.value),
        scheme: CallScheme::Call,
        is_static: false,
        charged_new_account_state_gas: false,
    }))
}

/// What the frame and the gas used say. Logs, changes and trace are still to come.
fn outcome(ctx: &mut Ctx<'_>, frame: FrameResult, used: GasUsed, prices: &Prices) -> Outcome {
    let code = frame.instruction_result();
    let status = result::status(code);
    let created = created(&frame);
    let output = match status {
        Status::Halt => Bytes::new(),
        Status::Success | Status::Revert => frame.into_interpreter_result().output,
    };
    Outcome {
        status,
        output,
        gas_used: used.total,
        gas_used_for_l1: prices.poster_gas,
        peak_gas: used.peak,
        gas_refunded: used.refunded,
        effective_gas_price: prices.charged.saturating_to(),
        logs: Vec::new(),
        created,
        diff: StateDiff::default(),
        error: result::error(code).map(|error| ctx.chain.top_error.take().unwrap_or(error)),
        trace: None,
        access_list: None,
        console: std::mem::take(&mut ctx.chain.console),
    }
}

fn created(frame: &FrameResult) -> Option<Address> {
    match frame {
        FrameResult::Create(outcome) => outcome.address,
        FrameResult::Call(_) => None,
    }
}

/// Accounts and slots touched so far, without accounts that are warm anyway and have no slot listed.
fn collect_access_list(ctx: &Ctx<'_>, tx: &TxInput, frame: &FrameResult) -> AccessList {
    let warm_anyway = [
        Some(tx.from),
        Some(ctx.block.beneficiary),
        tx.to.or(created(frame)),
    ];
    let precompiles = ctx.journaled_state.precompile_addresses();
    let touched = ctx.journaled_state.inner.state.iter();
    let mut items: Vec<AccessListItem> = touched
        .filter(|(address, _)| !precompiles.contains(*address) && **address != STATE_ADDRESS)
        .map(|(address, account)| {
            let mut storage_keys: Vec<B256> =
                account.storage.keys().map(|key| B256::from(*key)).collect();
            storage_keys.sort_unstable();
            AccessListItem {
                address: *address,
                storage_keys,
            }
        })
        .filter(|item| !item.storage_keys.is_empty() || !warm_anyway.contains(&Some(item.address)))
        .collect();
    items.sort_unstable_by_key(|item| item.address);
    AccessList(items)
}
