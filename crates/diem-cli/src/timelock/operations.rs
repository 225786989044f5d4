//! What was ever announced, from the timelock's own events.

use crate::chain::{Call, Chain};
use crate::{Result, output};
use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::SolEvent;
use diem_abi::openzeppelin::ITimelockController as Timelock;

/// Stamp of an operation that was carried out.
const DONE_STAMP: U256 = U256::ONE;

/// How it stands with an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Taken back.
    Cancelled,
    /// Waits; seconds since 1970 from which it may be carried out.
    Waiting(u64),
    /// May be carried out.
    Ready,
    /// Carried out.
    Done,
}

impl State {
    /// For programs.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Waiting(_) => "waiting",
            Self::Ready => "ready",
            Self::Done => "done",
        }
    }

    /// For people.
    pub(crate) fn told(self, now: u64) -> String {
        match self {
            Self::Waiting(from) => {
                format!("ready in {}", output::span(from.saturating_sub(now)))
            }
            other => other.name().to_owned(),
        }
    }
}

/// One operation.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// By which the timelock knows it.
    pub(crate) id: B256,
    /// What it does, in its order.
    pub(crate) calls: Vec<Call>,
    /// What has to be done before it; zero for nothing.
    pub(crate) predecessor: B256,
    /// Sets it apart from others that do the same.
    pub(crate) salt: B256,
    /// How it stands.
    pub(crate) state: State,
}

/// All operations of `timelock` announced since block `since`, in their order.
///
/// # Errors
/// The node does not answer, or there is no timelock.
pub(crate) async fn operations(
    chain: &Chain,
    timelock: Address,
    since: u64,
) -> Result<Vec<Operation>> {
    let head = chain.head(None).await?.number;
    let mut logs = Vec::new();
    chain
        .logs(&[timelock], since, head, |log| {
            logs.push(log.clone());
            Ok(())
        })
        .await?;
    let mut all: Vec<Operation> = Vec::new();
    for log in &logs {
        match log.topic0() {
            Some(&Timelock::CallScheduled::SIGNATURE_HASH) => {
                let Ok(log) = log.log_decode::<Timelock::CallScheduled>() else {
                    continue;
                };
                let told = log.inner.data;
                let call = Call {
                    function: "scheduled".to_owned(),
                    to: told.target,
                    value: told.value,
                    data: told.data,
                };
                // One that was taken back may be announced again: its calls begin anew.
                if told.index.is_zero() {
                    all.retain(|operation| operation.id != told.id);
                }
                match all.iter_mut().find(|operation| operation.id == told.id) {
                    Some(operation) => operation.calls.push(call),
                    None => all.push(Operation {
                        id: told.id,
                        calls: vec![call],
                        predecessor: told.predecessor,
                        salt: B256::ZERO,
                        state: State::Cancelled,
                    }),
                }
            }
            Some(&Timelock::CallSalt::SIGNATURE_HASH) => {
                let Ok(log) = log.log_decode::<Timelock::CallSalt>() else {
                    continue;
                };
                let told = log.inner.data;
                for operation in all.iter_mut().filter(|operation| operation.id == told.id) {
                    operation.salt = told.salt;
                }
            }
            _ => {}
        }
    }
    let now = U256::from(chain.timestamp(None).await?);
    for operation in &mut all {
        operation.state = match super::stamp(chain, timelock, operation.id).await? {
            stamp if stamp.is_zero() => State::Cancelled,
            DONE_STAMP => State::Done,
            stamp if stamp <= now => State::Ready,
            stamp => State::Waiting(stamp.saturating_to()),
        };
    }
    Ok(all)
}
