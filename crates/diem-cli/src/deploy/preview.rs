//! A deployment before it is one: every transaction with its gas, as the node itself tries them out
//! one after the other, what data and activation cost, and who will own what.

use super::pieces::Piece;
use super::system::{Part, Step, System};
use super::{Owner, Plan, Target};
use crate::chain::{Call, Chain, Fees, Gas};
use crate::deployment::Arguments;
use crate::output::{columns, span};
use crate::{Result, address, show};
use alloy::primitives::{Address, U256};
use serde_json::{Value, json};

/// What is added to the ETH that a deployment is known to cost before it is called enough, in
/// percent: prices move while it runs.
const RESERVE_PERCENT: u64 = 20;
/// Gas of a place in the cache, where a bid is taken. Measured: 124,000 to 138,000.
const CACHE_GAS: u64 = 200_000;
/// Gas of a transaction that a node does not try out beforehand, at the most, beside the making of
/// contracts. Measured: the handing over takes 262,000 with one proposer and executor, all others
/// less.
const OTHER_GAS: u64 = 600_000;
/// Gas of making EVM code: the transaction's and the constructor's, and for each byte of creation
/// code at the most what a byte of calldata and a byte of code cost.
const CREATION_GAS: u64 = 500_000;
const CREATION_GAS_PER_BYTE: u64 = 16 + 200 + 2;
/// Gas on top of it that a program's activation takes: for the fixed part and, for each compressed
/// byte, for what is validated and instrumented. Measured: DIEM's 22 KB take 8.7 million in all.
const ACTIVATION_GAS: u64 = 3_000_000;
const ACTIVATION_GAS_PER_BYTE: u64 = 300;

/// What would be done, and what it costs.
#[derive(Clone, Debug)]
pub struct Preview {
    rows: Vec<Row>,
    fees: Fees,
    /// Whether the node has tried the transactions out.
    tried: bool,
    chain_id: u64,
    target: Target,
    deployer: Address,
    owner: Address,
    terms: Owner,
    guardian: Address,
    treasury: Address,
    arguments: Arguments,
    contracts: Vec<(&'static str, Address)>,
}

/// One transaction.
#[derive(Clone, Debug)]
struct Row {
    step: String,
    to: Option<Address>,
    /// None where it is known only when its turn comes.
    gas: Option<u64>,
    /// Gas for its data on top, where the chain is Arbitrum's.
    data_gas: u64,
    /// Wei for its data beside all gas, where the chain is of the OP stack.
    data_fee: U256,
    value: U256,
    done: bool,
}

/// Lays out what is to be done yet, and has the node try it.
pub(super) async fn of(chain: &Chain, plan: &Plan, system: &System) -> Result<Preview> {
    let (mut rows, mut calls) = (Vec::new(), Vec::<(Step, Call)>::new());
    for step in system.steps() {
        let call = system.call(step);
        if call.is_none() && !matches!(step, Step::Cache(_)) {
            continue;
        }
        let done = call.is_some() && system.is_done(chain, step).await?;
        let mut row = Row {
            step: step.name(),
            to: call.as_ref().map(|call| call.to),
            gas: None,
            data_gas: 0,
            data_fee: U256::ZERO,
            value: U256::ZERO,
            done,
        };
        if let Some(call) = call.filter(|_| !done) {
            row.data_fee = chain.data_fee(std::slice::from_ref(&call)).await?;
            row.value = call.value;
            calls.push((step, call));
        }
        rows.push(row);
    }
    let plain: Vec<Call> = calls.iter().map(|(_, call)| call.clone()).collect();
    let tried = chain.rehearse(plan.deployer, &plain).await?;
    let known = tried.clone().unwrap_or_else(|| {
        let most = |(step, _): &(Step, Call)| at_most(system, *step);
        calls.iter().map(most).collect()
    });
    let data_gas = chain.data_gas(&plain).await?;
    let open = rows.iter_mut().filter(|row| row.to.is_some() && !row.done);
    for (row, (gas, data_gas)) in open.zip(known.into_iter().zip(data_gas)) {
        row.gas = Some(gas);
        row.data_gas = data_gas;
    }
    let at = system.at;
    let mut contracts = vec![("vvv", at.vvv), ("sVvv", at.s_vvv), ("diem", at.diem)];
    let timelock = system.piece(Part::Timelock);
    contracts.extend(timelock.map(|piece: &Piece| ("timelock", piece.address)));
    Ok(Preview {
        rows,
        fees: chain.fees().await?,
        tried: tried.is_some(),
        chain_id: chain.id(),
        target: plan.target,
        deployer: plan.deployer,
        owner: system.owner,
        terms: plan.owner.clone(),
        guardian: system.guardian,
        treasury: system.treasury,
        arguments: plan.arguments.clone(),
        contracts,
    })
}

/// More gas than a step takes, where nobody tries it out.
fn at_most(system: &System, step: Step) -> u64 {
    let Step::Make(part) = step else {
        return OTHER_GAS;
    };
    system.piece(part).map_or(OTHER_GAS, |piece| {
        let size = piece.size as u64;
        let activation = match piece.codehash {
            Some(_) => ACTIVATION_GAS + ACTIVATION_GAS_PER_BYTE * size,
            None => 0,
        };
        CREATION_GAS + CREATION_GAS_PER_BYTE * size + activation
    })
}

impl Row {
    fn whole_gas(&self) -> u64 {
        self.gas.unwrap_or_default() + self.data_gas
    }

    fn told(&self, fees: &Fees) -> String {
        if self.done {
            return "done before".to_owned();
        }
        let Some(gas) = self.gas else {
            return "where a place can be had".to_owned();
        };
        let mut told = format!("{gas} gas");
        if self.data_gas > 0 {
            told += &format!(" + {} for its data", self.data_gas);
        }
        told += &format!(", about {} ETH", show(fees.expected(self.whole_gas())));
        if !self.data_fee.is_zero() {
            told += &format!(" + {} ETH for its data", show(self.data_fee));
        }
        if !self.value.is_zero() {
            told += &format!(" + at most {} ETH for its activation", show(self.value));
        }
        told
    }
}

impl Preview {
    fn open(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| !row.done)
    }

    /// Number of transactions, those for the cache not counted.
    #[must_use]
    pub fn transactions(&self) -> usize {
        self.open().filter(|row| row.gas.is_some()).count()
    }

    fn gas(&self) -> u64 {
        self.open().map(Row::whole_gas).sum()
    }

    /// Wei beside what gas costs.
    fn beside(&self) -> U256 {
        let beside = |row: &Row| row.value + row.data_fee;
        self.open()
            .map(beside)
            .fold(U256::ZERO, |sum, wei| sum + wei)
    }

    /// ETH that the deployer has to have, in wei: a node wants the most of each transaction, which
    /// is three times what it is likely to cost, to be there before.
    pub(super) fn needed(&self) -> U256 {
        let (mut spent, mut needed) = (U256::ZERO, U256::ZERO);
        for row in self.open() {
            let gas = match row.gas {
                Some(_) => row.whole_gas(),
                None => CACHE_GAS,
            };
            let beside = row.value + row.data_fee;
            let limit = Gas::estimated(gas).limit;
            needed = needed.max(spent + self.fees.most(limit) + beside);
            spent += self.fees.expected(gas) + beside;
        }
        needed * U256::from(100 + RESERVE_PERCENT) / U256::from(100)
    }

    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let form = match self.target {
            Target::Stylus => "Stylus programs",
            Target::Evm => "EVM code",
        };
        let mut rows = vec![
            ("plan", format!("{form} on chain {}", self.chain_id)),
            ("deployer", self.deployer.to_string()),
        ];
        let names = |accounts: &[Address]| -> String {
            let told = accounts.iter().map(|account| match *account {
                Address::ZERO => "anybody".to_owned(),
                account => account.to_string(),
            });
            told.collect::<Vec<_>>().join(", ")
        };
        match &self.terms {
            Owner::Account(owner) if *owner == self.deployer => {
                rows.push(("owner", "the deployer".to_owned()));
            }
            Owner::Account(owner) => rows.push(("owner", format!("{owner}, once it accepts"))),
            Owner::Timelock(terms) => {
                rows.push(("owner", format!("{}, a timelock", self.owner)));
                rows.push(("delay", span(terms.delay)));
                rows.push(("proposers", names(&terms.proposers)));
                rows.push(("executors", names(&terms.executors)));
            }
        }
        rows.push(("guardian", address::name(self.guardian)));
        rows.push(("treasury", self.treasury.to_string()));
        let given = &self.arguments;
        rows.push(("base rate", format!("{} sVVV", show(given.base_rate))));
        rows.push((
            "target supply",
            format!("{} DIEM", show(given.target_supply)),
        ));
        rows.push((
            "emissions",
            format!(
                "{} VVV per second, never above {}",
                show(given.emission_rate),
                show(given.max_emission_rate)
            ),
        ));
        for (name, address) in &self.contracts {
            rows.push((name, address.to_string()));
        }
        for row in &self.rows {
            rows.push((&row.step, row.told(&self.fees)));
        }
        let gas = self.gas();
        rows.push((
            "in all",
            format!(
                "{} transactions, {gas} gas, about {} ETH, at most {} ETH; {} ETH beside it",
                self.transactions(),
                show(self.fees.expected(gas)),
                show(self.fees.most(gas)),
                show(self.beside()),
            ),
        ));
        if !self.tried {
            rows.push((
                "note",
                "this node cannot try transactions out: gas is at the most".to_owned(),
            ));
        }
        columns(&rows)
    }

    /// For programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let steps: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                json!({
                    "step": row.step, "to": row.to, "done": row.done, "gas": row.gas,
                    "dataGas": row.data_gas, "dataFee": row.data_fee.to_string(),
                    "value": row.value.to_string(),
                })
            })
            .collect();
        let contracts: serde_json::Map<String, Value> = self
            .contracts
            .iter()
            .map(|(name, address)| ((*name).to_owned(), json!(address)))
            .collect();
        let timelock = match &self.terms {
            Owner::Timelock(terms) => json!(terms),
            Owner::Account(_) => Value::Null,
        };
        let gas = self.gas();
        json!({
            "chainId": self.chain_id, "target": self.target, "deployer": self.deployer,
            "owner": self.owner, "timelock": timelock, "guardian": self.guardian,
            "treasury": self.treasury, "arguments": self.arguments, "contracts": contracts, "steps": steps, "gas": gas,
            "tried": self.tried, "fee": self.fees.expected(gas).to_string(),
            "feeAtMost": self.fees.most(gas).to_string(), "beside": self.beside().to_string(),
            "needed": self.needed().to_string(),
        })
    }
}
