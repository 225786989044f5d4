//! Token transfers: many senders, transactions signed beforehand, time until all are mined.

use std::time::{Duration, Instant};

use alloy_consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, Bytes, U256, hex};
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::{SolCall, sol};
use hyper::body::Bytes as Body;
use serde_json::{Value, json};
use stylus_devnode::accounts::{DEFAULT_MNEMONIC, DevAccounts};

use crate::{
    Failure,
    door::{Door, request},
};

sol! {
    function transfer(address to, uint256 amount) returns (bool);
    function balanceOf(address account) returns (uint256);
}

/// Enough for a transfer that opens a balance, on either node.
const GAS_LIMIT: u64 = 150_000;

/// Wei per gas. Under load a base fee rises; at this cap none of the transactions is refused for it.
const MAX_FEE: u128 = 2_000_000_000_000;

/// How long to wait between two looks whether all is mined.
const PAUSE: Duration = Duration::from_millis(20);

/// Transactions of one sender that may wait to be mined. Anvil puts at most 1,000 into one block, and
/// was seen to leave the rest waiting for good; the senders together stay below that.
const WINDOW: usize = 100;

/// After this without the last transaction mined the node has lost some.
const PATIENCE: Duration = Duration::from_secs(30);

/// First recipient; the others follow it.
const FIRST_RECIPIENT: u64 = 0x1000_0000;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where the node answers
    #[arg(long)]
    host: String,

    /// The token; every sender must hold enough of it
    #[arg(long)]
    token: Address,

    /// How many transfers of one unit, over all connections
    #[arg(long)]
    count: usize,

    /// Connections; each has a sender of its own, a funded account of the dev phrase
    #[arg(long, default_value_t = 4)]
    connections: usize,

    /// Transactions in one request; 1 sends them without a batch
    #[arg(long, default_value_t = 100)]
    batch: usize,

    /// Ask for blocks: the node does not mine by itself
    #[arg(long)]
    mine: bool,

    /// How many accounts receive by turns
    #[arg(long, default_value_t = 1_000)]
    recipients: u64,
}

/// What one connection has to do.
struct Lane {
    door: Door,
    sender: Address,
    /// Nonce after the last transaction.
    end: u64,
    count: u64,
    batch: usize,
    mine: bool,
    bodies: Vec<Body>,
}

/// Sends the transfers and checks that they have arrived; transfers per second.
pub(crate) async fn run(args: Args) -> Result<Value, Failure> {
    let mut door = Door::open(&args.host).await?;
    let chain_id = door.ask_number("eth_chainId", json!([])).await?;
    let before = received(&mut door, &args).await?;
    // The first account is Nitro's and does not exist elsewhere.
    let accounts = DevAccounts::derive(DEFAULT_MNEMONIC, args.connections)?;
    let mut lanes = Vec::new();
    for (index, signer) in accounts.signers().iter().skip(1).enumerate() {
        let share =
            args.count / args.connections + usize::from(index < args.count % args.connections);
        lanes.push(Lane::prepare(&args, chain_id, signer, share).await?);
    }

    let since = Instant::now();
    let running: Vec<_> = lanes
        .into_iter()
        .map(|lane| tokio::spawn(lane.run()))
        .collect();
    for lane in running {
        lane.await??;
    }
    let taken = since.elapsed();

    let arrived = received(&mut door, &args).await? - before;
    if arrived != U256::from(args.count) {
        return Err(format!("{arrived} of {} transfers arrived", args.count).into());
    }
    Ok(json!({
        "count": args.count,
        "connections": args.connections,
        "batch": args.batch,
        "seconds": taken.as_secs_f64(),
        "perSecond": args.count as f64 / taken.as_secs_f64(),
    }))
}

impl Lane {
    async fn prepare(
        args: &Args,
        chain_id: u64,
        signer: &PrivateKeySigner,
        count: usize,
    ) -> Result<Self, Failure> {
        let mut door = Door::open(&args.host).await?;
        let sender = signer.address();
        let start = nonce(&mut door, sender).await?;
        let end = start + count as u64;
        let mut requests = Vec::with_capacity(count);
        for nonce in start..end {
            let raw = transfer(args, chain_id, signer, nonce)?;
            let raw = hex::encode_prefixed(raw);
            requests.push(request(
                requests.len(),
                "eth_sendRawTransaction",
                &json!([raw]),
            ));
        }
        let bodies = if args.batch == 1 {
            requests.into_iter().map(Body::from).collect()
        } else {
            let batches = requests.chunks(args.batch);
            batches
                .map(|batch| format!("[{}]", batch.join(",")).into())
                .collect()
        };
        Ok(Self {
            door,
            sender,
            end,
            count: count as u64,
            batch: args.batch,
            mine: args.mine,
            bodies,
        })
    }

    /// Sends everything, window by window.
    async fn run(mut self) -> Result<(), Failure> {
        let mut sent = self.end - self.count;
        for window in self.bodies.chunks(WINDOW.div_ceil(self.batch)) {
            for body in window {
                self.door.post(body.clone()).await?;
            }
            sent = self.end.min(sent + (window.len() * self.batch) as u64);
            mined(&mut self.door, self.sender, sent, self.mine).await?;
        }
        Ok(())
    }
}

/// Waits until the chain has all of the sender's transactions below `nonce`.
async fn mined(door: &mut Door, sender: Address, until: u64, mine: bool) -> Result<(), Failure> {
    let since = Instant::now();
    while nonce(door, sender).await? < until {
        if since.elapsed() > PATIENCE {
            return Err("transactions were taken but not mined".into());
        }
        if mine {
            door.ask("evm_mine", json!([])).await?;
        } else {
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(())
}

fn transfer(
    args: &Args,
    chain_id: u64,
    signer: &PrivateKeySigner,
    nonce: u64,
) -> Result<Vec<u8>, Failure> {
    let call = transferCall {
        to: recipient(nonce % args.recipients),
        amount: U256::ONE,
    };
    let tx = TxEip1559 {
        chain_id,
        nonce,
        gas_limit: GAS_LIMIT,
        max_fee_per_gas: MAX_FEE,
        max_priority_fee_per_gas: 0,
        to: args.token.into(),
        value: U256::ZERO,
        access_list: Default::default(),
        input: call.abi_encode().into(),
    };
    let signature = signer.sign_hash_sync(&tx.signature_hash())?;
    Ok(TxEnvelope::from(tx.into_signed(signature)).encoded_2718())
}

fn recipient(index: u64) -> Address {
    Address::left_padding_from(&(FIRST_RECIPIENT + index).to_be_bytes())
}

async fn nonce(door: &mut Door, account: Address) -> Result<u64, Failure> {
    door.ask_number("eth_getTransactionCount", json!([account, "latest"]))
        .await
}

/// What all recipients hold together.
async fn received(door: &mut Door, args: &Args) -> Result<U256, Failure> {
    let mut sum = U256::ZERO;
    for index in 0..args.recipients {
        let account = recipient(index);
        let data = Bytes::from(balanceOfCall { account }.abi_encode());
        let call = json!([{ "to": args.token, "data": data }, "latest"]);
        let answer = door.ask("eth_call", call).await?;
        sum += answer.as_str().unwrap_or_default().parse::<U256>()?;
    }
    Ok(sum)
}
