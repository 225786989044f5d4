//! A chain as a client sees it: signed transactions, calls, logs, time. Speaks JSON-RPC through alloy, blocking.

pub mod asm;
mod estimate;
pub mod given;
pub mod probe;
mod refusal;

pub use refusal::Refusal;

use crate::actors::Who;
use crate::model::DAY;
use alloy::consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy::eips::Encodable2718;
use alloy::network::TxSignerSync;
use alloy::providers::{Provider, RootProvider};
use alloy::rpc::types::{
    Filter, Log as RpcLog, TransactionInput, TransactionReceipt, TransactionRequest,
};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall;
use alloy::transports::{RpcError, TransportErrorKind};
use alloy_primitives::{Address, B256, Bytes, Log, TxKind, U256};
use probe::{Answers, Probe};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::runtime::Runtime;

/// Gas limit of every transaction here: none of them should come near it.
const GAS_LIMIT: u64 = 30_000_000;
/// One gwei: ten times the base fee of a fresh chain.
const MAX_FEE: u128 = 1_000_000_000;

/// More than any activation costs; the rest comes back.
const ACTIVATION_VALUE: u128 = 1_000_000_000_000_000_000;
/// How long a transaction may wait for its block on a given node.
const PATIENCE: Duration = Duration::from_secs(300);
/// Between two looks for a receipt.
const POLL: Duration = Duration::from_millis(20);

/// A connection, the keys of the actors and their nonces.
pub struct Chain {
    runtime: Runtime,
    provider: RootProvider,
    url: String,
    chain_id: u64,
    nonces: RefCell<BTreeMap<Address, u64>>,
    /// Timestamp of the next block, and of everything asked meanwhile.
    time: Cell<u64>,
    /// Whether the node was told so since its last block.
    told: Cell<bool>,
    /// Whether the node was there before, with others' blocks, and may lack methods.
    given: bool,
    /// Whether the node's time cannot be set: then it is what its latest block says.
    own_clock: bool,
    /// Where this client came in.
    first_block: u64,
    /// Limit of transactions that are not estimated.
    gas_limit: u64,
    activation_value: U256,
}

impl Chain {
    /// Connects to a node, inside the given runtime; for this client it is `time` until told otherwise.
    pub fn connect(runtime: Runtime, url: &str, time: u64) -> Self {
        let provider = RootProvider::new_http(url.parse().expect("the node gives a valid URL"));
        let chain_id = runtime
            .block_on(provider.get_chain_id())
            .expect("a node answers its chain id");
        Self {
            runtime,
            provider,
            url: url.to_owned(),
            chain_id,
            nonces: RefCell::default(),
            time: Cell::new(time),
            told: Cell::new(false),
            given: false,
            own_clock: false,
            first_block: 0,
            gas_limit: GAS_LIMIT,
            activation_value: U256::from(ACTIVATION_VALUE),
        }
    }

    /// Connects to a node that was there before, and funds the actors on it. It is the next midnight there, or
    /// where nobody can set the time, the time of its latest block.
    pub fn connect_given(runtime: Runtime, url: &str) -> Self {
        let mut chain = Self::connect(runtime, url, 0);
        chain.given = true;
        chain.gas_limit = given::GAS_LIMIT;
        let (number, latest) = chain.latest();
        chain.first_block = number;
        // A fresh Nitro chain begins in 1970, where programs have no age.
        let today = SystemTime::now().duration_since(UNIX_EPOCH);
        let today = today.map_or(0, |since| since.as_secs());
        let midnight = (latest.max(today) / DAY + 1) * DAY;
        let set = chain.ask_node::<serde_json::Value>(
            "evm_setNextBlockTimestamp",
            serde_json::json!([midnight]),
        );
        chain.own_clock =
            matches!(&set, Err(RpcError::ErrorResp(error)) if given::absent(error.code));
        if !chain.own_clock {
            set.expect("the node's time can be set to the next midnight");
            chain.time.set(midnight);
        }
        chain.fund_actors();
        chain
    }

    /// Number and time of the latest block.
    fn latest(&self) -> (u64, u64) {
        let latest = alloy::eips::BlockNumberOrTag::Latest;
        let block = self
            .wait(async { self.provider.get_block_by_number(latest).await })
            .expect("the node answers")
            .expect("every chain has a block");
        (block.header.number, block.header.timestamp)
    }

    /// Whether time passes here by itself and cannot be set.
    pub fn has_own_clock(&self) -> bool {
        self.own_clock
    }

    /// The alloy provider behind, for what has no helper here.
    pub fn provider(&self) -> &RootProvider {
        &self.provider
    }

    /// Where the node listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// EIP-155 chain id.
    pub fn chain_id(&self) -> u64 {
        self.chain_id
    }

    /// Waits for a future on the chain's own runtime.
    pub fn wait<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// Any JSON-RPC method.
    ///
    /// # Panics
    /// When the node answers with an error. Where a given node has no such method, the test ends as skipped.
    pub fn rpc<R>(&self, method: &'static str, params: serde_json::Value) -> R
    where
        R: alloy::rpc::json_rpc::RpcRecv,
    {
        let shown = params.to_string();
        match self.ask_node(method, params) {
            Ok(answer) => answer,
            Err(RpcError::ErrorResp(error)) if self.given && given::absent(error.code) => {
                given::skip(method)
            }
            Err(error) => panic!("{method} {shown}: {error}"),
        }
    }

    fn ask_node<R>(
        &self,
        method: &'static str,
        params: serde_json::Value,
    ) -> Result<R, RpcError<TransportErrorKind>>
    where
        R: alloy::rpc::json_rpc::RpcRecv,
    {
        self.wait(self.provider.raw_request(method.into(), params))
    }

    // --- calls ---

    /// `eth_call` with raw calldata: what it returns, or the data it reverts with.
    pub fn call_raw(&self, from: Address, to: TxKind, data: Bytes) -> Result<Bytes, Refusal> {
        self.call_with_value(from, to, data, U256::ZERO)
    }

    /// As [`Chain::call_raw`], with ether.
    pub fn call_with_value(
        &self,
        from: Address,
        to: TxKind,
        data: Bytes,
        value: U256,
    ) -> Result<Bytes, Refusal> {
        self.call_for(from, to, data, value, GAS_LIMIT)
    }

    /// As [`Chain::call_raw`], with so much gas.
    pub fn call_with_gas(
        &self,
        from: Address,
        to: TxKind,
        data: Bytes,
        gas: u64,
    ) -> Result<Bytes, Refusal> {
        self.call_for(from, to, data, U256::ZERO, gas)
    }

    fn call_for(
        &self,
        from: Address,
        to: TxKind,
        data: Bytes,
        value: U256,
        gas: u64,
    ) -> Result<Bytes, Refusal> {
        let request = TransactionRequest {
            from: Some(from),
            to: Some(to),
            value: Some(value),
            input: TransactionInput::new(data),
            gas: Some(gas),
            ..Default::default()
        };
        self.tell_time();
        let call = self.provider.call(request);
        // Where the clock is set, the next block's second is known; elsewhere only the latest one's is.
        let call = if self.own_clock {
            call.latest()
        } else {
            call.pending()
        };
        self.wait(async { call.await }).map_err(Refusal::from_rpc)
    }

    /// Typed `eth_call` as `who`.
    pub fn call<C: SolCall>(&self, who: Who, to: Address, call: &C) -> Result<C::Return, Refusal> {
        let output = self.call_raw(who.address(), to.into(), call.abi_encode().into())?;
        Ok(C::abi_decode_returns(&output)
            .unwrap_or_else(|error| panic!("{} answered {output}: {error}", C::SIGNATURE)))
    }

    /// Why a typed call as `who` is refused.
    ///
    /// # Panics
    /// When it is not.
    pub fn refusal<C: SolCall>(&self, who: Who, to: Address, call: &C) -> Refusal {
        match self.call(who, to, call) {
            Ok(_) => panic!("{} by {who:?} was accepted", C::SIGNATURE),
            Err(refusal) => refusal,
        }
    }

    /// A view that must answer.
    ///
    /// # Panics
    /// When it reverts.
    pub fn view<C: SolCall>(&self, to: Address, call: &C) -> C::Return {
        self.call(Who::Stranger, to, call)
            .unwrap_or_else(|refusal| panic!("{} refused: {refusal}", C::SIGNATURE))
    }

    /// Asks all the probes in as few calls as fit.
    pub fn ask(&self, probes: &[Probe]) -> Answers {
        let mut answers = Answers {
            times: Vec::with_capacity(probes.len()),
            answers: Vec::with_capacity(probes.len()),
        };
        let mut rest = probes;
        while !rest.is_empty() {
            let mut size = 2 * probe::MAX_OUTPUT / 100;
            let fits = rest
                .iter()
                .take_while(|p| {
                    size += probe::output_size(p);
                    size <= probe::MAX_OUTPUT
                })
                .count();
            let (batch, later) = rest.split_at(fits.max(1));
            let output = self
                .call_raw(
                    Who::Stranger.address(),
                    TxKind::Create,
                    probe::program(batch),
                )
                .unwrap_or_else(|refusal| panic!("probes refused: {refusal}"));
            let part = probe::decode(batch, &output);
            answers.times.extend(part.times);
            answers.answers.extend(part.answers);
            rest = later;
        }
        answers
    }

    // --- transactions ---

    /// Sends a signed transaction and waits for its receipt, whatever the outcome.
    pub fn transact(&self, who: Who, to: TxKind, data: Bytes, value: U256) -> TransactionReceipt {
        self.submit(&self.sign(who, to, data, value, self.gas_limit))
    }

    fn submit(&self, raw: &[u8]) -> TransactionReceipt {
        self.tell_time();
        self.told.set(false);
        self.wait(async {
            let hash = *self
                .provider
                .send_raw_transaction(raw)
                .await
                .expect("the node takes it")
                .tx_hash();
            self.receipt(hash).await
        })
    }

    /// A receipt; where blocks are not made at once, when there is one. Asked for again and again: who listens for
    /// blocks is lost when a snapshot takes some back.
    async fn receipt(&self, hash: B256) -> TransactionReceipt {
        let since = Instant::now();
        loop {
            let known = self.provider.get_transaction_receipt(hash).await;
            if let Some(receipt) = known.expect("the node answers") {
                return receipt;
            }
            assert!(self.given, "instant mining leaves no transaction pending");
            assert!(since.elapsed() < PATIENCE, "{hash} is not mined in time");
            tokio::time::sleep(POLL).await;
        }
    }

    /// Time of the block that a receipt is of.
    pub fn time_of_receipt(&self, receipt: &TransactionReceipt) -> u64 {
        self.time_of_block(receipt.block_number.expect("a mined receipt"))
    }

    /// Sends a typed call that must succeed.
    ///
    /// # Panics
    /// When it reverts, with the reason.
    pub fn send<C: SolCall>(&self, who: Who, to: Address, call: &C) -> TransactionReceipt {
        let data: Bytes = call.abi_encode().into();
        let receipt = self.transact(who, to.into(), data.clone(), U256::ZERO);
        if !receipt.status() {
            let reason = self.call_raw(who.address(), to.into(), data);
            panic!(
                "{} by {who:?} failed; asked again it answers {reason:?}",
                C::SIGNATURE
            );
        }
        receipt
    }

    /// As [`Chain::send`], by an account that the node impersonates: it needs no key here.
    ///
    /// # Panics
    /// When it reverts.
    pub fn send_as<C: SolCall>(&self, from: Address, to: Address, call: &C) -> TransactionReceipt {
        let receipt = self.transact_as(from, to, call.abi_encode().into());
        assert!(receipt.status(), "{} by {from} failed", C::SIGNATURE);
        receipt
    }

    /// As [`Chain::transact`], by an account that the node impersonates.
    pub fn transact_as(&self, from: Address, to: Address, data: Bytes) -> TransactionReceipt {
        self.tell_time();
        self.told.set(false);
        let request = TransactionRequest {
            from: Some(from),
            to: Some(to.into()),
            input: TransactionInput::new(data),
            gas: Some(self.gas_limit),
            max_fee_per_gas: Some(self.fees().0),
            max_priority_fee_per_gas: Some(0),
            ..Default::default()
        };
        let hash: B256 = self.rpc("eth_sendTransaction", serde_json::json!([request]));
        self.wait(self.receipt(hash))
    }

    /// Deploys init code and returns the new address.
    pub fn create(&self, who: Who, init_code: Bytes) -> Address {
        let receipt = self.transact(who, TxKind::Create, init_code, U256::ZERO);
        assert!(receipt.status(), "deployment failed: {receipt:?}");
        receipt.contract_address.expect("a create has an address")
    }

    fn sign(&self, who: Who, to: TxKind, input: Bytes, value: U256, gas_limit: u64) -> Vec<u8> {
        self.sign_with(who.signer(), to, input, value, gas_limit)
    }

    fn sign_with(
        &self,
        signer: &PrivateKeySigner,
        to: TxKind,
        input: Bytes,
        value: U256,
        gas_limit: u64,
    ) -> Vec<u8> {
        let from = signer.address();
        let mut nonces = self.nonces.borrow_mut();
        if self.given {
            // Another client of this process may have sent in between.
            nonces.clear();
        }
        let nonce = nonces.entry(from).or_insert_with(|| {
            self.wait(async { self.provider.get_transaction_count(from).await })
                .expect("the node answers")
        });
        let (max_fee_per_gas, max_priority_fee_per_gas) = self.fees();
        let mut tx = TxEip1559 {
            chain_id: self.chain_id,
            nonce: *nonce,
            gas_limit,
            max_fee_per_gas,
            max_priority_fee_per_gas,
            to,
            value,
            access_list: Default::default(),
            input,
        };
        *nonce += 1;
        let signature = signer
            .sign_transaction_sync(&mut tx)
            .expect("a local key signs");
        TxEnvelope::from(tx.into_signed(signature)).encoded_2718()
    }

    /// The most to pay for gas, and the tip in it.
    fn fees(&self) -> (u128, u128) {
        if !self.given {
            return (MAX_FEE, 0);
        }
        let fees = self.wait(async { self.provider.estimate_eip1559_fees().await });
        let fees = fees.expect("the node tells its fees");
        (fees.max_fee_per_gas, fees.max_priority_fee_per_gas)
    }

    // --- logs and state ---

    /// All logs of the given contracts from where this client came in, each with its block's timestamp.
    pub fn logs(&self, contracts: &[Address]) -> Vec<(u64, Log)> {
        self.matching(
            &Filter::new()
                .from_block(self.first_block)
                .address(contracts.to_vec()),
        )
    }

    fn matching(&self, filter: &Filter) -> Vec<(u64, Log)> {
        let logs = self
            .wait(async { self.provider.get_logs(filter).await })
            .expect("the node answers");
        logs.into_iter()
            .map(|log| {
                (
                    log.block_timestamp.unwrap_or_else(|| self.time_of(&log)),
                    log.inner,
                )
            })
            .collect()
    }

    /// All logs of a contract from block `first` on, as [`Chain::logs`] gives them, and the block after the latest.
    pub fn logs_from(&self, first: u64, contract: Address) -> (Vec<(u64, Log)>, u64) {
        let first = first.max(self.first_block);
        let latest = self
            .wait(async { self.provider.get_block_number().await })
            .expect("the node answers");
        if latest < first {
            return (Vec::new(), first);
        }
        let filter = Filter::new()
            .from_block(first)
            .to_block(latest)
            .address(contract);
        (self.matching(&filter), latest + 1)
    }

    fn time_of(&self, log: &RpcLog) -> u64 {
        self.time_of_block(log.block_number.expect("a mined log"))
    }

    fn time_of_block(&self, number: u64) -> u64 {
        self.wait(async { self.provider.get_block_by_number(number.into()).await })
            .expect("the node answers")
            .expect("the block exists")
            .header
            .timestamp
    }

    /// The code of an account.
    pub fn code(&self, account: Address) -> Bytes {
        self.wait(async { self.provider.get_code_at(account).await })
            .expect("the node answers")
    }

    /// A raw storage word.
    pub fn storage(&self, account: Address, slot: U256) -> B256 {
        self.wait(async { self.provider.get_storage_at(account, slot).await })
            .expect("the node answers")
            .into()
    }

    /// Logs of a receipt without their place in the chain.
    pub fn logs_of(receipt: &TransactionReceipt) -> Vec<Log> {
        receipt
            .logs()
            .iter()
            .map(|log: &RpcLog| log.inner.clone())
            .collect()
    }

    // --- time ---

    /// The time of the next block; on a node with its own clock, of the latest one.
    pub fn time(&self) -> u64 {
        if self.own_clock {
            return self.latest().1;
        }
        self.time.get()
    }

    /// From now on it is `timestamp`, until told otherwise. Time never goes back. A node with its own clock is past
    /// it already, or the test ends as skipped.
    pub fn set_time(&self, timestamp: u64) {
        if self.own_clock {
            if timestamp > self.time() {
                self.needs_a_clock_that_can_be_set();
            }
            return;
        }
        if self.time.replace(timestamp) != timestamp {
            self.told.set(false);
        }
    }

    /// Ends the test as skipped on a node with its own clock.
    pub fn needs_a_clock_that_can_be_set(&self) {
        if self.own_clock {
            given::skip("evm_setNextBlockTimestamp");
        }
    }

    /// The node's own clock runs on after each block; this pins it for the next one and for calls.
    fn tell_time(&self) {
        if !self.own_clock && !self.told.replace(true) {
            self.rpc::<serde_json::Value>(
                "evm_setNextBlockTimestamp",
                serde_json::json!([self.time.get()]),
            );
        }
    }

    /// Asks for nonces again, after somebody else has signed for an actor.
    pub fn forget_nonces(&self) {
        self.nonces.borrow_mut().clear();
    }

    /// Remembers the present state.
    pub fn snapshot(&self) -> U256 {
        self.rpc("evm_snapshot", serde_json::json!([]))
    }

    /// Returns to a remembered state.
    pub fn revert(&self, snapshot: U256) {
        assert!(
            self.rpc::<bool>("evm_revert", serde_json::json!([snapshot])),
            "no such snapshot"
        );
        if self.given {
            // anvil puts what it takes back among what waits; others have no such method.
            let _ = self
                .ask_node::<serde_json::Value>("anvil_dropAllTransactions", serde_json::json!([]));
        }
        self.forget_nonces();
        self.told.set(false);
    }
}
