//! A chain as a client sees it: signed transactions, calls, logs, time. Speaks JSON-RPC through alloy, blocking.

pub mod asm;
mod estimate;
pub mod probe;
mod refusal;

pub use refusal::Refusal;

use crate::actors::Who;
use alloy::consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy::eips::Encodable2718;
use alloy::network::TxSignerSync;
use alloy::providers::{Provider, RootProvider};
use alloy::rpc::types::{
    Filter, Log as RpcLog, TransactionInput, TransactionReceipt, TransactionRequest,
};
use alloy::sol_types::SolCall;
use alloy_primitives::{Address, B256, Bytes, Log, TxKind, U256};
use probe::{Answers, Probe};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use tokio::runtime::Runtime;

/// Gas limit of every transaction here: none of them should come near it.
const GAS_LIMIT: u64 = 30_000_000;
/// One gwei: ten times the base fee of a fresh chain.
const MAX_FEE: u128 = 1_000_000_000;

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
        }
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
    /// When the node answers with an error.
    pub fn rpc<R>(&self, method: &'static str, params: serde_json::Value) -> R
    where
        R: alloy::rpc::json_rpc::RpcRecv,
    {
        let shown = params.to_string();
        self.wait(self.provider.raw_request(method.into(), params))
            .unwrap_or_else(|error| panic!("{method} {shown}: {error}"))
    }

    // --- calls ---

    /// `eth_call` with raw calldata: what it returns, or the data it reverts with.
    pub fn call_raw(&self, from: Address, to: TxKind, data: Bytes) -> Result<Bytes, Refusal> {
        let request = TransactionRequest {
            from: Some(from),
            to: Some(to),
            input: TransactionInput::new(data),
            gas: Some(GAS_LIMIT),
            ..Default::default()
        };
        self.tell_time();
        self.wait(async { self.provider.call(request).pending().await })
            .map_err(Refusal::from_rpc)
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
            timestamp: 0,
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
            answers.timestamp = part.timestamp;
            answers.answers.extend(part.answers);
            rest = later;
        }
        answers
    }

    // --- transactions ---

    /// Sends a signed transaction and waits for its receipt, whatever the outcome.
    pub fn transact(&self, who: Who, to: TxKind, data: Bytes, value: U256) -> TransactionReceipt {
        self.submit(&self.sign(who, to, data, value, GAS_LIMIT))
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
            self.provider
                .get_transaction_receipt(hash)
                .await
                .expect("the node answers")
                .expect("instant mining leaves no transaction pending")
        })
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
            gas: Some(GAS_LIMIT),
            max_fee_per_gas: Some(MAX_FEE),
            max_priority_fee_per_gas: Some(0),
            ..Default::default()
        };
        let hash: B256 = self.rpc("eth_sendTransaction", serde_json::json!([request]));
        self.wait(async { self.provider.get_transaction_receipt(hash).await })
            .expect("the node answers")
            .expect("instant mining leaves no transaction pending")
    }

    /// Deploys init code and returns the new address.
    pub fn create(&self, who: Who, init_code: Bytes) -> Address {
        let receipt = self.transact(who, TxKind::Create, init_code, U256::ZERO);
        assert!(receipt.status(), "deployment failed: {receipt:?}");
        receipt.contract_address.expect("a create has an address")
    }

    fn sign(&self, who: Who, to: TxKind, input: Bytes, value: U256, gas_limit: u64) -> Vec<u8> {
        let from = who.address();
        let mut nonces = self.nonces.borrow_mut();
        let nonce = nonces.entry(from).or_insert_with(|| {
            self.wait(async { self.provider.get_transaction_count(from).await })
                .expect("the node answers")
        });
        let mut tx = TxEip1559 {
            chain_id: self.chain_id,
            nonce: *nonce,
            gas_limit,
            max_fee_per_gas: MAX_FEE,
            max_priority_fee_per_gas: 0,
            to,
            value,
            access_list: Default::default(),
            input,
        };
        *nonce += 1;
        let signature = who
            .signer()
            .sign_transaction_sync(&mut tx)
            .expect("a local key signs");
        TxEnvelope::from(tx.into_signed(signature)).encoded_2718()
    }

    // --- logs and state ---

    /// All logs of the given contracts from the first block on, each with its block's timestamp.
    pub fn logs(&self, contracts: &[Address]) -> Vec<(u64, Log)> {
        self.matching(&Filter::new().from_block(0).address(contracts.to_vec()))
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
        let number = log.block_number.expect("a mined log").into();
        self.wait(async { self.provider.get_block_by_number(number).await })
            .expect("the node answers")
            .expect("a log's block exists")
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

    /// The time of the next block.
    pub fn time(&self) -> u64 {
        self.time.get()
    }

    /// From now on it is `timestamp`, until told otherwise. Time never goes back.
    pub fn set_time(&self, timestamp: u64) {
        if self.time.replace(timestamp) != timestamp {
            self.told.set(false);
        }
    }

    /// The node's own clock runs on after each block; this pins it for the next one and for calls.
    fn tell_time(&self) {
        if !self.told.replace(true) {
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
        self.forget_nonces();
        self.told.set(false);
    }
}
