//! One node over HTTP: reads, sends, and its errors in words. Of its address only scheme, host and port are shown.

use std::{error::Error, time::Duration};

use alloy::{
    eips::BlockId,
    network::TransactionBuilder,
    primitives::{Address, B256, Bytes, U256},
    providers::{DynProvider, Provider, ProviderBuilder},
    rpc::types::{Filter, Log, TransactionReceipt, TransactionRequest},
    sol_types::SolCall,
    transports::{RpcError, TransportErrorKind, http::reqwest},
};

use super::ChainError;

/// What is left of a node's words, in characters.
const SHOWN_CHARACTERS: usize = 400;
/// Parts of an address that are shorter are no secret, and would black out ordinary words.
const SECRET_CHARACTERS: usize = 4;

/// Code that answers with TIMESTAMP, as if it were to be deployed: no contract need be there.
const TELL_TIME: Bytes =
    Bytes::from_static(&[0x42, 0x60, 0x00, 0x52, 0x60, 0x20, 0x60, 0x00, 0xf3]);

/// A connection. Clones share it.
#[derive(Clone)]
pub struct Node {
    provider: DynProvider,
    origin: String,
    secrets: Vec<String>,
    id: u64,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Node").field(&self.origin).finish()
    }
}

impl Node {
    /// Connects to a node and holds its chain id against `chain_id`.
    ///
    /// # Errors
    /// The address is none, or the node does not answer or is of another chain.
    pub async fn connect(rpc: &str, timeout: Duration, chain_id: u64) -> Result<Self, ChainError> {
        let address = parse(rpc)?;
        let origin = address.origin().ascii_serialization();
        let client = reqwest::Client::builder()
            .timeout(timeout)
            .build()
            .map_err(|error| ChainError::Address {
                origin: origin.clone(),
                cause: error.to_string(),
            })?;
        let provider = ProviderBuilder::default()
            .connect_reqwest(client, address.clone())
            .erased();
        let mut node = Self {
            provider,
            origin,
            secrets: secrets(&address),
            id: chain_id,
        };
        let is = node.provider.get_chain_id().await;
        node.id = is.map_err(|error| node.failure("its chain id", &error))?;
        if node.id != chain_id {
            return Err(ChainError::OtherChain {
                node: node.origin,
                is: node.id,
                expected: chain_id,
            });
        }
        Ok(node)
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// EIP-155 id.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Runs `call` on `to` at the latest block, or as the block to come would have it.
    ///
    /// # Errors
    /// No answer, a revert, or an answer of another form.
    pub async fn call<C: SolCall>(
        &self,
        to: Address,
        call: &C,
        pending: bool,
    ) -> Result<C::Return, ChainError> {
        let what = C::SIGNATURE;
        let request = TransactionRequest::default()
            .with_to(to)
            .with_input(call.abi_encode());
        let answer = self.provider.call(request).block(block_id(pending)).await;
        let answer = answer.map_err(|error| self.failure(what, &error))?;
        C::abi_decode_returns(&answer).map_err(|error| self.nonsense(what, error.to_string()))
    }

    /// Simulates a transaction as the block to come would run it.
    ///
    /// # Errors
    /// It would be refused, or nobody answers.
    pub async fn try_out(
        &self,
        from: Address,
        to: Address,
        input: Bytes,
    ) -> Result<(), ChainError> {
        let request = request(from, to, input);
        let answer = self.provider.call(request).block(BlockId::pending()).await;
        answer
            .map(drop)
            .map_err(|error| self.failure("a statement tried out", &error))
    }

    /// Gas that a transaction would need in the block to come.
    ///
    /// # Errors
    /// It would be refused, or nobody answers.
    pub async fn estimate(
        &self,
        from: Address,
        to: Address,
        input: Bytes,
    ) -> Result<u64, ChainError> {
        let request = request(from, to, input);
        let gas = self
            .provider
            .estimate_gas(request)
            .block(BlockId::pending());
        gas.await
            .map_err(|error| self.failure("an estimate of gas", &error))
    }

    /// Number and time of the latest block.
    ///
    /// # Errors
    /// No answer.
    pub async fn head(&self) -> Result<(u64, u64), ChainError> {
        let what = "the latest block";
        self.block_at(BlockId::latest(), what)
            .await?
            .map(|(number, time, _)| (number, time))
            .ok_or_else(|| self.nonsense(what, "it knows none".into()))
    }

    /// Time that the block to come would have now, in seconds since 1970. Nitro's pending block is the latest one; only
    /// what runs in it sees the clock.
    ///
    /// # Errors
    /// No answer, or none of that form.
    pub async fn pending_time(&self) -> Result<u64, ChainError> {
        let what = "the time of the block to come";
        let time = self.run(what, TELL_TIME, true).await?;
        u64::try_from(time).map_err(|_| self.nonsense(what, format!("{time} is none")))
    }

    /// The word that `code` answers, run as if it were to be deployed, at the latest block or as the block to come would
    /// have it.
    ///
    /// # Errors
    /// No answer, a refusal, or an answer of more than a word.
    pub(super) async fn run(
        &self,
        what: &str,
        code: Bytes,
        pending: bool,
    ) -> Result<U256, ChainError> {
        let request = TransactionRequest::default().with_deploy_code(code);
        let answer = self.provider.call(request).block(block_id(pending)).await;
        let answer = answer.map_err(|error| self.failure(what, &error))?;
        U256::try_from_be_slice(&answer)
            .ok_or_else(|| self.nonsense(what, format!("{answer} is no word")))
    }

    /// Number of the last block with one of the tags `safe` and `finalized`; `None` where the node knows no such tag.
    ///
    /// # Errors
    /// No answer.
    pub async fn settled_block(&self, tag: BlockId) -> Result<Option<u64>, ChainError> {
        match self.block_at(tag, "a final block").await {
            Ok(block) => Ok(block.map(|(number, ..)| number)),
            Err(ChainError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Base fee of the latest block, in wei per gas.
    ///
    /// # Errors
    /// No answer.
    pub async fn base_fee(&self) -> Result<u128, ChainError> {
        let block = self.block_at(BlockId::latest(), "the base fee").await?;
        Ok(block.map_or(0, |(_, _, fee)| u128::from(fee)))
    }

    async fn block_at(
        &self,
        id: BlockId,
        what: &str,
    ) -> Result<Option<(u64, u64, u64)>, ChainError> {
        let block = self.provider.get_block(id).await;
        let block = block.map_err(|error| self.failure(what, &error))?;
        Ok(block.map(|block| {
            let header = &block.header;
            let fee = header.base_fee_per_gas.unwrap_or_default();
            (header.number, header.timestamp, fee)
        }))
    }

    /// Transactions of an account in blocks.
    ///
    /// # Errors
    /// No answer.
    pub async fn nonce(&self, account: Address) -> Result<u64, ChainError> {
        let nonce = self.provider.get_transaction_count(account).latest().await;
        nonce.map_err(|error| self.failure("a nonce", &error))
    }

    /// Balance in wei.
    ///
    /// # Errors
    /// No answer.
    pub async fn balance(&self, account: Address) -> Result<U256, ChainError> {
        let balance = self.provider.get_balance(account).await;
        balance.map_err(|error| self.failure("a balance", &error))
    }

    /// Code of an account.
    ///
    /// # Errors
    /// No answer.
    pub async fn code(&self, account: Address) -> Result<Bytes, ChainError> {
        let code = self.provider.get_code_at(account).await;
        code.map_err(|error| self.failure("an account's code", &error))
    }

    /// Sends a signed transaction.
    ///
    /// # Errors
    /// The node refuses it, or does not answer: then it may have arrived all the same.
    pub async fn send(&self, raw: &[u8]) -> Result<(), ChainError> {
        let sent = self.provider.send_raw_transaction(raw).await;
        sent.map(drop)
            .map_err(|error| self.failure("a transaction", &error))
    }

    /// The receipt of a transaction that is in a block.
    ///
    /// # Errors
    /// No answer.
    pub async fn receipt(&self, hash: B256) -> Result<Option<TransactionReceipt>, ChainError> {
        let receipt = self.provider.get_transaction_receipt(hash).await;
        receipt.map_err(|error| self.failure("a receipt", &error))
    }

    /// Events.
    ///
    /// # Errors
    /// No answer, or none for so many blocks.
    pub async fn logs(&self, filter: &Filter) -> Result<Vec<Log>, ChainError> {
        let logs = self.provider.get_logs(filter).await;
        logs.map_err(|error| self.failure("the events", &error))
    }

    pub(super) fn nonsense(&self, what: &str, cause: String) -> ChainError {
        ChainError::Nonsense {
            node: self.origin.clone(),
            what: what.into(),
            cause,
        }
    }

    fn failure(&self, what: &str, error: &RpcError<TransportErrorKind>) -> ChainError {
        let node = self.origin.clone();
        let what = what.to_owned();
        let Some(response) = error.as_error_resp() else {
            let cause = self.told(&below(error));
            return ChainError::Silent { node, what, cause };
        };
        let reverted = response.as_revert_data();
        let cause = match &reverted {
            Some(data) if !data.is_empty() => match diem_abi::explain(data) {
                Some(refusal) => format!("{} ({})", refusal.sentence, refusal.error),
                None => format!("the contract reverted with {data}"),
            },
            _ => self.told(&response.message),
        };
        ChainError::Refused {
            node,
            what,
            cause,
            reverted: reverted.is_some(),
        }
    }

    /// A node's words without what its address has secret.
    fn told(&self, text: &str) -> String {
        let told = self
            .secrets
            .iter()
            .fold(text.to_owned(), |text, secret| text.replace(secret, "…"));
        told.chars().take(SHOWN_CHARACTERS).collect()
    }
}

fn block_id(pending: bool) -> BlockId {
    if pending {
        BlockId::pending()
    } else {
        BlockId::latest()
    }
}

fn request(from: Address, to: Address, input: Bytes) -> TransactionRequest {
    TransactionRequest::default()
        .with_from(from)
        .with_to(to)
        .with_input(input)
}

fn parse(rpc: &str) -> Result<reqwest::Url, ChainError> {
    let refused = |origin: String, cause: &str| ChainError::Address {
        origin,
        cause: cause.into(),
    };
    let address: reqwest::Url = rpc
        .parse()
        .map_err(|error| refused("…".into(), &format!("{error}")))?;
    let origin = address.origin().ascii_serialization();
    match address.scheme() {
        "http" => Ok(address),
        "https" if cfg!(feature = "https") => Ok(address),
        "https" => Err(refused(
            origin,
            "this build has no TLS; build with --features https",
        )),
        _ => Err(refused(origin, "a node is spoken to over http or https")),
    }
}

/// The parts of an address that are nobody's business, the longest first, so that none is left behind in pieces.
fn secrets(address: &reqwest::Url) -> Vec<String> {
    let mut secrets = vec![address.username().to_owned()];
    secrets.extend(address.password().map(str::to_owned));
    let query = address.query().unwrap_or_default();
    secrets.extend(query.split(['&', '=']).map(str::to_owned));
    secrets.extend(address.path().split('/').map(str::to_owned));
    secrets.push(query.to_owned());
    secrets.retain(|secret| secret.chars().count() >= SECRET_CHARACTERS);
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets
}

/// What lies below an error: the first words of the client's own name the whole address.
fn below(error: &RpcError<TransportErrorKind>) -> String {
    let client = match error {
        RpcError::Transport(TransportErrorKind::Custom(cause)) => {
            cause.downcast_ref::<reqwest::Error>()
        }
        _ => None,
    };
    let Some(client) = client else {
        return error.to_string();
    };
    if client.is_timeout() {
        return "no answer in time".into();
    }
    let mut causes = Vec::new();
    let mut next = client.source();
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    if causes.is_empty() {
        "the request failed".into()
    } else {
        causes.join(": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nodes_words_never_carry_the_secrets_of_its_address() {
        let address =
            parse("http://anna:Sesam99@node.example:8547/v3/k3yk3yk3y?token=t0ken").unwrap();
        let told = secrets(&address).iter().fold(
            "POST /v3/k3yk3yk3y?token=t0ken of anna:Sesam99".to_owned(),
            |text, secret| text.replace(secret, "…"),
        );
        for secret in ["anna", "Sesam99", "k3y", "t0ken"] {
            assert!(!told.contains(secret), "{secret} in {told}");
        }
    }

    #[test]
    fn an_address_that_is_no_nodes_is_refused_without_showing_it() {
        for address in ["ws://user:secret@x", "no address", "ftp://user:secret@x/"] {
            let error = parse(address).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
