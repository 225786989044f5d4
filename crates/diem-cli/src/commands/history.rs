//! What happened: of an account from the beginning, or as it comes.

use super::Desk;
use crate::output::{answer, document, lines};
use crate::told::{CSV_HEAD, Interpreter, Told};
use crate::{Failure, Result};
use alloy::primitives::Address;
use serde_json::{Value, json};
use std::time::Duration;

/// Wait between two looks for a new block.
const WATCH_POLL: Duration = Duration::from_secs(1);

impl Desk {
    /// The account that was named, else the one that signs.
    pub(super) fn of_whom(&self, account: Option<Address>) -> Result<Address> {
        account.map_or_else(|| self.settings.signer_address(), Ok)
    }

    pub(super) async fn history(
        &self,
        account: Option<Address>,
        first: Option<u64>,
        last: Option<u64>,
        csv: bool,
    ) -> Result<()> {
        let account = self.of_whom(account)?;
        let chain = &self.settings.chain;
        let since = self.at.contracts.s_vvv.block.unwrap_or_default();
        let first = first.unwrap_or(since);
        let head = chain.head(None).await?.number;
        let last = last.unwrap_or(head);
        if first > last || last > head {
            return Err(
                Failure::broken("no such blocks", "they are not in their order")
                    .with("from block", first)
                    .with("to block", last)
                    .with("latest block", head)
                    .hint("leave --to-block out to read up to the latest"),
            );
        }
        let told = self.read(Some(account), first, last).await?;
        let text = if csv {
            let rows = told.iter().map(Told::csv);
            [CSV_HEAD.to_owned()].into_iter().chain(rows).collect()
        } else if told.is_empty() {
            vec![format!(
                "nothing of {account} in the blocks {first} to {last}"
            )]
        } else {
            told.iter().map(Told::line).collect::<Vec<_>>()
        };
        let events: Vec<Value> = told.iter().map(Told::json).collect();
        let value = json!({
            "account": account, "fromBlock": first, "toBlock": last, "events": events,
        });
        answer(self.settings.json, &value, &text.join("\n"));
        Ok(())
    }

    pub(super) async fn watch(&self, account: Option<Address>, count: Option<u64>) -> Result<()> {
        let chain = &self.settings.chain;
        let mut next = chain.head(None).await?.number + 1;
        let whose = account.map_or("everybody".to_owned(), |account| account.to_string());
        crate::output::story(&format!(
            "watching  {whose} from block {next} on; Ctrl-C ends it"
        ));
        let mut left = count.unwrap_or(u64::MAX);
        while left > 0 {
            let head = chain.head(None).await?.number;
            if head < next {
                tokio::time::sleep(WATCH_POLL).await;
                continue;
            }
            for told in self.read(account, next, head).await? {
                if left == 0 {
                    break;
                }
                left -= 1;
                if self.settings.json {
                    document(&told.json());
                } else {
                    lines(&told.line());
                }
            }
            next = head + 1;
        }
        Ok(())
    }

    async fn read(&self, account: Option<Address>, first: u64, last: u64) -> Result<Vec<Told>> {
        let chain = &self.settings.chain;
        let mut interpreter = Interpreter::new(&self.at)?;
        let mut logs = Vec::new();
        chain
            .logs_of(account, &interpreter.addresses(), first, last, |log| {
                logs.push(log.clone());
                Ok(())
            })
            .await?;
        let mut all = Vec::new();
        for log in &logs {
            all.extend(interpreter.read(chain, log).await?);
        }
        Ok(all)
    }
}
