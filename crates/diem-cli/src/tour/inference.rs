//! A day at an inference gateway: dave chooses it, signs for a key, asks a model, and the chain tells what it cost.

use super::guide::Guide;
use super::life::wad;
use crate::inference::{Answer, Gateway, Wish};
use crate::wallet::Signing;
use crate::{Failure, Result, show};
use alloy::primitives::utils::parse_ether;
use alloy::primitives::{Address, U256};
use diem_abi::IDiem;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// DIEM that dave stakes: a dollar a day.
const STAKE_DIEM: u64 = 1;
/// Longest wait for the gateway to see what the chain has, and to settle.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(200);
/// Longest wait for one answer.
const ANSWER: Duration = Duration::from_secs(30);
/// What is asked.
const QUESTION: &str = "What is a dollar a day worth?";

/// What the tour leaves behind for whoever wants to go on.
pub(super) struct Left {
    /// The base URL for any OpenAI client.
    pub(super) base: String,
    /// A key of dave's.
    pub(super) key: String,
    /// The model that was asked.
    pub(super) model: String,
}

impl Left {
    /// A request to copy.
    pub(super) fn curl(&self) -> String {
        let body =
            json!({ "model": self.model, "messages": [{ "role": "user", "content": QUESTION }] });
        format!(
            "curl {}/chat/completions -H 'authorization: Bearer {}' -H 'content-type: application/json' -d '{body}'",
            self.base, self.key
        )
    }
}

/// Walks through it. `url` is the gateway's address.
pub(super) async fn day(guide: &mut Guide, url: &str) -> Result<Left> {
    let gateway = Gateway::new(url, ANSWER)?;
    let account = ready(&gateway).await?;
    let (cast, at) = (guide.cast, guide.at.clone());
    // A whole day ahead, so that the clock cannot run over midnight in between.
    guide.midnight().await?;

    let stake = wad(STAKE_DIEM);
    let call = IDiem::transferCall {
        to: cast.dave,
        value: stake,
    };
    let given = guide.chain.send(cast.alice, at.diem, &call).await?;
    let call = IDiem::chooseGatewayCall { gateway: account };
    let chosen = guide.chain.send(cast.dave, at.diem, &call).await?;
    let call = IDiem::stakeCall { amount: stake };
    let staked = guide.chain.send(cast.dave, at.diem, &call).await?;
    let line = line(guide).await?;
    guide.check("dave's credit", line.allowance, stake)?;
    guide.check_address("dave's gateway", line.gateway, account)?;
    let text = format!(
        "dave names it and stakes {} DIEM: ${} a day there",
        show(stake),
        show(stake)
    );
    guide.tell("choose inference", &text, &[&given, &chosen, &staked]);

    let dave = Signing::Local(guide.dave.clone());
    let made = gateway.make_key(&dave, &Wish::default()).await?;
    let opened = gateway.with_key(&made.secret);
    let left = left(&opened, stake).await?;
    guide.check("dave's credit at the gateway", left, stake)?;
    guide.tell(
        "sign for a key",
        "dave's wallet signs once; the key is shown once",
        &[],
    );

    let model = model(&opened).await?;
    let answer = ask(&opened, &model).await?;
    let cost = dollars(&answer, "x-diem-cost")?;
    let rest = dollars(&answer, "x-diem-balance")?;
    guide.check(
        "costs something",
        U256::from(u8::from(!cost.is_zero())),
        U256::ONE,
    )?;
    guide.check("the day's rest", rest, stake - cost)?;
    let text = format!(
        "one chat completion costs ${}; ${} left today",
        show(cost),
        show(rest)
    );
    guide.tell("ask a model", &text, &[]);

    let used = settled(guide, cost).await?;
    guide.check("used on chain", used, cost)?;
    let call = IDiem::creditsOfCall { account: cast.dave };
    let credits = guide.chain.call(at.diem, &call).await?;
    guide.check("left on chain", credits.remaining, rest)?;
    let text = format!(
        "the gateway states ${} on chain by itself; ${} left there too",
        show(used),
        show(credits.remaining)
    );
    guide.tell("settled", &text, &[]);
    Ok(Left {
        base: format!("{}/v1", gateway.base()),
        key: made.secret,
        model,
    })
}

/// Waits until the gateway is ready; gives its account.
async fn ready(gateway: &Gateway) -> Result<Address> {
    let begun = Instant::now();
    loop {
        let failure = match gateway.get("/readyz").await {
            Ok(answer) => {
                let account = answer.body["gateway"]
                    .as_str()
                    .and_then(|text| text.parse().ok());
                return account.ok_or_else(|| {
                    Failure::refused(
                        "ask the gateway for its account",
                        "/readyz does not name it",
                    )
                    .with("gateway", gateway.base())
                });
            }
            Err(failure) => failure,
        };
        if begun.elapsed() > PATIENCE {
            return Err(failure);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn line(guide: &Guide) -> Result<IDiem::lineOfReturn> {
    let call = IDiem::lineOfCall {
        account: guide.cast.dave,
    };
    guide.chain.call(guide.at.diem, &call).await
}

/// The first model that it sells for chats.
async fn model(gateway: &Gateway) -> Result<String> {
    let list = gateway.get("/v1/models").await?.body;
    let first = list.pointer("/data/0/id").and_then(Value::as_str);
    first.map(str::to_owned).ok_or_else(|| {
        Failure::refused("choose a model", "the gateway sells none").with("gateway", gateway.base())
    })
}

/// What the key can spend, once the gateway has seen the new day and the stake.
async fn left(gateway: &Gateway, stake: U256) -> Result<U256> {
    let begun = Instant::now();
    loop {
        let left = match gateway.get("/api/v1/billing/balance").await {
            Ok(answer) => dollars(&answer, "x-diem-balance")?,
            Err(failure) if failure.is_refusal() && begun.elapsed() < PATIENCE => U256::ZERO,
            Err(failure) => return Err(failure),
        };
        if left == stake || begun.elapsed() > PATIENCE {
            return Ok(left);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn ask(gateway: &Gateway, model: &str) -> Result<Answer> {
    let body = json!({ "model": model, "messages": [{ "role": "user", "content": QUESTION }] });
    gateway.post("/v1/chat/completions", &body).await
}

/// Waits until the chain tells of so much; gives what it tells.
async fn settled(guide: &Guide, cost: U256) -> Result<U256> {
    let begun = Instant::now();
    loop {
        let used = line(guide).await?.used;
        if used >= cost || begun.elapsed() > PATIENCE {
            return Ok(used);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Dollars that a header tells, in wei.
fn dollars(answer: &Answer, name: &'static str) -> Result<U256> {
    let text = answer.header(name).unwrap_or("no such header");
    parse_ether(text).map_err(|error| {
        Failure::refused("read the cost of an answer", error.to_string())
            .with("header", name)
            .with("value", text)
    })
}
