//! The daily credit of an account: who settles it, what is left of it, settling it.

use super::Desk;
use crate::address::name;
use crate::args::CreditCommand;
use crate::chain::{Call, Sent};
use crate::output::{answer, columns};
use crate::{Amount, Result, show};
use alloy::primitives::{Address, U256};
use diem_abi::IDiem;
use diem_math::epoch::epoch_at;
use serde_json::json;

/// All that a gateway needs to know of a line.
pub(super) struct Line {
    pub(super) epoch: U256,
    pub(super) allowance: U256,
    pub(super) used: U256,
    pub(super) gateway: Address,
    pub(super) next_allowance: U256,
    pub(super) next_gateway: Address,
}

impl Line {
    /// Answers with the line, `head` being lines and fields above it.
    pub(super) fn answer(
        &self,
        json: bool,
        head: &[(&'static str, String)],
        mut fields: serde_json::Map<String, serde_json::Value>,
    ) {
        let left = self.allowance.saturating_sub(self.used);
        let mut rows = head.to_vec();
        rows.push((
            "today",
            format!(
                "${} of ${} left (${} used), settled by {}",
                show(left),
                show(self.allowance),
                show(self.used),
                name(self.gateway)
            ),
        ));
        rows.push((
            "tomorrow",
            format!(
                "${}, settled by {}, if nothing else happens",
                show(self.next_allowance),
                name(self.next_gateway)
            ),
        ));
        rows.push(("epoch", self.epoch.to_string()));
        let numbers = [
            ("epoch", self.epoch),
            ("allowance", self.allowance),
            ("used", self.used),
            ("remaining", left),
            ("nextAllowance", self.next_allowance),
        ];
        for (field, number) in numbers {
            fields.insert(field.to_owned(), json!(number.to_string()));
        }
        for (field, gateway) in [
            ("gateway", self.gateway),
            ("nextGateway", self.next_gateway),
        ] {
            fields.insert(field.to_owned(), json!(gateway));
        }
        answer(json, &json!(fields), &columns(&rows));
    }
}

impl Desk {
    pub(super) async fn credit(&self, command: CreditCommand) -> Result<()> {
        match command {
            CreditCommand::Choose { gateway } => self.choose_gateway(gateway).await,
            CreditCommand::Show { account } => self.show_credit(account).await,
            CreditCommand::Settle {
                account,
                used,
                epoch,
            } => self.settle(account, used, epoch).await,
        }
    }

    async fn line(&self, account: Address) -> Result<Line> {
        let line = IDiem::lineOfCall { account };
        let line = self.settings.chain.call(self.at.diem, &line).await?;
        Ok(Line {
            epoch: line.epoch,
            allowance: line.allowance,
            used: line.used,
            gateway: line.gateway,
            next_allowance: line.nextAllowance,
            next_gateway: line.nextGateway,
        })
    }

    async fn show_credit(&self, account: Option<Address>) -> Result<()> {
        let account = match account {
            Some(account) => account,
            None => self.settings.signer_address()?,
        };
        let line = self.line(account).await?;
        let mut fields = serde_json::Map::new();
        fields.insert("account".to_owned(), json!(account));
        line.answer(
            self.settings.json,
            &[("account", account.to_string())],
            fields,
        );
        Ok(())
    }

    async fn choose_gateway(&self, gateway: Address) -> Result<()> {
        let account = self.settings.account()?;
        let line = self.line(account).await?;
        let since = self.counts(line.allowance);
        let call = IDiem::chooseGatewayCall { gateway };
        let preview = &format!("letting {} settle your credit, {since}", name(gateway));
        let call = Call::new(self.at.diem, &call);
        let Some(sent) = self.sign(account, preview, call).await? else {
            return Ok(());
        };
        let chosen: IDiem::GatewayChosen = sent.event(self.at.diem)?;
        self.done(
            &format!(
                "{} settles your credit {}",
                name(chosen.gateway),
                from(chosen.fromEpoch, &sent)
            ),
            &sent,
        );
        Ok(())
    }

    /// From when a choice would count for a line with this allowance today.
    pub(super) fn counts(&self, allowance: U256) -> &'static str {
        if allowance.is_zero() {
            "at once"
        } else {
            "from tomorrow (UTC) on"
        }
    }

    async fn settle(&self, account: Address, used: Amount, epoch: Option<u64>) -> Result<()> {
        let gateway = self.settings.account()?;
        let line = self.line(account).await?;
        let epoch = epoch.map_or(line.epoch, U256::from);
        let call = IDiem::settleCall {
            epoch,
            account,
            used: used.wei,
        };
        let preview = &format!(
            "stating that {account} used ${} in epoch {epoch} in all",
            show(used.wei)
        );
        let call = Call::new(self.at.diem, &call);
        let Some(sent) = self.sign(gateway, preview, call).await? else {
            return Ok(());
        };
        let event = sent.event_if_any::<IDiem::CreditsSettled>(self.at.diem);
        let settled = event.map(|event| (event.used, event.allowance));
        self.done(&settlement(&account.to_string(), settled), &sent);
        Ok(())
    }
}

/// When a choice that was just made counts, in words.
pub(super) fn from(epoch: U256, sent: &Sent) -> String {
    if epoch <= U256::from(epoch_at(sent.timestamp())) {
        "at once".to_owned()
    } else {
        format!("from epoch {epoch} on, which is tomorrow (UTC)")
    }
}

/// What a statement came to: what is used now and what it is used of, if it told anything.
pub(super) fn settlement(line: &str, settled: Option<(U256, U256)>) -> String {
    match settled {
        Some((used, allowance)) => format!(
            "settled {line}: ${} of ${} used today",
            show(used),
            show(allowance)
        ),
        None => format!("settled {line}: nothing new, as much or more was stated before"),
    }
}
