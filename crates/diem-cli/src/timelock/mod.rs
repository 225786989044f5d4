//! OpenZeppelin's TimelockController as owner: what is announced, waits, and is carried out.

mod acts;
mod operations;

pub(crate) use acts::{Words, calls, owners_calls};
pub(crate) use operations::{Operation, State, operations};

use crate::Result;
use crate::chain::{Call, Chain};
use alloy::primitives::{Address, B256, Bytes, U256};
use diem_abi::openzeppelin::ITimelockController;

/// Targets, values and data of calls, as the timelock wants them.
pub(crate) fn columns(calls: &[Call]) -> (Vec<Address>, Vec<U256>, Vec<Bytes>) {
    (
        calls.iter().map(|call| call.to).collect(),
        calls.iter().map(|call| call.value).collect(),
        calls.iter().map(|call| call.data.clone()).collect(),
    )
}

/// Id of a batch.
///
/// # Errors
/// There is no timelock.
pub(crate) async fn id_of(
    chain: &Chain,
    timelock: Address,
    calls: &[Call],
    predecessor: B256,
    salt: B256,
) -> Result<B256> {
    let (targets, values, payloads) = columns(calls);
    let call = ITimelockController::hashOperationBatchCall {
        targets,
        values,
        payloads,
        predecessor,
        salt,
    };
    chain.call(timelock, &call).await
}

/// The least salt by which these calls were never announced: an operation happens once, an
/// act may come again.
///
/// # Errors
/// There is no timelock.
pub(crate) async fn free_salt(
    chain: &Chain,
    timelock: Address,
    calls: &[Call],
) -> Result<(B256, B256)> {
    let mut number = U256::ZERO;
    loop {
        let salt = B256::from(number);
        let id = id_of(chain, timelock, calls, B256::ZERO, salt).await?;
        if stamp(chain, timelock, id).await?.is_zero() {
            return Ok((salt, id));
        }
        number += U256::ONE;
    }
}

/// When an operation may be carried out, in seconds since 1970: 0 where it was never announced, 1
/// where it was carried out.
///
/// # Errors
/// There is no timelock.
pub(crate) async fn stamp(chain: &Chain, timelock: Address, id: B256) -> Result<U256> {
    let stamp = ITimelockController::getTimestampCall { id };
    chain.call(timelock, &stamp).await
}
