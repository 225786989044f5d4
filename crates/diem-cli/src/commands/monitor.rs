//! The operator's look at a live system.

use super::Desk;
use crate::monitor::{self, Books, Level};
use crate::output::{answer, columns};
use crate::{Failure, Result};
use serde_json::json;
use std::net::SocketAddr;
use std::time::Duration;

impl Desk {
    pub(super) async fn monitor(&self, serve: Option<SocketAddr>, every: f64) -> Result<()> {
        let (chain, devnet) = (&self.settings.chain, self.settings.network.devnet);
        if let Some(address) = serve {
            let every = Duration::from_secs_f64(every);
            return monitor::serve(chain, &self.at, devnet, address, every).await;
        }
        let look = monitor::look(chain, &self.at, devnet, &mut Books::default()).await?;
        let rows: Vec<_> = look
            .findings
            .iter()
            .map(|finding| {
                let advice = finding.advice.map(|advice| format!(" ({advice})"));
                let told = format!(
                    "{} {}: {}{}",
                    finding.check,
                    finding.subject,
                    finding.told,
                    advice.unwrap_or_default()
                );
                (finding.level.told(), told)
            })
            .collect();
        answer(self.settings.json, &json!(look), &columns(&rows));
        let alerts = look
            .findings
            .iter()
            .filter(|finding| finding.level == Level::Alert);
        match alerts.clone().next() {
            None => Ok(()),
            Some(first) => Err(Failure::refused(
                "something must be done",
                format!("{} {}: {}", first.check, first.subject, first.told),
            )
            .with("alerts", alerts.count())
            .hint(
                first
                    .advice
                    .unwrap_or("docs/monitoring.md tells of each check"),
            )),
        }
    }
}
