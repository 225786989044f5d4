//! Gateways: who may settle credit at all, and who settles for those who never chose.

use super::Desk;
use crate::address::name;
use crate::args::GatewayCommand;
use crate::chain::Call;
use crate::output::{answer, columns};
use crate::{Failure, Result};
use alloy::primitives::{Address, U256};
use diem_abi::IDiem;
use serde_json::json;

/// The gateway of all who never chose.
struct Standing {
    today: Address,
    next: Address,
    from_epoch: U256,
}

impl Standing {
    fn told(&self) -> String {
        if self.today == self.next {
            name(self.today)
        } else {
            format!(
                "{}; {} from epoch {} on",
                name(self.today),
                name(self.next),
                self.from_epoch
            )
        }
    }
}

impl Desk {
    pub(super) async fn gateway(&self, command: GatewayCommand) -> Result<()> {
        match command {
            GatewayCommand::Set { gateway } => self.set_gateway(gateway).await,
            GatewayCommand::Default { gateway } => self.set_default_gateway(gateway).await,
            GatewayCommand::Revoke { gateway } => self.revoke_gateway(gateway).await,
            GatewayCommand::List => self.list_gateways().await,
            GatewayCommand::Show { gateway } => self.show_gateway(gateway).await,
            // Run without a desk: it needs no answer of the contracts.
            GatewayCommand::Run { .. } => Ok(()),
        }
    }

    async fn set_gateway(&self, gateway: Address) -> Result<()> {
        let owner = self.settings.account()?;
        let call = IDiem::setGatewayCall {
            gateway,
            allowed: true,
        };
        let preview = &format!("letting {gateway} settle the credit of whoever chooses it");
        let call = Call::new(self.at.diem, &call);
        let Some(sent) = self.sign(owner, preview, call).await? else {
            return Ok(());
        };
        self.done(&format!("{gateway} is a gateway"), &sent);
        Ok(())
    }

    async fn set_default_gateway(&self, gateway: Address) -> Result<()> {
        let owner = self.settings.account()?;
        let call = IDiem::setDefaultGatewayCall { gateway };
        let preview = &format!(
            "letting {} settle the credit of all who never chose, from the day after tomorrow (UTC) on",
            name(gateway)
        );
        let call = Call::new(self.at.diem, &call);
        let Some(sent) = self.sign(owner, preview, call).await? else {
            return Ok(());
        };
        let set: IDiem::DefaultGatewaySet = sent.event(self.at.diem)?;
        self.done(
            &format!(
                "{} is the default gateway from epoch {} on",
                name(set.gateway),
                set.fromEpoch
            ),
            &sent,
        );
        Ok(())
    }

    async fn revoke_gateway(&self, gateway: Address) -> Result<()> {
        let account = self.settings.account()?;
        let chain = &self.settings.chain;
        let guardian = chain.call(self.at.diem, &IDiem::guardianCall {}).await?;
        let call = if account == guardian {
            Call::new(self.at.diem, &IDiem::revokeGatewayCall { gateway })
        } else {
            // The owner's way takes any address for a gateway to stop; a mistyped one would
            // seem to have worked.
            if !chain
                .call(self.at.diem, &IDiem::isGatewayCall { account: gateway })
                .await?
            {
                return Err(Failure::refused(
                    "nothing to revoke",
                    "it is no registered gateway, or is revoked already",
                )
                .with("gateway", gateway)
                .hint("`diem gateway list` shows them"));
            }
            let call = IDiem::setGatewayCall {
                gateway,
                allowed: false,
            };
            Call::new(self.at.diem, &call)
        };
        let preview =
            &format!("stopping {gateway}: it settles nothing until the owner lets it back");
        let Some(sent) = self.sign(account, preview, call).await? else {
            return Ok(());
        };
        self.done(&format!("{gateway} settles nothing any more"), &sent);
        Ok(())
    }

    async fn default_gateway(&self) -> Result<Standing> {
        let chain = &self.settings.chain;
        let answer = chain
            .call(self.at.diem, &IDiem::defaultGatewayCall {})
            .await?;
        Ok(Standing {
            today: answer.today,
            next: answer.next,
            from_epoch: answer.fromEpoch,
        })
    }

    async fn list_gateways(&self) -> Result<()> {
        let chain = &self.settings.chain;
        let since = self.at.contracts.diem.block.unwrap_or_default();
        let events: Vec<IDiem::GatewaySet> = chain.events(self.at.diem, since).await?;
        let mut gateways: Vec<Address> = Vec::new();
        for event in events {
            // One that was only ever refused was never registered.
            if event.allowed && !gateways.contains(&event.gateway) {
                gateways.push(event.gateway);
            }
        }
        let standing = self.default_gateway().await?;
        let (mut rows, mut values) = (vec![("default", standing.told())], Vec::new());
        for gateway in gateways {
            let call = IDiem::isGatewayCall { account: gateway };
            let allowed = chain.call(self.at.diem, &call).await?;
            let label = if allowed { "gateway" } else { "revoked" };
            rows.push((label, gateway.to_string()));
            values.push(json!({ "gateway": gateway, "allowed": allowed }));
        }
        if values.is_empty() {
            rows.push(("gateways", "none was ever registered".to_owned()));
        }
        let value = json!({
            "gateways": values, "default": standing.today, "nextDefault": standing.next,
            "nextDefaultFromEpoch": standing.from_epoch.to_string(),
        });
        answer(self.settings.json, &value, &columns(&rows));
        Ok(())
    }

    async fn show_gateway(&self, gateway: Address) -> Result<()> {
        let call = IDiem::isGatewayCall { account: gateway };
        let allowed = self.settings.chain.call(self.at.diem, &call).await?;
        let standing = self.default_gateway().await?;
        let settles = if allowed {
            "the credit of whoever chose it"
        } else {
            "nothing: it is not registered, or is revoked"
        };
        let text = columns(&[
            ("gateway", gateway.to_string()),
            ("settles", settles.to_owned()),
            ("default", standing.told()),
        ]);
        let value = json!({
            "gateway": gateway, "allowed": allowed, "isDefault": standing.today == gateway,
            "isNextDefault": standing.next == gateway,
        });
        answer(self.settings.json, &value, &text);
        Ok(())
    }
}
