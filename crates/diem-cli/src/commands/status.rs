//! What an account has, and how the programs stand.

use super::Desk;
use super::staking::cooling;
use crate::address::name;
use crate::output::{answer, columns};
use crate::{Failure, Result, show};
use alloy::primitives::{Address, U256};
use diem_abi::{IDiem, IStakedVvv, IVVV};
use serde_json::{Map, Value, json};

/// Lines of an answer, and its JSON fields.
#[derive(Default)]
struct Told {
    rows: Vec<(&'static str, String)>,
    fields: Map<String, Value>,
}

impl Told {
    fn row(&mut self, label: &'static str, text: String) {
        self.rows.push((label, text));
    }

    /// A number in wei, as a string: JSON's own lose digits.
    fn wei(&mut self, field: &str, value: U256) {
        self.fields
            .insert(field.to_owned(), json!(value.to_string()));
    }
}

impl Desk {
    pub(super) async fn status(&self, account: Option<Address>) -> Result<()> {
        let account = match account {
            Some(account) => account,
            None => self.settings.signer_address()?,
        };
        let mut told = Told::default();
        told.row("account", account.to_string());
        told.fields.insert("account".to_owned(), json!(account));
        let states = self.states().await?;
        // A program that sleeps answers nothing; that it does is what is wanted then.
        let asleep = states
            .iter()
            .find_map(|(name, _, state)| Some((*name, state.active.as_ref().err()?.clone())));
        let outcome = self.holdings(account, &mut told).await;
        let programs: Vec<Value> = states
            .iter()
            .map(|(name, address, state)| {
                json!({
                    "program": name, "address": address,
                    "active": state.active.is_ok(),
                    "daysLeft": state.active.as_ref().ok(),
                    "needsActivation": state.active.as_ref().err(),
                    "stylusVersion": state.stylus_version,
                    "cached": state.cached,
                })
            })
            .collect();
        for (label, _, state) in &states {
            let label = match *label {
                "VVV" => "program VVV",
                "sVVV" => "program sVVV",
                _ => "program DIEM",
            };
            told.row(label, state.told());
        }
        told.fields.insert("programs".to_owned(), json!(programs));
        match (asleep, outcome) {
            (None, Err(failure)) => Err(failure),
            (Some((program, cause)), Err(_)) => {
                answer(
                    self.settings.json,
                    &json!(told.fields),
                    &columns(&told.rows),
                );
                Err(Failure::refused("cannot read all of the account", cause)
                    .with("needs activation", program)
                    .hint("`diem activate`, which anybody may pay for"))
            }
            (_, Ok(())) => {
                answer(
                    self.settings.json,
                    &json!(told.fields),
                    &columns(&told.rows),
                );
                Ok(())
            }
        }
    }

    async fn holdings(&self, account: Address, told: &mut Told) -> Result<()> {
        let (chain, at) = (&self.settings.chain, &self.at);
        let now = U256::from(chain.timestamp(None).await?);
        let vvv = chain.call(at.vvv, &IVVV::balanceOfCall { account }).await?;
        let s_vvv = IStakedVvv::stakesCall { user: account };
        let s_vvv = chain.call(at.s_vvv, &s_vvv).await?;
        told.row(
            "VVV",
            format!(
                "{}, {}",
                show(vvv),
                cooling(s_vvv.cooldownAmount, s_vvv.cooldownEnd, now)
            ),
        );
        told.wei("vvv", vvv);
        told.wei("vvvCooling", s_vvv.cooldownAmount);
        told.wei("vvvCooldownEnd", s_vvv.cooldownEnd);

        let free = IStakedVvv::balanceOfUnlockedCall { user: account };
        let free = chain.call(at.s_vvv, &free).await?;
        let position = IDiem::positionCall { account };
        let position = chain.call(at.diem, &position).await?;
        let pending = IStakedVvv::pendingRewardsCall { user: account };
        let pending = chain.call(at.s_vvv, &pending).await?;
        told.row("sVVV free", show(free));
        told.row(
            "sVVV locked",
            format!(
                "{} for {} DIEM outstanding",
                show(position.locked),
                show(position.outstanding)
            ),
        );
        told.row(
            "rewards",
            format!(
                "{} VVV, of it {} from locked sVVV",
                show(pending),
                show(position.pendingYield)
            ),
        );
        told.wei("sVvvFree", free);
        told.wei("sVvvLocked", position.locked);
        told.wei("outstanding", position.outstanding);
        told.wei("pendingRewards", pending);
        told.wei("pendingYield", position.pendingYield);
        self.credit_holdings(account, now, told).await
    }

    async fn credit_holdings(&self, account: Address, now: U256, told: &mut Told) -> Result<()> {
        let (chain, at) = (&self.settings.chain, &self.at);
        let diem = IDiem::balanceOfCall { account };
        let diem = chain.call(at.diem, &diem).await?;
        let stake = IDiem::stakedInfosCall { account };
        let stake = chain.call(at.diem, &stake).await?;
        let leased = IDiem::leasedOutCall { account };
        let leased = chain.call(at.diem, &leased).await?;
        let line = IDiem::lineOfCall { account };
        let line = chain.call(at.diem, &line).await?;
        let remaining = line.allowance.saturating_sub(line.used);
        told.row("DIEM", show(diem));
        told.row(
            "DIEM staked",
            format!(
                "{} (of it {} leased out), {}",
                show(stake.amountStaked),
                show(leased),
                cooling(stake.coolDownAmount, stake.coolDownEnd, now)
            ),
        );
        told.row(
            "credit today",
            format!(
                "${} of ${} left, settled by {}",
                show(remaining),
                show(line.allowance),
                name(line.gateway)
            ),
        );
        told.row(
            "credit tomorrow",
            format!(
                "${}, settled by {}",
                show(line.nextAllowance),
                name(line.nextGateway)
            ),
        );
        told.wei("diem", diem);
        told.wei("diemStaked", stake.amountStaked);
        told.wei("diemCooling", stake.coolDownAmount);
        told.wei("diemCooldownEnd", stake.coolDownEnd);
        told.wei("leasedOut", leased);
        told.wei("creditAllowance", line.allowance);
        told.wei("creditUsed", line.used);
        told.wei("creditRemaining", remaining);
        told.wei("nextAllowance", line.nextAllowance);
        for (field, gateway) in [("gateway", line.gateway), ("nextGateway", line.nextGateway)] {
            told.fields.insert(field.to_owned(), json!(gateway));
        }
        Ok(())
    }
}
