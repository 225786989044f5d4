//! Executing without a trace: calls, estimates, access lists.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    sync::Arc,
};

use alloy_eips::{
    BlockNumberOrTag,
    eip2930::{AccessList, AccessListItem},
};
use alloy_primitives::{Address, B256, Bytes, U64};
use arbos::{EstimateError, ExecError, ExecOptions, Mode, Outcome, TxInput};
use jsonrpsee::server::RegisterMethodError;
use serde_json::{Value, json};

use crate::{
    chain::BlockId,
    node::Node,
    overrides::{BlockOverrides, OverrideError, StateOverrides},
    rpc::{RpcError, args::Args, methods::Methods, node_interface, request::CallRequest},
    simulate::Scene,
};

/// An access list is found after this many rounds at the latest: each only adds to it.
const MAX_ACCESS_LIST_ROUNDS: usize = 16;

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.heavy("eth_call", 4, call)?;
    methods.heavy("eth_estimateGas", 4, |node, args| {
        let request: CallRequest = args.required(0)?;
        let scene = scene(node, args, BlockNumberOrTag::Pending)?;
        if node_interface::is_target(&request.tx) {
            // It must answer; on chain there is only an empty account, which costs what it costs.
            node_interface::call(node, &scene, request.clone())?;
        }
        Ok(U64::from(estimate(node, &scene, request)?))
    })?;
    methods.heavy("eth_createAccessList", 3, |node, args| {
        let request: CallRequest = args.required(0)?;
        let scene = scene(node, args, BlockNumberOrTag::Latest)?;
        create_access_list(node, &scene, request)
    })
}

/// The block in parameter 1, or else `default`, as a place to execute, with the overrides in 2 and 3.
fn scene(node: &Node, args: &Args<'_>, default: BlockNumberOrTag) -> Result<Scene, RpcError> {
    let id: Option<BlockId> = args.optional(1)?;
    let mut scene = node.scene(Some(id.unwrap_or(default.into())))?;
    override_scene(&mut scene, args.optional(2)?, args.optional(3)?)?;
    Ok(scene)
}

/// The same for traces, whose overrides stand elsewhere.
pub(in crate::rpc) fn trace_scene(
    node: &Node,
    id: Option<BlockId>,
    state: Option<StateOverrides>,
    block: Option<BlockOverrides>,
) -> Result<Scene, RpcError> {
    let mut scene = node.scene(id)?;
    override_scene(&mut scene, state, block)?;
    Ok(scene)
}

fn override_scene(
    scene: &mut Scene,
    state: Option<StateOverrides>,
    block: Option<BlockOverrides>,
) -> Result<(), RpcError> {
    if let Some(state) = state {
        scene.override_state(state)?;
    }
    if let Some(block) = block {
        scene.override_block(block)?;
    }
    Ok(())
}

fn call(node: &Node, args: &Args<'_>) -> Result<Bytes, RpcError> {
    let request: CallRequest = args.required(0)?;
    let scene = scene(node, args, BlockNumberOrTag::Latest)?;
    if node_interface::is_target(&request.tx) {
        return node_interface::call(node, &scene, request);
    }
    let target = target(&request);
    let cap = node.config.call_gas_cap;
    let capped = request.tx.gas.is_none_or(|gas| gas >= cap);
    let outcome = execute(node, &scene, request, ExecOptions::default())?;
    if outcome.is_success() {
        Ok(outcome.output)
    } else if capped && outcome.error == Some(ExecError::OutOfGas) {
        Err(cap_reached(ExecError::OutOfGas, cap))
    } else {
        Err(RpcError::failed(&outcome, target))
    }
}

/// What failed because of the node's cap on gas says so.
fn cap_reached(error: impl Display, cap: u64) -> RpcError {
    RpcError::refused(format!(
        "{error}: calls and estimates may use {cap} gas here (see --call-gas-cap)"
    ))
}

/// Runs a request as `eth_call` does.
fn execute(
    node: &Node,
    scene: &Scene,
    request: CallRequest,
    options: ExecOptions,
) -> Result<Outcome, RpcError> {
    let skip_l1_charging = request.skip_l1_charging.unwrap_or(false);
    let options = ExecOptions {
        mode: Mode::Call,
        skip_l1_charging,
        ..options
    };
    let input = request.into_input(&node.config)?;
    Ok(scene.run(node.executor(), &input, options)?)
}

/// Gas limit with which the request would succeed.
pub(in crate::rpc) fn estimate(
    node: &Node,
    scene: &Scene,
    request: CallRequest,
) -> Result<u64, RpcError> {
    let skip_l1_charging = request.skip_l1_charging.unwrap_or(false);
    // What the request leaves open is for the estimate to find; the cap is the estimate's to apply.
    let gas_limit = request.tx.gas.unwrap_or(0);
    let input = TxInput {
        gas_limit,
        ..request.into_input(&node.config)?
    };
    let cap = node.config.call_gas_cap;
    let (view, env) = (&scene.view, &scene.env);
    let options = ExecOptions {
        skip_l1_charging,
        pretence: Arc::clone(&scene.pretence),
        ..ExecOptions::default()
    };
    node.executor()
        .estimate(view, env, &input, cap, &options)
        .map_err(|error| match error {
            EstimateError::Failed(outcome) => RpcError::failed(&outcome, input.to),
            EstimateError::AboveAllowance(allowance) if allowance >= cap => cap_reached(error, cap),
            other => RpcError::refused(other),
        })
}

/// Adds what was touched to the list until nothing new is touched.
fn create_access_list(node: &Node, scene: &Scene, request: CallRequest) -> Result<Value, RpcError> {
    let mut request = request;
    for _ in 0..MAX_ACCESS_LIST_ROUNDS {
        let options = ExecOptions {
            collect_access_list: true,
            ..ExecOptions::default()
        };
        let outcome = execute(node, scene, request.clone(), options)?;
        let given = request.tx.access_list.clone().unwrap_or_default();
        let found = outcome.access_list.clone().unwrap_or_default();
        let found = merged(&given, found);
        if given == found {
            let mut answer = json!({ "accessList": found, "gasUsed": U64::from(outcome.gas_used) });
            if let Some(error) = outcome.error {
                answer["error"] = Value::String(error.to_string());
            }
            return Ok(answer);
        }
        request.tx.access_list = Some(found);
    }
    Err(RpcError::refused("the access list does not settle"))
}

impl From<OverrideError> for RpcError {
    fn from(error: OverrideError) -> Self {
        Self::refused(error)
    }
}

/// What was listed and what was touched.
fn merged(given: &AccessList, found: AccessList) -> AccessList {
    let mut merged: BTreeMap<Address, BTreeSet<B256>> = BTreeMap::new();
    for item in given.0.iter().chain(&found.0) {
        let keys = merged.entry(item.address).or_default();
        keys.extend(&item.storage_keys);
    }
    let items = merged.into_iter().map(|(address, keys)| AccessListItem {
        address,
        storage_keys: keys.into_iter().collect(),
    });
    AccessList(items.collect())
}

/// Whom a request calls.
fn target(request: &CallRequest) -> Option<Address> {
    request.tx.to.and_then(|kind| kind.into_to())
}
