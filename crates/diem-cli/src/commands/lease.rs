//! Leases: a part of an account's daily credit in somebody else's hands for some days.

use super::Desk;
use super::credit::{Line, from, settlement};
use crate::address::name;
use crate::args::LeaseCommand;
use crate::chain::Call;
use crate::output::answer;
use crate::{Amount, Failure, Result, show};
use alloy::primitives::{Address, U256};
use diem_abi::IDiem;
use serde_json::json;
use std::collections::BTreeSet;

impl Desk {
    pub(super) async fn lease(&self, command: LeaseCommand) -> Result<()> {
        match command {
            LeaseCommand::Open {
                lessee,
                amount,
                days,
            } => self.open_lease(lessee, amount, days).await,
            LeaseCommand::List { account } => self.list_leases(account).await,
            LeaseCommand::Show { id } => self.show_lease(id).await,
            LeaseCommand::Choose { id, gateway } => self.choose_lease_gateway(id, gateway).await,
            LeaseCommand::Settle { id, used, epoch } => self.settle_lease(id, used, epoch).await,
            LeaseCommand::Transfer { id, to } => self.transfer_lease(id, to).await,
            LeaseCommand::Close { id } => self.close_lease(id).await,
        }
    }

    async fn lease_line(&self, id: U256) -> Result<Line> {
        let line = IDiem::leaseLineOfCall { id };
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

    async fn open_lease(&self, lessee: Address, amount: Amount, days: u32) -> Result<()> {
        let lessor = self.settings.account()?;
        let dollars = show(amount.wei);
        let call = IDiem::leaseCall {
            lessee,
            amount: amount.wei,
            epochs: days,
        };
        let preview = &format!(
            "leasing ${dollars} a day to {lessee} for {days} days from tomorrow (UTC) on; the stake \
             stays until the lease is closed"
        );
        let call = Call::new(self.at.diem, &call);
        let Some(sent) = self.sign(lessor, preview, call).await? else {
            return Ok(());
        };
        let opened: IDiem::LeaseOpened = sent.event(self.at.diem)?;
        self.done(
            &format!(
                "lease {}: ${dollars} a day to {lessee} in the epochs {} to {}",
                opened.id,
                opened.startEpoch,
                opened.endEpoch.saturating_sub(U256::ONE)
            ),
            &sent,
        );
        Ok(())
    }

    async fn list_leases(&self, account: Option<Address>) -> Result<()> {
        let account = self.of_whom(account)?;
        let chain = &self.settings.chain;
        let since = self.at.contracts.diem.block.unwrap_or_default();
        // Whoever gives, has or had one stands in an event that names it first.
        let head = chain.head(None).await?.number;
        let (diem, mut ids) = ([self.at.diem], BTreeSet::new());
        chain
            .logs_of(Some(account), &diem, since, head, |log| {
                let opened = log.log_decode::<IDiem::LeaseOpened>();
                let handed = log.log_decode::<IDiem::LeaseTransferred>();
                ids.extend(opened.map(|log| log.inner.id));
                ids.extend(handed.map(|log| log.inner.id));
                Ok(())
            })
            .await?;
        let (mut lines, mut values) = (Vec::new(), Vec::new());
        for id in ids {
            let lease = chain.call(self.at.diem, &IDiem::leaseOfCall { id }).await?;
            // Closed, or handed on.
            if lease.lessor != account && lease.lessee != account {
                continue;
            }
            lines.push(format!(
                "{id}  ${} a day from {} to {}, epochs {} to {}",
                show(lease.amount),
                lease.lessor,
                lease.lessee,
                lease.startEpoch,
                lease.endEpoch.saturating_sub(U256::ONE)
            ));
            values.push(json!({
                "id": id.to_string(), "lessor": lease.lessor, "lessee": lease.lessee,
                "amount": lease.amount.to_string(), "startEpoch": lease.startEpoch.to_string(),
                "endEpoch": lease.endEpoch.to_string(),
            }));
        }
        if lines.is_empty() {
            lines.push(format!("{account} neither gives nor has an open lease"));
        }
        let value = json!({ "account": account, "leases": values });
        answer(self.settings.json, &value, &lines.join("\n"));
        Ok(())
    }

    async fn show_lease(&self, id: U256) -> Result<()> {
        let lease = IDiem::leaseOfCall { id };
        let lease = self.settings.chain.call(self.at.diem, &lease).await?;
        if lease.lessor.is_zero() {
            return Err(
                Failure::refused("no such lease", "it was never opened, or is closed")
                    .with("lease", id)
                    .hint("`diem lease open` tells the number of a new one"),
            );
        }
        let line = self.lease_line(id).await?;
        let head = [
            ("lease", id.to_string()),
            ("lessor", lease.lessor.to_string()),
            ("lessee", lease.lessee.to_string()),
            ("a day", format!("${}", show(lease.amount))),
            (
                "epochs",
                format!(
                    "{} to {}",
                    lease.startEpoch,
                    lease.endEpoch.saturating_sub(U256::ONE)
                ),
            ),
        ];
        let mut fields = serde_json::Map::new();
        for (field, value) in [
            ("id", json!(id.to_string())),
            ("lessor", json!(lease.lessor)),
            ("lessee", json!(lease.lessee)),
            ("amount", json!(lease.amount.to_string())),
            ("startEpoch", json!(lease.startEpoch.to_string())),
            ("endEpoch", json!(lease.endEpoch.to_string())),
        ] {
            fields.insert(field.to_owned(), value);
        }
        line.answer(self.settings.json, &head, fields);
        Ok(())
    }

    async fn choose_lease_gateway(&self, id: U256, gateway: Address) -> Result<()> {
        let lessee = self.settings.account()?;
        let line = self.lease_line(id).await?;
        let since = self.counts(line.allowance);
        let call = IDiem::chooseLeaseGatewayCall { id, gateway };
        let preview = &format!(
            "letting {} settle the credit of lease {id}, {since}",
            name(gateway)
        );
        let call = Call::new(self.at.diem, &call);
        let Some(sent) = self.sign(lessee, preview, call).await? else {
            return Ok(());
        };
        let chosen: IDiem::LeaseGatewayChosen = sent.event(self.at.diem)?;
        self.done(
            &format!(
                "{} settles the credit of lease {id} {}",
                name(chosen.gateway),
                from(chosen.fromEpoch, &sent)
            ),
            &sent,
        );
        Ok(())
    }

    async fn settle_lease(&self, id: U256, used: Amount, epoch: Option<u64>) -> Result<()> {
        let gateway = self.settings.account()?;
        let line = self.lease_line(id).await?;
        let epoch = epoch.map_or(line.epoch, U256::from);
        let call = IDiem::settleLeasesCall {
            epoch,
            ids: vec![id],
            used: vec![used.wei],
        };
        let preview = &format!(
            "stating that lease {id} used ${} in epoch {epoch} in all",
            show(used.wei)
        );
        let call = Call::new(self.at.diem, &call);
        let Some(sent) = self.sign(gateway, preview, call).await? else {
            return Ok(());
        };
        let event = sent.event_if_any::<IDiem::LeaseSettled>(self.at.diem);
        let settled = event.map(|event| (event.used, event.allowance));
        self.done(&settlement(&format!("lease {id}"), settled), &sent);
        Ok(())
    }

    async fn transfer_lease(&self, id: U256, to: Address) -> Result<()> {
        let lessee = self.settings.account()?;
        let call = IDiem::transferLeaseCall { id, to };
        let preview = &format!("handing lease {id} on to {to}");
        let call = Call::new(self.at.diem, &call);
        let Some(sent) = self.sign(lessee, preview, call).await? else {
            return Ok(());
        };
        self.done(&format!("lease {id} is {to}'s"), &sent);
        Ok(())
    }

    async fn close_lease(&self, id: U256) -> Result<()> {
        let account = self.settings.account()?;
        let call = IDiem::closeLeaseCall { id };
        let preview = &format!("closing lease {id}");
        let call = Call::new(self.at.diem, &call);
        let Some(sent) = self.sign(account, preview, call).await? else {
            return Ok(());
        };
        let closed: IDiem::LeaseClosed = sent.event(self.at.diem)?;
        self.done(
            &format!(
                "closed lease {id}: ${} a day are {}'s again",
                show(closed.amount),
                closed.lessor
            ),
            &sent,
        );
        Ok(())
    }
}
