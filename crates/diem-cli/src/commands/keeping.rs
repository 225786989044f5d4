//! Keeping the programs alive and cached. EVM code needs none of it.

use super::Desk;
use crate::chain::{Chain, Sent};
use crate::deploy::Target;
use crate::output::story;
use crate::report::Report;
use crate::upkeep::{self, Due, State};
use crate::{Amount, Failure, Result, Token};
use alloy::primitives::{Address, U256};
use serde_json::json;

impl Desk {
    /// Refuses where there are no programs.
    fn check_programs(&self) -> Result<()> {
        if self.at.target == Target::Evm {
            return Err(Failure::refused(
                "nothing to keep",
                "these contracts are EVM code, which neither expires nor has a cache",
            )
            .with("DIEM", self.at.diem)
            .hint("leave this to chains where the contracts are Stylus programs"));
        }
        Ok(())
    }

    /// How they stand with the chain.
    pub(super) async fn states(&self) -> Result<Vec<(&'static str, Address, State)>> {
        let mut states = Vec::new();
        for (name, program) in upkeep::programs(&self.at) {
            let codehash = self.settings.chain.codehash(program).await?;
            let state = upkeep::state(&self.settings.chain, program, codehash).await?;
            states.push((name, program, state));
        }
        Ok(states)
    }

    pub(super) async fn activate(&self, report: &mut Report) -> Result<()> {
        self.check_programs()?;
        let preview = "activating the programs; the fee is what the chain asks, 0.01 ETH each at \
                       most, and the change comes back";
        self.keep(preview, "activated", report, upkeep::activation)
            .await
    }

    pub(super) async fn keepalive(&self, report: &mut Report) -> Result<()> {
        self.check_programs()?;
        let preview = "renewing the programs; the fee is what the chain asks, 0.01 ETH each at \
                       most, and the change comes back";
        self.keep(preview, "renewed", report, upkeep::renewal).await
    }

    /// Does to each program what `due` says is due.
    async fn keep(
        &self,
        preview: &str,
        verb: &str,
        report: &mut Report,
        due: impl AsyncFn(&Chain, Address, Address) -> Result<Due>,
    ) -> Result<()> {
        let account = self.settings.account()?;
        let (mut calls, mut called) = (Vec::new(), Vec::new());
        let mut outcomes: Vec<Option<String>> = Vec::new();
        for (position, (_, program)) in upkeep::programs(&self.at).into_iter().enumerate() {
            outcomes.push(match due(&self.settings.chain, account, program).await? {
                Due::Now(call) => {
                    calls.push(call);
                    called.push(position);
                    None
                }
                Due::Not(why) => Some(why),
            });
        }
        let mut outcome = Ok(true);
        if !calls.is_empty() {
            let told = |position: usize, sent: &Sent| {
                let program = called.get(position).and_then(|at| outcomes.get_mut(*at));
                if let Some(program) = program {
                    *program = Some(format!("{verb} with {} gas", sent.gas()));
                }
            };
            let sending = self.settings.carry_out(account, preview, &calls, told);
            outcome = sending.await;
        }
        if let Ok(false) = outcome {
            return Ok(());
        }
        for ((name, program), done) in upkeep::programs(&self.at).into_iter().zip(outcomes) {
            if let Some(done) = done {
                self.upkept(name, program, &done, report).await?;
            }
        }
        outcome.map(drop)
    }

    async fn upkept(
        &self,
        name: &str,
        program: Address,
        done: &str,
        report: &mut Report,
    ) -> Result<()> {
        let days = upkeep::days_left(&self.settings.chain, program).await?;
        let value = json!({ "program": name, "address": program, "done": done, "daysLeft": days });
        report.add(value, format!("{name} {program}: {done}; {days} days left"));
        Ok(())
    }

    pub(super) async fn cache_bid(&self, bid: Option<U256>, report: &mut Report) -> Result<()> {
        self.check_programs()?;
        let account = self.settings.account()?;
        let price = bid.map_or("the least that wins".to_owned(), |wei| {
            let token = Token::Eth;
            Amount { wei, token }.to_string()
        });
        let chain = &self.settings.chain;
        let mut calls = Vec::new();
        for (_, program) in upkeep::programs(&self.at) {
            match upkeep::placing(chain, account, program, bid).await? {
                Due::Now(call) => calls.push(call),
                Due::Not(why) => story(&format!("not bid   {program}: {why}")),
            }
        }
        let preview = &format!("bidding {price} for each program's place in the cache");
        if !calls.is_empty()
            && !self
                .settings
                .carry_out(account, preview, &calls, |_, _| {})
                .await?
        {
            return Ok(());
        }
        for (name, program) in upkeep::programs(&self.at) {
            let cached = upkeep::is_cached(chain, chain.codehash(program).await?).await?;
            let value = json!({ "program": name, "address": program, "cached": cached });
            let state = if cached {
                "in the cache"
            } else {
                "not in the cache"
            };
            report.add(value, format!("{name} {program}: {state}"));
        }
        Ok(())
    }
}
