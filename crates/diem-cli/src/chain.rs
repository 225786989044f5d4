//! The only room that talks to a node.

use crate::endpoint::{ANSWER_TIMEOUT, Endpoint};
use crate::{Failure, Result};
use alloy::eips::BlockId;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::state::{AccountOverride, StateOverridesBuilder};
use alloy::rpc::types::{Log, TransactionReceipt, TransactionRequest};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{SolCall, SolEvent};
use alloy::transports::{RpcError, TransportErrorKind};
use diem_abi::arbitrum::{ARB_WASM, IArbWasm};
use std::time::{Duration, Instant};

/// How long a transaction may take to be mined.
const RECEIPT_TIMEOUT: Duration = Duration::from_secs(120);
/// First wait for a receipt; each further one is twice as long.
const RECEIPT_POLL: Duration = Duration::from_millis(4);
/// Longest wait between two looks for a receipt.
const RECEIPT_POLL_MAX: Duration = Duration::from_millis(500);
/// Where code is put to ask what its activation costs; nobody's address.
const PROBE: Address = Address::repeat_byte(0xd1);

/// A node, and whoever may sign.
#[derive(Clone, Debug)]
pub struct Chain {
    endpoint: Endpoint,
    provider: DynProvider,
    id: u64,
}

/// A transaction that went through.
#[derive(Clone, Debug)]
pub struct Sent {
    receipt: TransactionReceipt,
    timestamp: u64,
}

impl Chain {
    /// Connects to `url`; `signers` sign for their addresses. Every answer has
    /// half a minute to come.
    ///
    /// # Errors
    /// The URL is none, or nobody answers.
    pub async fn connect(url: &str, signers: &[PrivateKeySigner]) -> Result<Self> {
        Self::connect_within(ANSWER_TIMEOUT, url, signers).await
    }

    /// Like [`Chain::connect`], with `timeout` for each answer.
    ///
    /// # Errors
    /// The URL is none, or nobody answers.
    pub async fn connect_within(
        timeout: Duration,
        url: &str,
        signers: &[PrivateKeySigner],
    ) -> Result<Self> {
        let endpoint = Endpoint::new(url, timeout)?;
        let provider = endpoint.provider(signers);
        let id = provider.get_chain_id().await;
        let id =
            id.map_err(|error| endpoint.refusal("no answer from the node".to_owned(), &error))?;
        Ok(Self {
            endpoint,
            provider,
            id,
        })
    }

    /// The same node with `signers` instead of those so far.
    #[must_use]
    pub fn signed_by(&self, signers: &[PrivateKeySigner]) -> Self {
        Self {
            provider: self.endpoint.provider(signers),
            ..self.clone()
        }
    }

    /// EIP-155 id.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The endpoint.
    #[must_use]
    pub fn url(&self) -> &str {
        self.endpoint.url()
    }

    /// Reads: runs `call` on `to` at the latest block.
    ///
    /// # Errors
    /// The contract refuses, or answers something else.
    pub async fn call<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return> {
        self.call_as(Address::ZERO, to, call).await
    }

    /// Like [`Chain::call`], as `from` would see it.
    ///
    /// # Errors
    /// The contract refuses, or answers something else.
    pub async fn call_as<C: SolCall>(
        &self,
        from: Address,
        to: Address,
        call: &C,
    ) -> Result<C::Return> {
        let request = request(from, to, call.abi_encode(), U256::ZERO);
        let what = || format!("call {}", C::SIGNATURE);
        let answer = self
            .provider
            .call(request)
            .await
            .map_err(|error| self.endpoint.refusal(what(), &error).with("contract", to))?;
        C::abi_decode_returns(&answer).map_err(|error| {
            Failure::refused(what(), format!("the answer makes no sense: {error}"))
                .with("contract", to)
                .with("answer", answer)
        })
    }

    /// Sends a transaction and waits until it is mined.
    ///
    /// # Errors
    /// It is refused, reverts, or is not mined in time.
    pub async fn send<C: SolCall>(&self, from: Address, to: Address, call: &C) -> Result<Sent> {
        self.pay(from, to, call, U256::ZERO).await
    }

    /// Like [`Chain::send`], with `value` in wei.
    ///
    /// # Errors
    /// It is refused, reverts, or is not mined in time.
    pub async fn pay<C: SolCall>(
        &self,
        from: Address,
        to: Address,
        call: &C,
        value: U256,
    ) -> Result<Sent> {
        let request = request(from, to, call.abi_encode(), value);
        self.transact(format!("send {}", C::SIGNATURE), request)
            .await
    }

    /// Sends ETH.
    ///
    /// # Errors
    /// It is refused, reverts, or is not mined in time.
    pub async fn transfer(&self, from: Address, to: Address, value: U256) -> Result<Sent> {
        self.transact("send ETH".to_owned(), request(from, to, Vec::new(), value))
            .await
    }

    async fn transact(&self, what: String, request: TransactionRequest) -> Result<Sent> {
        let replay = request.clone();
        let refusal = |error: &RpcError<TransportErrorKind>| {
            self.endpoint
                .refusal(what.clone(), error)
                .with("from", replay.from.unwrap_or_default())
                .with("to", TransactionBuilder::to(&replay).unwrap_or_default())
        };
        let pending = self
            .provider
            .send_transaction(request)
            .await
            .map_err(|error| refusal(&error))?;
        let hash = *pending.tx_hash();
        let receipt = self.receipt(&what, hash).await?;
        if !receipt.status() {
            let block = BlockId::from(receipt.block_number.unwrap_or_default());
            let failure = match self.provider.call(replay.clone()).block(block).await {
                Err(error) => refusal(&error),
                Ok(_) => Failure::refused(&what, "the transaction was mined and reverted"),
            };
            return Err(failure.with("transaction", hash));
        }
        let timestamp = self.timestamp(receipt.block_number).await?;
        Ok(Sent { receipt, timestamp })
    }

    async fn receipt(&self, what: &str, hash: B256) -> Result<TransactionReceipt> {
        let (started, mut pause) = (Instant::now(), RECEIPT_POLL);
        loop {
            let receipt = self.provider.get_transaction_receipt(hash).await;
            if let Some(receipt) =
                receipt.map_err(|error| self.endpoint.refusal(what.to_owned(), &error))?
            {
                return Ok(receipt);
            }
            if started.elapsed() > RECEIPT_TIMEOUT {
                return Err(Failure::refused(what, "the transaction is not mined yet")
                    .with("transaction", hash)
                    .with("waited seconds", RECEIPT_TIMEOUT.as_secs())
                    .hint("look for its receipt later; do not send it again"));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(RECEIPT_POLL_MAX);
        }
    }

    /// Time of a block, or of the latest one, in seconds since 1970.
    ///
    /// # Errors
    /// The node does not know the block.
    pub async fn timestamp(&self, block: Option<u64>) -> Result<u64> {
        let id = block.map_or(BlockId::latest(), BlockId::from);
        let what = || "read a block".to_owned();
        let block = self
            .provider
            .get_block(id)
            .await
            .map_err(|error| self.endpoint.refusal(what(), &error))?;
        block
            .map(|block| block.header.timestamp)
            .ok_or_else(|| Failure::broken(what(), "the node does not know it"))
    }

    /// Balance in wei.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn balance(&self, account: Address) -> Result<U256> {
        let balance = self.provider.get_balance(account).await;
        balance.map_err(|error| self.endpoint.refusal("read a balance".to_owned(), &error))
    }

    /// keccak256 of an account's code.
    ///
    /// # Errors
    /// There is no code.
    pub async fn codehash(&self, account: Address) -> Result<B256> {
        self.codehash_if_any(account).await?.ok_or_else(|| {
            Failure::refused("read code", "there is none at this address").with("address", account)
        })
    }

    /// keccak256 of an account's code, if it has any.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn codehash_if_any(&self, account: Address) -> Result<Option<B256>> {
        let code = self.provider.get_code_at(account).await;
        let code = code.map_err(|error| self.endpoint.refusal("read code".to_owned(), &error))?;
        Ok((!code.is_empty()).then(|| keccak256(code)))
    }

    /// What activating `code` costs in wei; `None` when the same code is active already.
    ///
    /// # Errors
    /// The chain refuses the program.
    pub async fn activation_fee(&self, from: Address, code: &Bytes) -> Result<Option<U256>> {
        let call = IArbWasm::activateProgramCall { program: PROBE };
        let value = U256::from(1_000_000_000_000_000_000_u64);
        let request = request(from, ARB_WASM, call.abi_encode(), value);
        let overrides = StateOverridesBuilder::default()
            .append(
                from,
                AccountOverride::default().with_balance(U256::MAX >> 1),
            )
            .append(PROBE, AccountOverride::default().with_code(code.clone()))
            .build();
        match self.provider.call(request).overrides(overrides).await {
            Ok(answer) => IArbWasm::activateProgramCall::abi_decode_returns(&answer)
                .map(|returned| Some(returned.dataFee))
                .map_err(|error| Failure::refused("ask for the activation fee", error.to_string())),
            Err(error) => {
                let failure = self
                    .endpoint
                    .refusal("ask for the activation fee".to_owned(), &error);
                let active = failure.cause().contains("already active");
                if active { Ok(None) } else { Err(failure) }
            }
        }
    }

    /// Moves the clock of a dev node and mines a block there.
    ///
    /// # Errors
    /// The node is none that lets its clock be moved.
    pub async fn travel(&self, seconds: u64) -> Result<()> {
        let failed = |error: RpcError<TransportErrorKind>| {
            Failure::refused("move the clock", error.to_string())
                .hint("only a dev node has a clock that can be moved")
        };
        self.provider
            .raw_request::<_, serde_json::Value>("evm_increaseTime".into(), (seconds,))
            .await
            .map_err(failed)?;
        self.provider
            .raw_request::<_, serde_json::Value>("evm_mine".into(), ())
            .await
            .map_err(failed)?;
        Ok(())
    }
}

impl Sent {
    /// The first event of this kind that `contract` emitted.
    ///
    /// # Errors
    /// There is none.
    pub fn event<E: SolEvent>(&self, contract: Address) -> Result<E> {
        let from = |log: &&Log| log.address() == contract;
        let mut logs = self.receipt.inner.logs().iter().filter(from);
        logs.find_map(|log| log.log_decode::<E>().ok())
            .map(|log| log.inner.data)
            .ok_or_else(|| {
                Failure::refused("read an event", format!("{} is missing", E::SIGNATURE))
                    .with("transaction", self.hash())
            })
    }

    /// Gas used.
    #[must_use]
    pub fn gas(&self) -> u64 {
        self.receipt.gas_used
    }

    /// Transaction hash.
    #[must_use]
    pub fn hash(&self) -> B256 {
        self.receipt.transaction_hash
    }

    /// Block number.
    #[must_use]
    pub fn block(&self) -> Option<u64> {
        self.receipt.block_number
    }

    /// Time of its block, in seconds since 1970.
    #[must_use]
    pub fn timestamp(&self) -> u64 {
        self.timestamp
    }
}

fn request(from: Address, to: Address, input: Vec<u8>, value: U256) -> TransactionRequest {
    TransactionRequest::default()
        .with_from(from)
        .with_to(to)
        .with_input(input)
        .with_value(value)
}
