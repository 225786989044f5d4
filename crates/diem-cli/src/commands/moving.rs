//! Tokens from account to account.

use super::Desk;
use crate::chain::Call;
use crate::{Amount, Failure, Result, Token, show};
use alloy::primitives::Address;
use diem_abi::{IDiem, IVVV};

impl Desk {
    pub(super) async fn transfer(&self, amount: Amount, to: Address) -> Result<()> {
        let account = self.settings.account()?;
        self.not_lost(to)?;
        let call = match amount.token {
            Token::Eth => Call::ether(to, amount.wei),
            Token::Vvv | Token::Diem => {
                let call = IVVV::transferCall {
                    to,
                    value: amount.wei,
                };
                Call::new(self.token(amount)?, &call)
            }
            // The contract would say so; nothing has to be sent for it.
            Token::Svvv | Token::Usd => return Err(cannot_move("transfer", amount)),
        };
        let preview = &format!("sending {amount} to {to}");
        let Some(sent) = self.sign(account, preview, call).await? else {
            return Ok(());
        };
        self.done(&format!("sent {amount} to {to}"), &sent);
        Ok(())
    }

    pub(super) async fn approve(&self, amount: Amount, spender: Address) -> Result<()> {
        let account = self.settings.account()?;
        let token = self.token(amount)?;
        let allowance = IVVV::allowanceCall {
            owner: account,
            spender,
        };
        let before = self.settings.chain.call(token, &allowance).await?;
        let preview = &format!(
            "letting {spender} move up to {amount} of yours (so far {})",
            show(before)
        );
        let call = IVVV::approveCall {
            spender,
            value: amount.wei,
        };
        let call = Call::new(token, &call);
        let Some(sent) = self.sign(account, preview, call).await? else {
            return Ok(());
        };
        self.done(
            &format!("{spender} may move up to {amount} of yours"),
            &sent,
        );
        Ok(())
    }

    /// The contract of a token that can be moved.
    fn token(&self, amount: Amount) -> Result<Address> {
        match amount.token {
            Token::Vvv => Ok(self.at.vvv),
            Token::Diem => Ok(self.at.diem),
            _ => Err(cannot_move("approve", amount)),
        }
    }

    /// None of the protocol's contracts gives back what is sent to it by mistake.
    fn not_lost(&self, to: Address) -> Result<()> {
        let contracts = [
            ("VVV", self.at.vvv),
            ("sVVV", self.at.s_vvv),
            ("DIEM", self.at.diem),
        ];
        match contracts.iter().find(|(_, contract)| *contract == to) {
            None => Ok(()),
            Some((name, _)) => Err(Failure::refused(
                "will not send this",
                format!("it would be lost: this is the {name} contract itself"),
            )
            .with("to", to)
            .hint("`diem stake` stakes; name the account of a person otherwise")),
        }
    }

    pub(super) async fn position(&self, account: Option<Address>) -> Result<()> {
        let account = self.of_whom(account)?;
        let chain = &self.settings.chain;
        let position = chain
            .call(self.at.diem, &IDiem::positionCall { account })
            .await?;
        let text = crate::output::columns(&[
            ("account", account.to_string()),
            ("locked", format!("{} sVVV", show(position.locked))),
            (
                "outstanding",
                format!("{} DIEM", show(position.outstanding)),
            ),
            (
                "yield",
                format!("{} VVV pending", show(position.pendingYield)),
            ),
        ]);
        let value = serde_json::json!({
            "account": account, "locked": position.locked.to_string(),
            "outstanding": position.outstanding.to_string(),
            "pendingYield": position.pendingYield.to_string(),
        });
        crate::output::answer(self.settings.json, &value, &text);
        Ok(())
    }
}

fn cannot_move(what: &str, amount: Amount) -> Failure {
    Failure::broken(
        format!("cannot {what} this"),
        "sVVV and credit stay where they are; VVV, DIEM and ETH can be sent, VVV and DIEM approved",
    )
    .with("amount", amount)
    .hint("name what can be moved, such as 1DIEM; `diem lease open` hands credit to somebody")
}
