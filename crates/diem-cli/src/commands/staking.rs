//! Staking, getting back, and rewards.

use super::{Desk, receipt, wrong_token};
use crate::chain::{Call, Sent};
use crate::output::{span, story};
use crate::report::Report;
use crate::{Amount, Failure, Result, Token, show};
use alloy::primitives::{Address, U256};
use diem_abi::{IDiem, IStakedVvv, IVVV};

/// An amount that cools down, and how long it still does.
pub(super) fn cooling(amount: U256, end: U256, now: U256) -> String {
    if amount.is_zero() {
        return "none cooling".to_owned();
    }
    match end.saturating_sub(now) {
        left if left.is_zero() => format!("{} cooled down", show(amount)),
        left => format!(
            "{} cooling, {} to go",
            show(amount),
            span(left.saturating_to())
        ),
    }
}

impl Desk {
    pub(super) async fn stake(&self, amount: Amount) -> Result<()> {
        let account = self.settings.account()?;
        let (preview, calls) = match amount.token {
            Token::Vvv => {
                let preview = format!("staking {amount} for as much sVVV");
                let stake = IStakedVvv::stakeCall {
                    recipient: account,
                    amount: amount.wei,
                };
                let stake = Call::new(self.at.s_vvv, &stake);
                (
                    preview,
                    self.taking_vvv(account, "stake", amount, stake).await?,
                )
            }
            Token::Diem => {
                let call = IDiem::stakeCall { amount: amount.wei };
                let preview = format!("staking {amount} for ${} of credit a day", show(amount.wei));
                (preview, vec![Call::new(self.at.diem, &call)])
            }
            _ => {
                return Err(wrong_token(
                    "stake",
                    amount,
                    "VVV or DIEM",
                    "100VVV or 1DIEM",
                ));
            }
        };
        let Some(sent) = self.sign_all(account, &preview, &calls).await? else {
            return Ok(());
        };
        self.done(&format!("staked {amount}"), &sent);
        Ok(())
    }

    /// The approval, where one is missing, and the `call` by which sVVV takes `amount` of VVV.
    pub(super) async fn taking_vvv(
        &self,
        account: Address,
        verb: &str,
        amount: Amount,
        call: Call,
    ) -> Result<Vec<Call>> {
        let chain = &self.settings.chain;
        // VVV itself says of a shortfall only that a sum went wrong.
        let balance = chain
            .call(self.at.vvv, &IVVV::balanceOfCall { account })
            .await?;
        if balance < amount.wei {
            return Err(Failure::refused(
                format!("cannot {verb} this"),
                format!(
                    "the VVV balance is {}, {} are needed",
                    show(balance),
                    show(amount.wei)
                ),
            )
            .with("account", account)
            .hint("`diem status` shows the balances"));
        }
        let (spender, mut calls) = (self.at.s_vvv, Vec::new());
        let allowed = IVVV::allowanceCall {
            owner: account,
            spender,
        };
        if chain.call(self.at.vvv, &allowed).await? < amount.wei {
            let approve = IVVV::approveCall {
                spender,
                value: amount.wei,
            };
            calls.push(Call::new(self.at.vvv, &approve));
        }
        calls.push(call);
        Ok(calls)
    }

    pub(super) async fn unstake(&self, amount: Amount) -> Result<()> {
        let account = self.settings.account()?;
        let (wait, preview, call) = match amount.token {
            Token::Svvv => {
                let call = IStakedVvv::initiateUnstakeCall { amount: amount.wei };
                (
                    "7 days",
                    format!("unstaking {amount}; the VVV is free in 7 days"),
                    Call::new(self.at.s_vvv, &call),
                )
            }
            Token::Diem => {
                let call = IDiem::initiateUnstakeCall { amount: amount.wei };
                (
                    "1 day",
                    format!(
                        "unstaking {amount}: today's credit stands, tomorrow's is less by as much; \
                         all that cools is free in 1 day"
                    ),
                    Call::new(self.at.diem, &call),
                )
            }
            _ => {
                return Err(wrong_token(
                    "unstake",
                    amount,
                    "sVVV or DIEM",
                    "100sVVV or 1DIEM",
                ));
            }
        };
        let Some(sent) = self.sign(account, &preview, call).await? else {
            return Ok(());
        };
        self.done(
            &format!("{amount} cools down; `diem withdraw` in {wait}"),
            &sent,
        );
        Ok(())
    }

    pub(super) async fn withdraw(&self, report: &mut Report) -> Result<()> {
        let account = self.settings.account()?;
        let chain = &self.settings.chain;
        let now = U256::from(chain.timestamp(None).await?);
        let svvv = chain
            .call(self.at.s_vvv, &IStakedVvv::stakesCall { user: account })
            .await?;
        let diem = chain
            .call(self.at.diem, &IDiem::stakedInfosCall { account })
            .await?;
        let vvv_ready = !svvv.cooldownAmount.is_zero() && svvv.cooldownEnd <= now;
        let diem_ready = !diem.coolDownAmount.is_zero() && diem.coolDownEnd <= now;
        if !vvv_ready && !diem_ready {
            return Err(
                Failure::refused("nothing to withdraw", "nothing has cooled down yet")
                    .with("VVV", cooling(svvv.cooldownAmount, svvv.cooldownEnd, now))
                    .with("DIEM", cooling(diem.coolDownAmount, diem.coolDownEnd, now))
                    .hint("`diem unstake` starts a cooldown; come back when it is over"),
            );
        }
        let (vvv_out, diem_out) = (show(svvv.cooldownAmount), show(diem.coolDownAmount));
        let preview = match (vvv_ready, diem_ready) {
            (true, true) => format!("withdrawing {vvv_out} VVV and {diem_out} DIEM"),
            (true, false) => format!("withdrawing {vvv_out} VVV"),
            _ => format!("withdrawing {diem_out} DIEM"),
        };
        let (mut done, mut calls) = (Vec::new(), Vec::new());
        if vvv_ready {
            done.push(format!("withdrew {vvv_out} VVV"));
            calls.push(Call::new(
                self.at.s_vvv,
                &IStakedVvv::finalizeUnstakeCall {},
            ));
        }
        if diem_ready {
            done.push(format!("withdrew {diem_out} DIEM"));
            calls.push(Call::new(self.at.diem, &IDiem::unstakeCall {}));
        }
        let told = |position: usize, sent: &Sent| {
            if let Some(done) = done.get(position) {
                let (value, text) = receipt(done, sent);
                report.add(value, text);
            }
        };
        self.settings
            .carry_out(account, &preview, &calls, told)
            .await
            .map(drop)
    }

    pub(super) async fn claim(&self, restake: bool) -> Result<()> {
        let account = self.settings.account()?;
        let chain = &self.settings.chain;
        let pending = IStakedVvv::pendingRewardsCall { user: account };
        // A claim pays without DIEM, whose part of this answer may be missing.
        let pending = match chain.call(self.at.s_vvv, &pending).await {
            Ok(pending) => Some(pending),
            Err(failure) => {
                story(&format!("cannot preview the rewards: {}", failure.cause()));
                None
            }
        };
        if pending.is_some_and(|pending| pending.is_zero()) {
            return Err(Failure::refused(
                "nothing to claim",
                "nothing is pending; nothing was sent",
            )
            .with("account", account)
            .hint("wait: rewards grow while sVVV is staked and the reserve lasts"));
        }
        let verb = if restake { "restaking" } else { "claiming" };
        let preview = match pending {
            Some(pending) => format!("{verb} about {} VVV", show(pending)),
            None => format!("{verb} what can be had"),
        };
        let call = if restake {
            Call::new(self.at.s_vvv, &IStakedVvv::claimAndStakeCall {})
        } else {
            Call::new(self.at.s_vvv, &IStakedVvv::claimCall {})
        };
        let Some(sent) = self.sign(account, &preview, call).await? else {
            return Ok(());
        };
        let claimed = sent
            .event::<IStakedVvv::Claimed>(self.at.s_vvv)
            .map_or(U256::ZERO, |event| event.amount);
        self.done(
            &format!(
                "{} {} VVV",
                if restake { "restaked" } else { "claimed" },
                show(claimed)
            ),
            &sent,
        );
        Ok(())
    }
}
