//! How a transaction is to be executed.

use std::sync::Arc;

use super::Pretence;
use crate::trace::TraceConfig;

/// Which rules apply besides those of the EVM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// A transaction that goes into a block: everything is checked and charged.
    #[default]
    Commit,
    /// `eth_call`: no nonce, balance-for-gas or sender-code checks, no compute cap per transaction.
    Call,
    /// One step of `eth_estimateGas`: as `Call`, but the compute cap holds and L1 gas is padded.
    Estimate,
}

/// How to execute one transaction.
#[derive(Clone, Debug, Default)]
pub struct ExecOptions {
    /// Rules.
    pub mode: Mode,
    /// What to record, if anything.
    pub trace: Option<TraceConfig>,
    /// Collect accounts and slots touched, for `eth_createAccessList`.
    pub collect_access_list: bool,
    /// Leave out the L1 share (`skipL1Charging` of a call request).
    pub skip_l1_charging: bool,
    /// The sender did not sign: skip the check that it has no code.
    pub impersonated: bool,
    /// What a call pretends.
    pub pretence: Arc<Pretence>,
}
