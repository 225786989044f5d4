//! The checks, each a question to the chain at one block.

use super::{Books, Finding, Level};
use crate::chain::{Chain, Head};
use crate::deployment::Deployment;
use crate::{Failure, Result, output, show, upkeep};
use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use diem_abi::arbitrum::{ARB_WASM_CACHE, IArbWasmCache, ICacheManager};
use diem_abi::{IDiem, IStakedVvv, IVVV};
use std::time::{SystemTime, UNIX_EPOCH};

const DAY: u64 = 86_400;
/// Days left of a program's activation. A renewal is taken from the 31st day on.
const EXPIRY_WARNING_DAYS: u64 = 60;
const EXPIRY_ALERT_DAYS: u64 = 14;
/// Seconds for which the reserve lasts.
const RUNWAY_WARNING: u64 = 30 * DAY;
const RUNWAY_ALERT: u64 = 3 * DAY;
/// Seconds since the latest block.
const HEAD_ALERT: u64 = 300;
/// Statements of a gateway in a day and in an hour, one in 15 seconds.
const STATEMENTS_A_DAY: u64 = 5_760;
const STATEMENTS_AN_HOUR: u64 = 240;
/// Gas of a statement of one line, with something to spare.
const STATEMENT_GAS: u64 = 60_000;
const WAD: f64 = 1e18;

/// What every check looks at.
struct Scene<'a> {
    chain: &'a Chain,
    at: &'a Deployment,
    books: &'a Books,
    head: Head,
}

/// Makes every check.
pub(super) async fn all(
    chain: &Chain,
    at: &Deployment,
    devnet: bool,
    books: &Books,
    head: Head,
) -> Result<Vec<Finding>> {
    let scene = Scene {
        chain,
        at,
        books,
        head,
    };
    let mut findings = Vec::new();
    if !devnet {
        findings.push(head_age(head)?);
    }
    findings.extend(scene.programs().await?);
    // Programs that sleep answer nothing; that they do is the finding then.
    if findings
        .iter()
        .any(|finding| matches!(finding.check, "program_active") && finding.level == Level::Alert)
    {
        return Ok(findings);
    }
    findings.push(scene.solvency().await?);
    findings.extend(scene.events().await?);
    findings.push(scene.runway().await?);
    findings.extend(scene.roles().await?);
    findings.push(scene.pause().await?);
    findings.extend(scene.gateways().await?);
    Ok(findings)
}

fn head_age(head: Head) -> Result<Finding> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_err(|error| Failure::broken("cannot tell the time", error.to_string()))?;
    let age = now.as_secs().saturating_sub(head.timestamp);
    Ok(Finding::new(
        "head_age",
        "node",
        format!("the latest block is {} old", output::span(age)),
    )
    .figure(age as f64, "seconds")
    .raise(
        age > HEAD_ALERT,
        Level::Alert,
        "ask another node; is the chain's sequencer down, or this node behind?",
    ))
}

impl Scene<'_> {
    async fn call<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return> {
        self.chain.call_at(self.head.number, to, call).await
    }

    /// Expiry, version and place in the cache of each program that is ours.
    async fn programs(&self) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        for (name, program) in upkeep::programs(self.at) {
            let codehash = self.chain.codehash(program).await?;
            let state = upkeep::state(self.chain, program, codehash).await?;
            let version = state.stylus_version;
            findings.push(match &state.active {
                Ok(days) => Finding::new(
                    "program_active",
                    name,
                    format!("active for Stylus {version}, {days} days left"),
                )
                .figure(*days as f64, "days")
                .raise(
                    *days < EXPIRY_ALERT_DAYS,
                    Level::Alert,
                    "`diem keepalive` now, which anybody may pay for",
                )
                .raise(
                    *days < EXPIRY_WARNING_DAYS,
                    Level::Warning,
                    "`diem keepalive`, which anybody may pay for",
                ),
                Err(cause) => Finding::new(
                    "program_active",
                    name,
                    format!("needs activation: {cause} (the chain runs Stylus {version})"),
                )
                .figure(0.0, "days")
                .raise(
                    true,
                    Level::Alert,
                    "`diem activate` now, which anybody may pay for: nothing of it answers",
                ),
            });
            let price = self.bid(program).await;
            let told = if state.cached {
                format!("in the cache; {price}")
            } else {
                format!("not in the cache: each call pays to load it; {price}")
            };
            findings.push(Finding::new("program_cached", name, told).raise(
                !state.cached,
                Level::Warning,
                "`diem cache-bid` bids for a place",
            ));
        }
        Ok(findings)
    }

    /// What a place in the cache costs now, in words.
    async fn bid(&self, program: Address) -> String {
        let managers = IArbWasmCache::allCacheManagersCall {};
        let Ok(managers) = self.call(ARB_WASM_CACHE, &managers).await else {
            return "the chain has no cache".to_owned();
        };
        let Some(manager) = managers.last() else {
            return "the chain has no cache manager".to_owned();
        };
        match self
            .call(*manager, &ICacheManager::getMinBidCall { program })
            .await
        {
            Ok(bid) => format!("a place costs {} ETH now", show(U256::from(bid))),
            Err(_) => "its manager names no price".to_owned(),
        }
    }

    /// I-1: VVV of sVVV ≥ sVVV + cooling + rewards given and not paid.
    async fn solvency(&self) -> Result<Finding> {
        let account = self.at.s_vvv;
        let held = self
            .call(self.at.vvv, &IVVV::balanceOfCall { account })
            .await?;
        let supply = self
            .call(self.at.s_vvv, &IStakedVvv::totalSupplyCall {})
            .await?;
        let advice = "stop and find out why before anything else: is VVV what it was?";
        let parts = [
            Some(supply),
            self.books.cooling.left(),
            self.books.rewards.left(),
        ];
        let owed = parts
            .into_iter()
            .try_fold(U256::ZERO, |sum, part| sum.checked_add(part?));
        let Some(owed) = owed else {
            return Ok(
                Finding::new("solvency", "sVVV", "more was paid than ever came in").raise(
                    true,
                    Level::Alert,
                    advice,
                ),
            );
        };
        let over = held.saturating_sub(owed);
        let under = owed.saturating_sub(held);
        let told = format!("holds {} VVV for {} that it owes", show(held), show(owed));
        Ok(Finding::new("solvency", "sVVV", told)
            .figure((f64::from(over) - f64::from(under)) / WAD, "tokens")
            .raise(!under.is_zero(), Level::Alert, advice))
    }

    /// What the events add up to is what the contracts say.
    async fn events(&self) -> Result<Vec<Finding>> {
        let (s_vvv, diem) = (self.at.s_vvv, self.at.diem);
        let books = self.books;
        let sums = [
            (
                "sVVV supply",
                self.call(s_vvv, &IStakedVvv::totalSupplyCall {}).await?,
                books.s_vvv_supply,
            ),
            (
                "sVVV locked",
                self.call(s_vvv, &IStakedVvv::totalLockedStakedVVVCall {})
                    .await?,
                books.locked,
            ),
            (
                "DIEM supply",
                self.call(diem, &IDiem::totalSupplyCall {}).await?,
                books.diem_supply,
            ),
            (
                "DIEM staked",
                self.call(diem, &IDiem::totalStakedCall {}).await?,
                books.diem_staked,
            ),
        ];
        let finding = |(subject, is, sum): (&str, U256, super::books::Sum)| {
            let told = match sum.left() {
                Some(left) if left == is => format!("{} by events and contract alike", show(is)),
                Some(left) => format!("{} by the contract, {} by events", show(is), show(left)),
                None => "more left than came, by events".to_owned(),
            };
            Finding::new("events", subject, told)
                .figure(f64::from(is) / WAD, "tokens")
                .raise(
                    sum.left() != Some(is),
                    Level::Alert,
                    "the node has lost events: ask another one, and mend this one's index",
                )
        };
        Ok(sums.into_iter().map(finding).collect())
    }

    /// For how long the reserve pays the emissions.
    async fn runway(&self) -> Result<Finding> {
        let reserve = self
            .call(self.at.s_vvv, &IStakedVvv::rewardReserveCall {})
            .await?;
        let rate = IStakedVvv::emissionRatePerSecondCall {};
        let rate = self.call(self.at.s_vvv, &rate).await?;
        let Some(seconds) = reserve.checked_div(rate) else {
            return Ok(Finding::new("reserve", "sVVV", "nothing is emitted"));
        };
        let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
        let told = format!(
            "{} VVV last {} at {} a second",
            show(reserve),
            output::span(seconds),
            show(rate)
        );
        let advice =
            "`diem fund-rewards`, or a lower emission rate; stakers earn nothing once it is empty";
        Ok(Finding::new("reserve", "sVVV", told)
            .figure(seconds as f64, "seconds")
            .raise(seconds < RUNWAY_ALERT, Level::Alert, advice)
            .raise(seconds < RUNWAY_WARNING, Level::Warning, advice))
    }

    /// Owners, ownerships on offer, and the guardian.
    async fn roles(&self) -> Result<Vec<Finding>> {
        let (s_vvv, diem) = (self.at.s_vvv, self.at.diem);
        let owners = [
            (
                "sVVV",
                self.call(s_vvv, &IStakedVvv::ownerCall {}).await?,
                self.call(s_vvv, &IStakedVvv::pendingOwnerCall {}).await?,
            ),
            (
                "DIEM",
                self.call(diem, &IDiem::ownerCall {}).await?,
                self.call(diem, &IDiem::pendingOwnerCall {}).await?,
            ),
        ];
        let mut findings: Vec<_> = owners
            .into_iter()
            .map(|(name, owner, pending)| {
                let told = match (owner.is_zero(), pending.is_zero()) {
                    (true, _) => "nobody's, for good".to_owned(),
                    (false, true) => format!("{owner}'s"),
                    (false, false) => format!("{owner}'s, offered to {pending}"),
                };
                Finding::new("owner", name, told).raise(
                    !pending.is_zero(),
                    Level::Warning,
                    "the ownership is offered and not accepted: is it meant, and who accepts it?",
                )
            })
            .collect();
        let guardian = self.call(diem, &IDiem::guardianCall {}).await?;
        let told = if guardian.is_zero() {
            "nobody: only the owner can stop a stolen gateway or pause minting".to_owned()
        } else {
            guardian.to_string()
        };
        findings.push(Finding::new("guardian", "DIEM", told).raise(
            guardian.is_zero(),
            Level::Warning,
            "let the owner name one with setGuardian; a timelock is days too slow",
        ));
        Ok(findings)
    }

    async fn pause(&self) -> Result<Finding> {
        let paused = self.call(self.at.diem, &IDiem::mintPausedCall {}).await?;
        let told = if paused { "paused" } else { "open" };
        Ok(Finding::new("minting", "DIEM", told).raise(
            paused,
            Level::Warning,
            "minting is paused; everything that leads out works. Is the reason gone?",
        ))
    }

    /// The default gateway, and whether each can pay for its statements.
    async fn gateways(&self) -> Result<Vec<Finding>> {
        let gateways = &self.books.gateways;
        let standing = self
            .call(self.at.diem, &IDiem::defaultGatewayCall {})
            .await?;
        let default = standing.today;
        let (told, wrong) = if default.is_zero() {
            ("nobody: who never chose is served by none".to_owned(), true)
        } else if gateways.contains(&default) {
            (default.to_string(), false)
        } else {
            (format!("{default}, which is revoked"), true)
        };
        let mut findings = vec![Finding::new("default_gateway", "DIEM", told).raise(
            wrong,
            Level::Warning,
            "`diem gateway default` names one, from the day after tomorrow on",
        )];
        let price = self.chain.gas_price().await?;
        let cost = |statements: u64| {
            U256::from(statements) * U256::from(STATEMENT_GAS) * U256::from(price)
        };
        for gateway in gateways {
            let balance = self.chain.balance(*gateway).await?;
            let told = format!(
                "{} ETH; a day of statements costs about {}",
                show(balance),
                show(cost(STATEMENTS_A_DAY))
            );
            let advice =
                "send it ETH: what it serves and cannot settle before midnight is lost to it";
            findings.push(
                Finding::new("gateway_funds", gateway, told)
                    .figure(f64::from(balance) / WAD, "ether")
                    .raise(balance < cost(STATEMENTS_AN_HOUR), Level::Alert, advice)
                    .raise(balance < cost(STATEMENTS_A_DAY), Level::Warning, advice),
            );
        }
        Ok(findings)
    }
}
