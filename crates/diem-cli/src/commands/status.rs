//! What an account has.

use super::Desk;
use super::staking::cooling;
use crate::output::{answer, columns};
use crate::{Result, show};
use alloy::primitives::{Address, U256};
use diem_abi::{IDiem, IStakedVvv, IVVV};
use serde_json::json;

impl Desk {
    pub(super) async fn status(&self, account: Option<Address>) -> Result<()> {
        let account = match account {
            Some(account) => account,
            None => self.settings.signer_address()?,
        };
        let (chain, at) = (&self.settings.chain, &self.at);
        let vvv = chain.call(at.vvv, &IVVV::balanceOfCall { account }).await?;
        let free = chain
            .call(
                at.s_vvv,
                &IStakedVvv::balanceOfUnlockedCall { user: account },
            )
            .await?;
        let pending = chain
            .call(at.s_vvv, &IStakedVvv::pendingRewardsCall { user: account })
            .await?;
        let position = chain
            .call(at.diem, &IDiem::positionCall { account })
            .await?;
        let diem = chain
            .call(at.diem, &IDiem::balanceOfCall { account })
            .await?;
        let stake = chain
            .call(at.diem, &IDiem::stakedInfosCall { account })
            .await?;
        let credits = chain
            .call(at.diem, &IDiem::creditsOfCall { account })
            .await?;
        let leased = chain
            .call(at.diem, &IDiem::leasedOutCall { account })
            .await?;
        let s_vvv = chain
            .call(at.s_vvv, &IStakedVvv::stakesCall { user: account })
            .await?;
        let now = U256::from(chain.timestamp(None).await?);
        let text = columns(&[
            ("account", account.to_string()),
            (
                "VVV",
                format!(
                    "{}, {}",
                    show(vvv),
                    cooling(s_vvv.cooldownAmount, s_vvv.cooldownEnd, now)
                ),
            ),
            ("sVVV free", show(free)),
            (
                "sVVV locked",
                format!(
                    "{} for {} DIEM outstanding",
                    show(position.locked),
                    show(position.outstanding)
                ),
            ),
            (
                "rewards",
                format!(
                    "{} VVV, of it {} from locked sVVV",
                    show(pending),
                    show(position.pendingYield)
                ),
            ),
            ("DIEM", show(diem)),
            (
                "DIEM staked",
                format!(
                    "{} (of it {} leased out), {}",
                    show(stake.amountStaked),
                    show(leased),
                    cooling(stake.coolDownAmount, stake.coolDownEnd, now)
                ),
            ),
            (
                "credit today",
                format!(
                    "${} of ${} left",
                    show(credits.remaining),
                    show(credits.allowance)
                ),
            ),
        ]);
        let value = json!({
            "account": account, "vvv": vvv.to_string(),
            "vvvCooling": s_vvv.cooldownAmount.to_string(), "vvvCooldownEnd": s_vvv.cooldownEnd.to_string(),
            "sVvvFree": free.to_string(),
            "sVvvLocked": position.locked.to_string(), "outstanding": position.outstanding.to_string(),
            "pendingRewards": pending.to_string(), "pendingYield": position.pendingYield.to_string(),
            "diem": diem.to_string(), "diemStaked": stake.amountStaked.to_string(),
            "diemCooling": stake.coolDownAmount.to_string(), "diemCooldownEnd": stake.coolDownEnd.to_string(),
            "leasedOut": leased.to_string(),
            "creditAllowance": credits.allowance.to_string(), "creditRemaining": credits.remaining.to_string(),
        });
        answer(self.settings.json, &value, &text);
        Ok(())
    }
}
