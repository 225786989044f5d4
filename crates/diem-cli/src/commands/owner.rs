//! What the owner and the guardian do with their own keys, and the reserve that anybody fills.

use super::{Desk, receipt};
use crate::address::name;
use crate::args::OwnerAct;
use crate::chain::{Call, Sent};
use crate::output::story;
use crate::report::Report;
use crate::{Amount, Result, Token, show, timelock};
use alloy::primitives::Address;
use diem_abi::{IDiem, IStakedVvv};

impl Desk {
    pub(super) async fn fund_rewards(&self, amount: Amount) -> Result<()> {
        let account = self.settings.account()?;
        let call = IStakedVvv::fundRewardsCall { amount: amount.wei };
        let call = Call::new(self.at.s_vvv, &call);
        let calls = self.taking_vvv(account, "fund", amount, call).await?;
        let reserve = IStakedVvv::rewardReserveCall {};
        let reserve = self.settings.chain.call(self.at.s_vvv, &reserve).await?;
        let preview = format!(
            "putting {amount} into the reserve that pays rewards, for good (so far {} VVV)",
            show(reserve)
        );
        let Some(sent) = self.sign_all(account, &preview, &calls).await? else {
            return Ok(());
        };
        self.done(&format!("the reserve has {amount} more"), &sent);
        Ok(())
    }

    pub(super) async fn pause_mint(&self) -> Result<()> {
        let guardian = self.settings.account()?;
        let call = Call::new(self.at.diem, &IDiem::pauseMintCall {});
        let preview = "stopping every mint until the owner lets it go on";
        let Some(sent) = self.sign(guardian, preview, call).await? else {
            return Ok(());
        };
        self.done("minting is paused", &sent);
        Ok(())
    }

    pub(super) async fn own(&self, act: &OwnerAct, report: &mut Report) -> Result<()> {
        let account = self.settings.account()?;
        let calls = timelock::owners_calls(act, &self.at);
        let calls = self.takes(account, calls).await?;
        let preview = self.owners_preview(act).await?;
        let told = |position: usize, sent: &Sent| {
            if let Some(call) = calls.get(position) {
                let (value, text) = receipt(&self.owners_done(act, call.to), sent);
                report.add(value, text);
            }
        };
        self.settings
            .carry_out(account, &preview, &calls, told)
            .await
            .map(drop)
    }

    /// Those of `calls` that the chain would take: what stopped between two contracts goes on.
    ///
    /// # Errors
    /// It would take none; its refusal of the first.
    async fn takes(&self, account: Address, calls: Vec<Call>) -> Result<Vec<Call>> {
        let (mut taken, mut refusals) = (Vec::new(), Vec::new());
        for call in calls {
            match self.settings.chain.gas_of(account, &call).await {
                Ok(_) => taken.push(call),
                Err(failure) if failure.is_refusal() => refusals.push((call, failure)),
                Err(failure) => return Err(failure),
            }
        }
        if taken.is_empty() && !refusals.is_empty() {
            return Err(refusals.swap_remove(0).1);
        }
        for (call, failure) in refusals {
            story(&format!(
                "left out  {} of {}: {}",
                call.function,
                self.name_of(call.to),
                failure.cause()
            ));
        }
        Ok(taken)
    }

    fn name_of(&self, contract: Address) -> &'static str {
        if contract == self.at.diem {
            "DIEM"
        } else {
            "sVVV"
        }
    }

    async fn owners_preview(&self, act: &OwnerAct) -> Result<String> {
        let (chain, at) = (&self.settings.chain, &self.at);
        Ok(match act {
            OwnerAct::SetTreasury { treasury } => {
                let before = chain.call(at.diem, &IDiem::treasuryCall {}).await?;
                format!("sending the yield fee to {treasury} (so far {before})")
            }
            OwnerAct::SetGuardian { guardian } => {
                let before = chain.call(at.diem, &IDiem::guardianCall {}).await?;
                format!(
                    "letting {} pause minting and revoke gateways (so far {})",
                    name(*guardian),
                    name(before)
                )
            }
            OwnerAct::UnpauseMint => "letting minting go on".to_owned(),
            OwnerAct::SetEmission { rate } => {
                let before = IStakedVvv::emissionRatePerSecondCall {};
                let wei = chain.call(at.s_vvv, &before).await?;
                let token = Token::Vvv;
                format!(
                    "emitting {rate} per second (so far {})",
                    Amount { wei, token }
                )
            }
            OwnerAct::AcceptOwnership => "taking over sVVV and DIEM".to_owned(),
            OwnerAct::TransferOwnership { owner } => {
                format!("offering sVVV and DIEM to {owner}; until it accepts, all stays as it is")
            }
            OwnerAct::RenounceOwnership => "leaving sVVV and DIEM without an owner, for good: \
                 nobody can ever change emissions, treasury, guardian or gateways again"
                .to_owned(),
        })
    }

    fn owners_done(&self, act: &OwnerAct, contract: Address) -> String {
        let contract = self.name_of(contract);
        match act {
            OwnerAct::SetTreasury { treasury } => format!("the yield fee goes to {treasury}"),
            OwnerAct::SetGuardian { guardian } => format!("the guardian is {}", name(*guardian)),
            OwnerAct::UnpauseMint => "minting goes on".to_owned(),
            OwnerAct::SetEmission { rate } => format!("{rate} are emitted per second"),
            OwnerAct::AcceptOwnership => format!("took over {contract}"),
            OwnerAct::TransferOwnership { owner } => format!("offered {contract} to {owner}"),
            OwnerAct::RenounceOwnership => format!("{contract} has no owner any more"),
        }
    }
}
