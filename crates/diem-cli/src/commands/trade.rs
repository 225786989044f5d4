//! sVVV against DIEM: what the curve gives, and taking it.

use super::{Desk, wrong_token};
use crate::chain::Call;
use crate::output::{answer, columns};
use crate::{Amount, Result, Token, show};
use alloy::primitives::U256;
use diem_abi::IDiem;
use serde_json::json;

/// Basis points in one.
const BPS: u64 = 10_000;

fn in_svvv(wei: U256) -> Amount {
    Amount {
        wei,
        token: Token::Svvv,
    }
}

fn in_diem(wei: U256) -> Amount {
    Amount {
        wei,
        token: Token::Diem,
    }
}

impl Desk {
    /// sVVV to lock and DIEM to get, one of them given.
    async fn preview(&self, amount: Amount) -> Result<(Amount, Amount)> {
        let chain = &self.settings.chain;
        match amount.token {
            Token::Svvv => {
                let call = IDiem::previewMintCall {
                    sVVVAmount: amount.wei,
                };
                Ok((amount, in_diem(chain.call(self.at.diem, &call).await?)))
            }
            Token::Diem => {
                let call = IDiem::previewMintExactCall {
                    diemAmount: amount.wei,
                };
                Ok((in_svvv(chain.call(self.at.diem, &call).await?), amount))
            }
            _ => Err(wrong_token(
                "mint",
                amount,
                "sVVV to lock or DIEM to get",
                "100sVVV or 1DIEM",
            )),
        }
    }

    pub(super) async fn quote(&self, amount: Amount) -> Result<()> {
        let (svvv, diem) = self.preview(amount).await?;
        let rate = self
            .settings
            .chain
            .call(self.at.diem, &IDiem::mintRateCall {})
            .await?;
        let text = columns(&[
            ("lock", svvv.to_string()),
            ("get", diem.to_string()),
            ("rate now", format!("{} sVVV per DIEM", show(rate))),
        ]);
        let value = json!({ "sVvv": svvv.wei.to_string(), "diem": diem.wei.to_string(), "mintRate": rate.to_string() });
        answer(self.settings.json, &value, &text);
        Ok(())
    }

    pub(super) async fn mint(&self, amount: Amount, slippage: u16) -> Result<()> {
        let account = self.settings.account()?;
        let (svvv, diem) = self.preview(amount).await?;
        let bps = U256::from(slippage);
        let (preview, call) = if amount.token == Token::Svvv {
            let least = diem.wei * (U256::from(BPS) - bps) / U256::from(BPS);
            let call = IDiem::mintCall {
                sVVVAmount: svvv.wei,
                minDiemOut: least,
            };
            let preview = format!(
                "minting about {diem} (at least {}) by locking {svvv}",
                in_diem(least)
            );
            (preview, Call::new(self.at.diem, &call))
        } else {
            let most = svvv.wei * (U256::from(BPS) + bps) / U256::from(BPS);
            let call = IDiem::mintExactCall {
                diemAmount: diem.wei,
                maxSVVV: most,
            };
            let preview = format!(
                "minting {diem} by locking about {svvv} (at most {})",
                in_svvv(most)
            );
            (preview, Call::new(self.at.diem, &call))
        };
        let Some(sent) = self.sign(account, &preview, call).await? else {
            return Ok(());
        };
        let minted: IDiem::Minted = sent.event(self.at.diem)?;
        let (svvv, diem) = (in_svvv(minted.sVVVLocked), in_diem(minted.diemOut));
        self.done(&format!("minted {diem} by locking {svvv}"), &sent);
        Ok(())
    }

    pub(super) async fn burn(&self, amount: Amount) -> Result<()> {
        let account = self.settings.account()?;
        let preview = IDiem::previewBurnCall {
            account,
            diemAmount: amount.wei,
        };
        let unlocked = self.settings.chain.call(self.at.diem, &preview).await?;
        let call = IDiem::burnCall {
            diemAmount: amount.wei,
        };
        let preview = &format!("burning {amount} to unlock {}", in_svvv(unlocked));
        let call = Call::new(self.at.diem, &call);
        let Some(sent) = self.sign(account, preview, call).await? else {
            return Ok(());
        };
        let burned: IDiem::Burned = sent.event(self.at.diem)?;
        self.done(
            &format!("burned {amount}, unlocked {}", in_svvv(burned.sVVVUnlocked)),
            &sent,
        );
        Ok(())
    }
}
