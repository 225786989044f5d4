//! An answer that is kept for an Idempotency-Key: sealed by the API key, bound to the request's body.

use alloy::primitives::B256;
use serde::{Deserialize, Serialize};

use crate::{
    keys::{NotSealed, Seal},
    ledger::SealedAnswer,
    line::Epoch,
};

/// An answer as it is kept.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Kept {
    pub(super) epoch: Epoch,
    pub(super) content_type: String,
    pub(super) body: String,
}

pub(super) fn close(seal: &Seal, kept: &Kept, body_hash: B256) -> Result<SealedAnswer, NotSealed> {
    let plain = serde_json::to_vec(kept).map_err(|_| NotSealed)?;
    seal.close(&plain, body_hash.as_slice()).map(SealedAnswer)
}

pub(super) fn open(seal: &Seal, sealed: &SealedAnswer, body_hash: B256) -> Result<Kept, NotSealed> {
    let plain = seal.open(&sealed.0, body_hash.as_slice())?;
    serde_json::from_slice(&plain).map_err(|_| NotSealed)
}
