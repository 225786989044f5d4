//! Objects field by field. What a field is not said to be is left to whoever reads it, and fields
//! that nobody knows are passed over.

use std::{borrow::Cow, fmt};

use serde::{
    Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::shape::{Kind, Shape, kind};

/// A field's name and the form of its value.
type Field = (&'static str, Shape);

const QUANTITY: Shape = Shape::Quantity { bits: 64 };
const WORD: Shape = Shape::Quantity { bits: 256 };

/// Fields of a call or a transaction.
const CALL: &[Field] = &[
    ("from", Shape::ADDRESS),
    ("to", Shape::ADDRESS),
    ("gas", QUANTITY),
    ("gasPrice", WORD),
    ("maxFeePerGas", WORD),
    ("maxPriorityFeePerGas", WORD),
    ("value", WORD),
    ("nonce", QUANTITY),
    ("data", Shape::Data),
    ("input", Shape::Data),
    ("chainId", WORD),
    ("skipL1Charging", Shape::Bool),
];

/// Fields of an entry of an access list that are no lists themselves.
const ACCESS: &[Field] = &[("address", Shape::ADDRESS)];

/// Fields of an entry of an authorization list.
const AUTHORIZATION: &[Field] = &[
    ("chainId", WORD),
    ("address", Shape::ADDRESS),
    ("nonce", QUANTITY),
    ("yParity", QUANTITY),
    ("r", WORD),
    ("s", WORD),
];

/// Fields of an account that is overridden.
const ACCOUNT: &[Field] = &[
    ("balance", WORD),
    ("nonce", QUANTITY),
    ("code", Shape::Data),
    ("movePrecompileToAddress", Shape::ADDRESS),
    ("MovePrecompileToAddress", Shape::ADDRESS),
];

/// Fields of a block that is overridden.
pub(super) const BLOCK_OVERRIDES: &[Field] = &[
    ("number", WORD),
    ("difficulty", WORD),
    ("time", QUANTITY),
    ("gasLimit", QUANTITY),
    ("feeRecipient", Shape::ADDRESS),
    ("prevRandao", Shape::HASH),
    ("baseFeePerGas", WORD),
    ("blobBaseFee", WORD),
    ("beaconRoot", Shape::HASH),
];

/// Options of a simulation.
const SIMULATION: &[Field] = &[
    ("traceTransfers", Shape::Bool),
    ("validation", Shape::Bool),
    ("returnFullTransactions", Shape::Bool),
];

/// Checks the fields of an object, as far as they are given and not null.
pub(super) fn check_fields(json: &str, fields: &[Field]) -> Result<(), String> {
    each_field(json, |name, value| check_field(name, value, fields))
}

fn check_field(name: &str, value: &str, fields: &[Field]) -> Result<(), String> {
    match fields.iter().find(|(field, _)| *field == name) {
        Some((_, shape)) => in_field(name, shape.check(value)),
        None => Ok(()),
    }
}

/// Checks a call or a transaction.
pub(super) fn check_call(json: &str) -> Result<(), String> {
    each_field(json, |name, value| match name {
        "accessList" => each_entry(name, value, check_access),
        "authorizationList" => each_entry(name, value, |entry| check_fields(entry, AUTHORIZATION)),
        _ => check_field(name, value, CALL),
    })
}

/// Checks an entry of an access list.
fn check_access(json: &str) -> Result<(), String> {
    each_field(json, |name, value| match name {
        "storageKeys" => each_entry(name, value, |key| in_field(name, Shape::HASH.check(key))),
        _ => check_field(name, value, ACCESS),
    })
}

/// Checks accounts that are overridden.
pub(super) fn check_accounts(json: &str) -> Result<(), String> {
    each_field(json, |address, account| {
        Shape::ADDRESS.check(&serde_json::Value::from(address).to_string())?;
        check_fields(account, ACCOUNT)?;
        each_field(account, |name, slots| match name {
            "state" | "stateDiff" => each_field(slots, |slot, word| {
                let slot = serde_json::Value::from(slot).to_string();
                in_field(name, Shape::HASH.check(&slot))?;
                in_field(name, Shape::HASH.check(word))
            }),
            _ => Ok(()),
        })
    })
}

/// Checks the blocks and calls of a simulation.
pub(in crate::rpc) fn check_simulation(json: &str) -> Result<(), String> {
    check_fields(json, SIMULATION)?;
    each_field(json, |name, blocks| match name {
        "blockStateCalls" => each_entry(name, blocks, |block| {
            each_field(block, |name, value| match name {
                "blockOverrides" => check_fields(value, BLOCK_OVERRIDES),
                "stateOverrides" => check_accounts(value),
                "calls" => each_entry(name, value, check_call),
                _ => Ok(()),
            })
        }),
        _ => Ok(()),
    })
}

/// Says in which field something is wrong.
fn in_field(name: &str, checked: Result<(), String>) -> Result<(), String> {
    checked.map_err(|why| {
        let why = why.strip_prefix("cannot unmarshal ").unwrap_or(&why);
        format!("cannot unmarshal {why} into field {name:.40}")
    })
}

fn each_entry(
    name: &str,
    json: &str,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<(), String> {
    let Ok(entries) = serde_json::from_str::<Vec<&RawValue>>(json) else {
        return in_field(name, Err(kind(json).name().to_owned()));
    };
    entries.into_iter().try_for_each(|entry| check(entry.get()))
}

/// Gives name and value of every field that is not null to `check`.
fn each_field(
    json: &str,
    check: impl FnMut(&str, &str) -> Result<(), String>,
) -> Result<(), String> {
    match kind(json) {
        Kind::Object => {}
        Kind::Null => return Ok(()),
        kind => return Err(format!("cannot unmarshal {} into an object", kind.name())),
    }
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let mut wrong = Ok(());
    deserializer
        .deserialize_map(Fields(check, &mut wrong))
        .map_err(|error| error.to_string())?;
    wrong
}

struct Fields<'w, F>(F, &'w mut Result<(), String>);

impl<'de, F: FnMut(&str, &str) -> Result<(), String>> Visitor<'de> for Fields<'_, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
            if self.1.is_ok() && kind(value.get()) != Kind::Null {
                *self.1 = (self.0)(&name, value.get());
            }
        }
        Ok(())
    }
}
