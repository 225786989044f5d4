//! Leases: a part of an account's daily credit in somebody else's hands for some days.

use super::Desk;
use super::credit::{Line, from, settlement};
use crate::address::name;
use crate::args::LeaseCommand;
use crate::{Amount, Failure, Result, show};
use alloy::primitives::{Address, U256};
use diem_abi::IDiem;
use serde_json::json;

impl Desk {
    pub(super) async fn lease(&self, command: LeaseCommand) -> Result<()> {
        match command {
            LeaseCommand::Open {
                lessee,
                amount,
                days,
            } => self.open_lease(lessee, amount, days).await,
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
        self.settings.confirm(&format!(
            "leasing ${dollars} a day to {lessee} for {days} days from tomorrow (UTC) on; the stake \
             stays until the lease is closed"
        ))?;
        let call = IDiem::leaseCall {
            lessee,
            amount: amount.wei,
            epochs: days,
        };
        let chain = &self.settings.chain;
        let sent = chain.send(lessor, self.at.diem, &call).await?;
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
        self.settings.confirm(&format!(
            "letting {} settle the credit of lease {id}, {since}",
            name(gateway)
        ))?;
        let call = IDiem::chooseLeaseGatewayCall { id, gateway };
        let chain = &self.settings.chain;
        let sent = chain.send(lessee, self.at.diem, &call).await?;
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
        self.settings.confirm(&format!(
            "stating that lease {id} used ${} in epoch {epoch} in all",
            show(used.wei)
        ))?;
        let call = IDiem::settleLeasesCall {
            epoch,
            ids: vec![id],
            used: vec![used.wei],
        };
        let chain = &self.settings.chain;
        let sent = chain.send(gateway, self.at.diem, &call).await?;
        let event = sent.event_if_any::<IDiem::LeaseSettled>(self.at.diem);
        let settled = event.map(|event| (event.used, event.allowance));
        self.done(&settlement(&format!("lease {id}"), settled), &sent);
        Ok(())
    }

    async fn transfer_lease(&self, id: U256, to: Address) -> Result<()> {
        let lessee = self.settings.account()?;
        self.settings
            .confirm(&format!("handing lease {id} on to {to}"))?;
        let call = IDiem::transferLeaseCall { id, to };
        let chain = &self.settings.chain;
        let sent = chain.send(lessee, self.at.diem, &call).await?;
        self.done(&format!("lease {id} is {to}'s"), &sent);
        Ok(())
    }

    async fn close_lease(&self, id: U256) -> Result<()> {
        let account = self.settings.account()?;
        self.settings.confirm(&format!("closing lease {id}"))?;
        let call = IDiem::closeLeaseCall { id };
        let chain = &self.settings.chain;
        let sent = chain.send(account, self.at.diem, &call).await?;
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
