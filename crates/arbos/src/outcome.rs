//! What came out of a transaction that was executed, successful or not.

use alloy_eips::eip2930::AccessList;
use alloy_primitives::{Address, Bytes, Log};

use crate::{
    error::ExecError,
    trace::{Trace, TraceError},
    world::StateDiff,
};

/// How the outermost frame ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Changes kept.
    Success,
    /// Reverted with data; unused gas returned.
    Revert,
    /// Failed with an error other than a revert; the frame's gas is gone.
    Halt,
}

/// Result of an executed transaction.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// Return data, revert data, or the deployed code of a creation.
    pub output: Bytes,
    /// Gas paid for, L1 share included, refund taken off.
    pub gas_used: u64,
    /// The part of `gas_used` that pays for L1 data.
    pub gas_used_for_l1: u64,
    /// Most gas in use at any time: `gas_used` before the refund was taken off.
    pub peak_gas: u64,
    /// Refund granted, after the limit of one fifth.
    pub gas_refunded: u64,
    /// Wei per gas charged.
    pub effective_gas_price: u128,
    /// Logs in order of emission; empty unless successful.
    pub logs: Vec<Log>,
    /// Address of the contract that a creation transaction made or tried to make.
    pub created: Option<Address>,
    /// What changed. Also filled for failed transactions, which still pay.
    pub diff: StateDiff,
    /// Why it did not succeed.
    pub error: Option<ExecError>,
    /// What the tracer asked for in the options has seen, or why it cannot show that.
    pub trace: Option<Result<Trace, TraceError>>,
    /// Accounts and slots touched, when asked for.
    pub access_list: Option<AccessList>,
    /// What programs printed through the `console` imports.
    pub console: Vec<String>,
}

impl Outcome {
    /// Whether the receipt's status is 1.
    pub fn is_success(&self) -> bool {
        self.status == Status::Success
    }

    /// Gas that counts towards the block's compute budget and the pricing backlog.
    pub fn compute_gas(&self) -> u64 {
        self.gas_used.saturating_sub(self.gas_used_for_l1)
    }
}
