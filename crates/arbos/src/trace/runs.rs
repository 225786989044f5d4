//! What each call of a Stylus program cost: call cost by part, ink, and how it ended.

use alloy_primitives::Address;
use revm::interpreter::CallInputs;
use serde::Serialize;
use serde_json::json;
use stylus_vm::{Finished, Outcome, call_cost::CallCost};

use super::Trace;

/// One call of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProgramRun {
    /// Place of its frame in the recorder's list.
    #[serde(skip)]
    pub(super) frame: usize,
    /// Open program frames below.
    #[serde(rename = "depth")]
    pub(super) program_depth: usize,
    code_address: Address,
    acting_address: Address,
    gas_limit: u64,
    page_cost: u64,
    cached_cost: u64,
    init_cost: u64,
    call_cost: u64,
    ink_start: u64,
    ink_left: u64,
    ink_used: u64,
    outcome: &'static str,
}

impl ProgramRun {
    /// A call that has yet to pay `cost`.
    pub(crate) fn called(inputs: &CallInputs, cost: CallCost) -> Self {
        Self {
            frame: 0,
            program_depth: 0,
            code_address: inputs.bytecode_address,
            acting_address: inputs.target_address,
            gas_limit: inputs.gas_limit,
            page_cost: cost.pages,
            cached_cost: cost.cached,
            init_cost: cost.init,
            call_cost: cost.total(),
            ink_start: 0,
            ink_left: 0,
            ink_used: 0,
            outcome: "insufficient_for_call_cost",
        }
    }

    /// Whether the price of the call was paid.
    pub(super) fn has_started(&self) -> bool {
        self.ink_start != 0
    }

    pub(super) fn started(&mut self, ink: u64) {
        self.ink_start = ink;
        self.ink_left = ink;
    }

    pub(super) fn finished(&mut self, finished: &Finished) {
        self.ink_left = finished.ink_left;
        self.ink_used = self.ink_start.saturating_sub(finished.ink_left);
        self.outcome = match finished.outcome {
            Outcome::Success => "Success",
            Outcome::Revert => "Revert",
            Outcome::Failure => "Failure",
            Outcome::OutOfInk => "OutOfInk",
            Outcome::OutOfStack => "OutOfStack",
            Outcome::NoRoom(_) => "NoRoom",
        };
    }
}

pub(super) fn trace(runs: &[ProgramRun]) -> Trace {
    json!(runs)
}
