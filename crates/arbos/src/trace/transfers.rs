//! Wei that move around the EVM: what the sender pays for gas before it runs, and who gets that after.

use alloy_primitives::{Address, U256};
use serde_json::{Map, Value, json};

/// One move of wei outside the frames. No account stands for the chain itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Transfer {
    pub(crate) purpose: Purpose,
    pub(crate) from: Option<Address>,
    pub(crate) to: Option<Address>,
    pub(crate) value: U256,
}

/// What a transfer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The price of the whole gas limit.
    FeePayment,
    /// The price of the gas that was not used.
    GasRefund,
    /// What a fee account gets.
    FeeCollection,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::FeePayment => "feePayment",
            Self::GasRefund => "gasRefund",
            Self::FeeCollection => "feeCollection",
        }
    }
}

/// The fields of the outermost frame that list them.
pub(super) fn describe(transfers: &[Transfer], fields: &mut Map<String, Value>) {
    let (before, after): (Vec<_>, Vec<_>) = transfers
        .iter()
        .partition(|transfer| transfer.purpose == Purpose::FeePayment);
    let list = |transfers: Vec<&Transfer>| transfers.into_iter().map(entry).collect();
    fields.insert("beforeEVMTransfers".into(), Value::Array(list(before)));
    fields.insert("afterEVMTransfers".into(), Value::Array(list(after)));
}

fn entry(transfer: &Transfer) -> Value {
    // Nitro writes these, unlike all other addresses of a trace, with their checksum.
    let account = |address: Option<Address>| address.map(|address| address.to_string());
    json!({
        "purpose": transfer.purpose.name(),
        "from": account(transfer.from),
        "to": account(transfer.to),
        "value": transfer.value,
    })
}
