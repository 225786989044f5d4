//! Keeping the programs alive and cached. EVM code needs none of it.

use super::Desk;
use crate::deploy::Target;
use crate::report::Report;
use crate::upkeep::{self, State};
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
        let account = self.settings.account()?;
        self.settings.confirm(
            "activating the programs; the fee is what the chain asks, 0.01 ETH each at most",
        )?;
        for (name, program) in upkeep::programs(&self.at) {
            let done = upkeep::activate(&self.settings.chain, account, program).await?;
            self.upkept(name, program, &done, report).await?;
        }
        Ok(())
    }

    pub(super) async fn keepalive(&self, report: &mut Report) -> Result<()> {
        self.check_programs()?;
        let account = self.settings.account()?;
        self.settings.confirm(
            "renewing the programs; the fee is what the chain asks, 0.01 ETH each at most",
        )?;
        for (name, program) in upkeep::programs(&self.at) {
            let done = upkeep::keepalive(&self.settings.chain, account, program).await?;
            self.upkept(name, program, &done, report).await?;
        }
        Ok(())
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
        self.settings.confirm(&format!(
            "bidding {price} for each program's place in the cache"
        ))?;
        for (name, program) in upkeep::programs(&self.at) {
            let cached = upkeep::cache(&self.settings.chain, account, program, bid).await?;
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
