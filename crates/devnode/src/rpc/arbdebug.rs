//! The `arbdebug` namespace: how the price of gas came about.

use alloy_eips::BlockNumberOrTag;
use alloy_primitives::Address;
use arbos::state::{Cell, Free, Word};
use jsonrpsee::server::RegisterMethodError;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{RpcError, methods::Methods};
use crate::{
    chain::{Block, Chain, UnknownBlock},
    node::Node,
    state::{View, arbos_state},
};

/// Most blocks in one answer: of a longer range, every second one is told, or every third, …
const MAX_POINTS: u64 = 256;

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.heavy("arbdebug_pricingModel", 2, |node, args| {
        pricing_model(node, args.required(0)?, args.required(1)?)
    })
}

/// A number of any length.
type Number = Box<RawValue>;

/// All wei and gas in plain JSON numbers, as Nitro has them here.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PricingModel {
    start: u64,
    end: u64,
    step: u64,
    #[serde(flatten)]
    blocks: Columns,
    #[serde(flatten)]
    settings: Settings,
}

/// What changes from block to block.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Columns {
    timestamp: Vec<u64>,
    base_fee: Vec<u64>,
    gas_backlog: Vec<u64>,
    gas_used: Vec<u64>,
    l1_base_fee_estimate: Vec<Number>,
    l1_last_surplus: Vec<Number>,
    l1_funds_due: Vec<Number>,
    l1_funds_due_for_rewards: Vec<Number>,
    l1_units_since_update: Vec<u64>,
    l1_last_update_time: Vec<u64>,
}

/// What an owner may set, as it is after the last block.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    min_base_fee: Number,
    speed_limit: u64,
    per_block_gas_limit: u64,
    per_tx_gas_limit: u64,
    pricing_inertia: u64,
    backlog_tolerance: u64,
    l1_equilibration_units: Number,
    l1_per_batch_cost: i64,
    l1_amortized_cost_cap_bips: u64,
    l1_pricing_inertia: u64,
    l1_per_unit_reward: u64,
    l1_pay_reward_to: Address,
}

fn pricing_model(
    node: &Node,
    start: BlockNumberOrTag,
    end: BlockNumberOrTag,
) -> Result<PricingModel, RpcError> {
    let chain = node.chain();
    let (start, end) = (chain.resolve(start.into())?, chain.resolve(end.into())?);
    let Some(span) = end.checked_sub(start) else {
        return Err(RpcError::refused(format!(
            "invalid block range: {start} to {end}"
        )));
    };
    let step = span.saturating_add(1).div_ceil(MAX_POINTS);
    let mut blocks = Columns::default();
    let mut number = start;
    while number <= end {
        let (block, view) = at(&chain, number)?;
        blocks.add(block, view)?;
        number = number.saturating_add(step);
    }
    Ok(PricingModel {
        start,
        end,
        step,
        blocks,
        settings: Settings::of(at(&chain, end)?.1)?,
    })
}

fn at(chain: &Chain, number: u64) -> Result<(&Block, &View), UnknownBlock> {
    let block = chain.block(number).ok_or(UnknownBlock::Number(number))?;
    let view = chain
        .view_at(number)
        .ok_or(UnknownBlock::StateGone(number))?;
    Ok((block, view))
}

fn word<T: Word>(storage: &mut Free<'_>, cell: Cell<T>) -> T {
    let Ok(value) = cell.get(storage);
    value
}

fn number<T: Word + ToString>(storage: &mut Free<'_>, cell: Cell<T>) -> Result<Number, RpcError> {
    RawValue::from_string(word(storage, cell).to_string())
        .map_err(|error| RpcError::Internal(error.to_string()))
}

impl Columns {
    fn add(&mut self, block: &Block, view: &View) -> Result<(), RpcError> {
        self.timestamp.push(block.header.timestamp);
        self.base_fee.push(block.base_fee());
        self.gas_used.push(block.header.gas_used);
        arbos_state(view, |arbos, words| {
            let storage = &mut Free(words);
            let (l2, l1) = (arbos.l2_pricing(), arbos.l1_pricing());
            self.gas_backlog.push(word(storage, l2.backlog()));
            self.l1_base_fee_estimate
                .push(number(storage, l1.price_per_unit())?);
            self.l1_last_surplus
                .push(number(storage, l1.last_surplus())?);
            self.l1_funds_due
                .push(number(storage, l1.total_funds_due())?);
            self.l1_funds_due_for_rewards
                .push(number(storage, l1.funds_due_for_rewards())?);
            self.l1_units_since_update
                .push(word(storage, l1.units_since_update()));
            self.l1_last_update_time
                .push(word(storage, l1.last_update_time()));
            Ok(())
        })
    }
}

impl Settings {
    fn of(view: &View) -> Result<Self, RpcError> {
        arbos_state(view, |arbos, words| {
            let storage = &mut Free(words);
            let (l2, l1) = (arbos.l2_pricing(), arbos.l1_pricing());
            Ok(Self {
                min_base_fee: number(storage, l2.min_base_fee())?,
                speed_limit: word(storage, l2.speed_limit()),
                per_block_gas_limit: word(storage, l2.block_gas_limit()),
                per_tx_gas_limit: word(storage, l2.tx_gas_limit()),
                pricing_inertia: word(storage, l2.inertia()),
                backlog_tolerance: word(storage, l2.backlog_tolerance()),
                l1_equilibration_units: number(storage, l1.equilibration_units())?,
                l1_per_batch_cost: word(storage, l1.per_batch_gas_charge()),
                l1_amortized_cost_cap_bips: word(storage, l1.amortized_cost_cap_bips()),
                l1_pricing_inertia: word(storage, l1.inertia()),
                l1_per_unit_reward: word(storage, l1.per_unit_reward()),
                l1_pay_reward_to: word(storage, l1.pay_rewards_to()),
            })
        })
    }
}
