//! The only room that talks to a node: here what is read, in `logs` long histories, in `transact` what is sent, at
//! the fees of `fees`, and in `outbox` what became of it.

mod call;
mod confirm;
mod fees;
mod logs;
mod outbox;
mod replace;
mod sent;
mod simulate;
mod transact;

pub use call::Call;
pub use confirm::Confirmation;
pub(crate) use fees::{Fees, Gas};
pub(crate) use outbox::Outbox;
pub(crate) use replace::Replacement;
pub use sent::Sent;

use crate::endpoint::{ANSWER_TIMEOUT, Endpoint};
use crate::{Failure, Result};
use alloy::eips::BlockId;
use alloy::network::{EthereumWallet, TransactionBuilder};
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::state::{AccountOverride, StateOverridesBuilder};
use alloy::rpc::types::{Filter, Log, TransactionRequest};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{SolCall, SolEvent};
use alloy::transports::{RpcError, TransportErrorKind};
use diem_abi::arbitrum::{ARB_WASM, IArbWasm};
use std::time::Duration;

/// Where code is put to ask what its activation costs; nobody's address.
const PROBE: Address = Address::repeat_byte(0xd1);

/// A node, and whoever may sign.
#[derive(Clone, Debug)]
pub struct Chain {
    endpoint: Endpoint,
    provider: DynProvider,
    wallet: EthereumWallet,
    id: u64,
    /// How far a transaction has to come before it counts as done.
    confirmation: Confirmation,
    outbox: Outbox,
}

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: B256,
    /// Its time, in seconds since 1970.
    pub timestamp: u64,
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
        let provider = endpoint.provider();
        let id = provider.get_chain_id().await;
        let id =
            id.map_err(|error| endpoint.refusal("no answer from the node".to_owned(), &error))?;
        Ok(Self {
            endpoint,
            provider,
            wallet: wallet(signers),
            id,
            confirmation: Confirmation::default(),
            outbox: Outbox::default(),
        })
    }

    /// The same node with `signers` instead of those so far.
    #[must_use]
    pub fn signed_by(&self, signers: &[PrivateKeySigner]) -> Self {
        self.signed_with(wallet(signers))
    }

    /// The same node with `wallet` to sign, whatever keeps its keys.
    #[must_use]
    pub(crate) fn signed_with(&self, wallet: EthereumWallet) -> Self {
        Self {
            wallet,
            ..self.clone()
        }
    }

    /// The same node, with transactions done only once they are so far.
    #[must_use]
    pub(crate) fn confirmed(self, confirmation: Confirmation) -> Self {
        Self {
            confirmation,
            ..self
        }
    }

    /// What was sent through this connection and all that came from it.
    pub(crate) fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// EIP-155 id.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Scheme, host and port of the endpoint: what of it may be shown and written down.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.endpoint.origin()
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
        self.read(from, to, call, BlockId::latest()).await
    }

    /// Like [`Chain::call`], at a block.
    ///
    /// # Errors
    /// The contract refuses, answers something else, or the node has forgotten the block.
    pub async fn call_at<C: SolCall>(
        &self,
        block: u64,
        to: Address,
        call: &C,
    ) -> Result<C::Return> {
        self.read(Address::ZERO, to, call, BlockId::from(block))
            .await
    }

    async fn read<C: SolCall>(
        &self,
        from: Address,
        to: Address,
        call: &C,
        block: BlockId,
    ) -> Result<C::Return> {
        let request = request(from, to, call.abi_encode(), U256::ZERO);
        let what = || format!("call {}", C::SIGNATURE);
        let answer = self
            .provider
            .call(request)
            .block(block)
            .await
            .map_err(|error| self.endpoint.refusal(what(), &error).with("contract", to))?;
        C::abi_decode_returns(&answer).map_err(|error| {
            Failure::refused(what(), format!("the answer makes no sense: {error}"))
                .with("contract", to)
                .with("answer", answer)
        })
    }

    /// The latest block, or the one with a number.
    ///
    /// # Errors
    /// The node does not know the block.
    pub async fn head(&self, block: Option<u64>) -> Result<Head> {
        let id = block.map_or(BlockId::latest(), BlockId::from);
        let what = || "read a block".to_owned();
        let block = self.provider.get_block(id).await;
        let block = block.map_err(|error| self.endpoint.refusal(what(), &error))?;
        let header = block
            .ok_or_else(|| Failure::broken(what(), "the node does not know it"))?
            .header;
        Ok(Head {
            number: header.number,
            hash: header.hash,
            timestamp: header.timestamp,
        })
    }

    /// Hash of the chain's first block; none where the node has forgotten it.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn genesis(&self) -> Result<Option<B256>> {
        match self.provider.get_block(BlockId::number(0)).await {
            Ok(block) => Ok(block.map(|block| block.header.hash)),
            Err(error) if error.as_error_resp().is_some() => Ok(None),
            Err(error) => {
                let what = "read the first block".to_owned();
                Err(self.endpoint.refusal(what, &error))
            }
        }
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
        self.carry_out(from, &Call::new(to, call).paying(value))
            .await
    }

    /// Sends ETH.
    ///
    /// # Errors
    /// It is refused, reverts, or is not mined in time.
    pub async fn transfer(&self, from: Address, to: Address, value: U256) -> Result<Sent> {
        self.carry_out(from, &Call::ether(to, value)).await
    }

    /// Time of a block, or of the latest one, in seconds since 1970.
    ///
    /// # Errors
    /// The node does not know the block.
    pub async fn timestamp(&self, block: Option<u64>) -> Result<u64> {
        Ok(self.head(block).await?.timestamp)
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

    /// An account's code; empty where there is none.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn code(&self, account: Address) -> Result<Bytes> {
        let code = self.provider.get_code_at(account).await;
        code.map_err(|error| self.endpoint.refusal("read code".to_owned(), &error))
    }

    /// keccak256 of an account's code, if it has any.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn codehash_if_any(&self, account: Address) -> Result<Option<B256>> {
        let code = self.code(account).await?;
        Ok((!code.is_empty()).then(|| keccak256(code)))
    }

    /// What gas costs now, in wei.
    ///
    /// # Errors
    /// The node does not answer.
    pub async fn gas_price(&self) -> Result<u128> {
        let price = self.provider.get_gas_price().await;
        price.map_err(|error| {
            self.endpoint
                .refusal("ask for the price of gas".to_owned(), &error)
        })
    }

    /// Gas that a transaction would need.
    ///
    /// # Errors
    /// It would fail.
    pub async fn estimate<C: SolCall>(
        &self,
        from: Address,
        to: Address,
        call: &C,
        value: U256,
    ) -> Result<u64> {
        self.gas_of(from, &Call::new(to, call).paying(value)).await
    }

    /// The events of one kind that `contract` emitted since `block`, in their order.
    ///
    /// # Errors
    /// The node does not answer, or not for so many blocks.
    pub async fn events<E: SolEvent>(&self, contract: Address, block: u64) -> Result<Vec<E>> {
        let filter = Filter::new()
            .address(contract)
            .event_signature(E::SIGNATURE_HASH)
            .from_block(block);
        let logs = self.provider.get_logs(&filter).await.map_err(|error| {
            self.endpoint
                .refusal(format!("read the events {}", E::SIGNATURE), &error)
                .with("contract", contract)
                .with("from block", block)
        })?;
        let decode = |log: &Log| log.log_decode::<E>().map(|log| log.inner.data);
        logs.iter()
            .map(decode)
            .collect::<std::result::Result<_, _>>()
            .map_err(|error| {
                Failure::refused("read the events", error.to_string()).with("contract", contract)
            })
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
            self.endpoint
                .refusal("move the clock".to_owned(), &error)
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

fn wallet(signers: &[PrivateKeySigner]) -> EthereumWallet {
    let mut wallet = EthereumWallet::default();
    for (position, signer) in signers.iter().enumerate() {
        if position == 0 {
            wallet = EthereumWallet::from(signer.clone());
        } else {
            wallet.register_signer(signer.clone());
        }
    }
    wallet
}

fn request(from: Address, to: Address, input: Vec<u8>, value: U256) -> TransactionRequest {
    TransactionRequest::default()
        .with_from(from)
        .with_to(to)
        .with_input(input)
        .with_value(value)
}
