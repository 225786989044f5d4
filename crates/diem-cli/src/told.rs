//! Events in words: by the ABI of the contract that told them.

use crate::chain::Chain;
use crate::deployment::Deployment;
use crate::{Failure, Result};
use alloy::dyn_abi::{DynSolValue, EventExt};
use alloy::json_abi::{Event, JsonAbi};
use alloy::primitives::utils::format_ether;
use alloy::primitives::{Address, B256};
use alloy::rpc::types::Log;
use diem_abi::json;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Whole numbers; all others count a token, in wei.
const WHOLE: [&str; 5] = ["id", "epoch", "fromEpoch", "startEpoch", "endEpoch"];

/// What an event says of one thing.
#[derive(Clone, Debug)]
struct Field {
    name: String,
    value: DynSolValue,
}

/// One event.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    block: u64,
    timestamp: u64,
    transaction: B256,
    contract: &'static str,
    event: String,
    fields: Vec<Field>,
}

/// The contracts whose events are understood.
#[derive(Debug)]
pub(crate) struct Interpreter {
    contracts: Vec<(&'static str, Address, JsonAbi)>,
    /// Times of the blocks so far.
    times: BTreeMap<u64, u64>,
}

impl Interpreter {
    /// Of sVVV and DIEM.
    ///
    /// # Errors
    /// Their ABI is damaged.
    pub(crate) fn new(at: &Deployment) -> Result<Self> {
        let mut contracts = Vec::new();
        for (name, address, abi) in [
            ("sVVV", at.s_vvv, json::STAKED_VVV),
            ("DIEM", at.diem, json::DIEM),
        ] {
            let abi = serde_json::from_slice(abi).map_err(|error| {
                Failure::broken("read an ABI", error.to_string()).with("contract", name)
            })?;
            contracts.push((name, address, abi));
        }
        Ok(Self {
            contracts,
            times: BTreeMap::new(),
        })
    }

    /// Where they are.
    pub(crate) fn addresses(&self) -> Vec<Address> {
        self.contracts.iter().map(|(_, at, _)| *at).collect()
    }

    /// What an event says. Nothing of one that no contract of ours has.
    ///
    /// # Errors
    /// The node does not know its block.
    pub(crate) async fn read(&mut self, chain: &Chain, log: &Log) -> Result<Option<Told>> {
        let (Some(block), Some(transaction)) = (log.block_number, log.transaction_hash) else {
            return Ok(None);
        };
        let known = self.contracts.iter().find_map(|(name, address, abi)| {
            let event = event(abi, log).filter(|_| *address == log.address())?;
            let decoded = event.decode_log(&log.inner.data).ok()?;
            let (mut indexed, mut body) = (decoded.indexed.into_iter(), decoded.body.into_iter());
            let fields = event.inputs.iter().filter_map(|input| {
                let value = if input.indexed {
                    indexed.next()
                } else {
                    body.next()
                };
                let name = input.name.clone();
                value.map(|value| Field { name, value })
            });
            Some((*name, event.name.clone(), fields.collect()))
        });
        let Some((contract, event, fields)) = known else {
            return Ok(None);
        };
        let timestamp = match (log.block_timestamp, self.times.get(&block)) {
            (Some(time), _) | (None, Some(&time)) => time,
            (None, None) => chain.timestamp(Some(block)).await?,
        };
        self.times.insert(block, timestamp);
        Ok(Some(Told {
            block,
            timestamp,
            transaction,
            contract,
            event,
            fields,
        }))
    }
}

fn event<'a>(abi: &'a JsonAbi, log: &Log) -> Option<&'a Event> {
    let topic = log.topic0()?;
    abi.events().find(|event| event.selector() == *topic)
}

impl Field {
    /// As people read it: tokens whole, with all their decimals that matter.
    fn text(&self) -> String {
        match &self.value {
            DynSolValue::Uint(number, _) if WHOLE.contains(&self.name.as_str()) => {
                number.to_string()
            }
            DynSolValue::Uint(number, _) => {
                let text = format_ether(*number);
                let text = text.trim_end_matches('0').trim_end_matches('.');
                text.to_owned()
            }
            DynSolValue::Address(address) => address.to_string(),
            DynSolValue::Bool(yes) => yes.to_string(),
            other => format!("{other:?}"),
        }
    }

    /// As programs read it: numbers in strings, tokens in wei.
    fn json(&self) -> Value {
        match &self.value {
            DynSolValue::Uint(number, _) => json!(number.to_string()),
            DynSolValue::Address(address) => json!(address),
            DynSolValue::Bool(yes) => json!(yes),
            other => json!(format!("{other:?}")),
        }
    }
}

/// Head of the table that [`Told::csv`] makes the rows of.
pub(crate) const CSV_HEAD: &str = "block,time,transaction,contract,event,fields";

impl Told {
    fn details(&self) -> String {
        let fields = self.fields.iter();
        let texts: Vec<String> = fields
            .map(|field| format!("{}={}", field.name, field.text()))
            .collect();
        texts.join(" ")
    }

    /// A row of a table. No field has a comma, a quote or an end of line in it.
    pub(crate) fn csv(&self) -> String {
        format!(
            "{},{},{},{},{},{}",
            self.block,
            time(self.timestamp),
            self.transaction,
            self.contract,
            self.event,
            self.details()
        )
    }

    /// A line for people.
    pub(crate) fn line(&self) -> String {
        format!(
            "{}  {:>8}  {:4} {}  {}",
            time(self.timestamp),
            self.block,
            self.contract,
            self.event,
            self.details()
        )
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let fields: Map<String, Value> = self
            .fields
            .iter()
            .map(|field| (field.name.clone(), field.json()))
            .collect();
        json!({
            "block": self.block, "timestamp": self.timestamp, "transaction": self.transaction,
            "contract": self.contract, "event": self.event, "fields": fields,
        })
    }
}

/// The calendar repeats itself every so many years, which are so many days.
const ERA: (u64, u64) = (400, 146_097);

/// Seconds since 1970 as a UTC time of ISO 8601.
pub(crate) fn time(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // A node may tell any number: whole eras are not counted year by year.
    let (eras, mut days) = (days / ERA.1, days % ERA.1);
    let leap = |year: u64| {
        (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400)
    };
    let mut year = 1970 + ERA.0 * eras;
    loop {
        let length = if leap(year) { 366 } else { 365 };
        if days < length {
            break;
        }
        days -= length;
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let day = days + 1;
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_by_the_calendar() {
        for (seconds, told) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(time(seconds), told);
        }
    }

    #[test]
    fn the_last_second_that_a_node_can_name_is_told_at_once() {
        assert_eq!(time(u64::MAX), "584554051223-11-09T07:00:15Z");
    }

    #[test]
    fn tokens_are_told_whole_and_counts_as_they_are() {
        let field = |name: &str, number: u128| Field {
            name: name.to_owned(),
            value: DynSolValue::Uint(alloy::primitives::U256::from(number), 256),
        };
        for (name, number, text) in [
            ("amount", 1_500_000_000_000_000_000, "1.5"),
            ("amount", 20_000_000_000_000_000_000, "20"),
            ("amount", 0, "0"),
            ("epoch", 20_000, "20000"),
        ] {
            assert_eq!(field(name, number).text(), text);
            assert_eq!(field(name, number).json(), json!(number.to_string()));
        }
    }
}
