//! Files for Safe's Transaction Builder.

use crate::chain::Call;
use crate::{Failure, Result};
use alloy::primitives::Address;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Version of the file's format.
const FORMAT: &str = "1.0";

/// Writes a batch that `safe` is to sign, whole or not at all.
///
/// # Errors
/// There is such a file, or it cannot be written.
pub(super) fn write(
    path: &Path,
    chain_id: u64,
    safe: Address,
    preview: &str,
    calls: &[Call],
) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let created = now.map_or(0, |now| now.as_millis());
    let batch = batch(
        chain_id,
        safe,
        preview,
        calls,
        u64::try_from(created).unwrap_or(0),
    );
    let broken = |cause: String| {
        Failure::broken("cannot write the file for the Safe", cause)
            .with("file", path.display())
            .hint("name a new file in a directory that can be written")
    };
    // Somebody may be about to sign what stands there.
    if path.exists() {
        return Err(broken("it is there already".to_owned()));
    }
    std::fs::write(path, format!("{batch:#}\n")).map_err(|error| broken(error.to_string()))
}

fn batch(chain_id: u64, safe: Address, preview: &str, calls: &[Call], created: u64) -> Value {
    let transactions: Vec<Value> = calls
        .iter()
        .map(|call| {
            json!({
                "to": call.to.to_checksum(None), "value": call.value.to_string(), "data": call.data,
                "contractMethod": null, "contractInputsValues": null,
            })
        })
        .collect();
    json!({
        "version": FORMAT, "chainId": chain_id.to_string(), "createdAt": created,
        "meta": {
            "name": "DIEM", "description": preview, "txBuilderVersion": "",
            "createdFromSafeAddress": safe.to_checksum(None), "createdFromOwnerAddress": "",
        },
        "transactions": transactions,
    })
}
