//! From what a command would do to what becomes of it: shown, printed for another signer,
//! or signed and sent.

mod safe;

use crate::chain::{Call, Fees, Sent};
use crate::output::{answer, columns, story};
use crate::settings::Settings;
use crate::{Failure, Result, show};
use alloy::primitives::Address;
use serde_json::{Value, json};
use std::path::PathBuf;

/// What becomes of transactions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// They are signed and sent.
    #[default]
    Send,
    /// They are shown.
    DryRun,
    /// They are the answer, in JSON.
    Unsigned,
    /// They are written to a file for a Safe.
    Safe(PathBuf),
}

/// Transactions of one account with what they cost.
struct Drafts<'a> {
    account: Address,
    preview: &'a str,
    calls: &'a [Call],
    /// Gas of each; none where it cannot be told before those ahead of it are mined.
    gas: Vec<Option<u64>>,
    fees: Fees,
}

impl Settings {
    /// Shows what is about to be done and what it costs, asks, and does it: `each` is told of
    /// each transaction when it is done. Where nothing is to be sent, answers with the
    /// transactions instead. Tells whether they were sent.
    ///
    /// # Errors
    /// The chain would refuse the first of them, the answer is no, or one fails.
    pub(crate) async fn carry_out(
        &self,
        account: Address,
        preview: &str,
        calls: &[Call],
        mut each: impl FnMut(usize, &Sent),
    ) -> Result<bool> {
        let drafts = self.drafts(account, preview, calls).await?;
        match &self.mode {
            Mode::Send => {
                self.confirm(&format!("{preview}\n  {}", drafts.price()))?;
                for (position, call) in calls.iter().enumerate() {
                    let sent = self.chain.carry_out(account, call).await?;
                    if calls.len() > 1 {
                        story(&format!(
                            "sent      {}: {} gas, {}",
                            call.function,
                            sent.gas(),
                            sent.hash()
                        ));
                    }
                    each(position, &sent);
                }
            }
            Mode::DryRun => {
                story("a dry run: nothing is signed");
                answer(self.json, &drafts.json(self).await?, &drafts.text());
            }
            Mode::Unsigned => {
                story(preview);
                answer(true, &drafts.json(self).await?, "");
            }
            Mode::Safe(path) => {
                safe::write(path, self.chain.id(), account, preview, calls)?;
                story(preview);
                let value = json!({
                    "safe": account, "file": path.display().to_string(),
                    "transactions": calls.len(),
                });
                let text = format!(
                    "wrote {} for Safe {account}: load it in Safe's Transaction Builder",
                    path.display()
                );
                answer(self.json, &value, &text);
            }
        }
        Ok(self.mode == Mode::Send)
    }

    /// Says of a command that it cannot do otherwise than send.
    ///
    /// # Errors
    /// It is to.
    pub(crate) fn only_sends(&self, command: &str) -> Result<()> {
        if self.mode == Mode::Send {
            return Ok(());
        }
        Err(Failure::broken(
            format!("{command} sends as it goes"),
            "each of its steps needs what the one before it brought about",
        )
        .with("network", &self.network.name)
        .hint("leave --dry-run, --unsigned and --safe out"))
    }

    async fn drafts<'a>(
        &self,
        account: Address,
        preview: &'a str,
        calls: &'a [Call],
    ) -> Result<Drafts<'a>> {
        let mut gas = Vec::new();
        for (position, call) in calls.iter().enumerate() {
            gas.push(match self.chain.gas_of(account, call).await {
                Ok(gas) => Some(gas),
                // What comes later may need what comes before.
                Err(failure) if position > 0 && failure.is_refusal() => None,
                Err(failure) => return Err(failure),
            });
        }
        Ok(Drafts {
            account,
            preview,
            calls,
            gas,
            fees: self.chain.fees().await?,
        })
    }
}

impl Drafts<'_> {
    fn known_gas(&self) -> u64 {
        self.gas.iter().flatten().sum()
    }

    /// What all of them cost, in words.
    fn price(&self) -> String {
        let gas = self.known_gas();
        let number = match self.calls.len() {
            1 => "1 transaction".to_owned(),
            number => format!("{number} transactions"),
        };
        let unknown = self.gas.iter().filter(|gas| gas.is_none()).count();
        let more = match unknown {
            0 => String::new(),
            number => format!(", and {number} more whose gas is known once those are mined"),
        };
        let ether = self
            .calls
            .iter()
            .fold(alloy::primitives::U256::ZERO, |sum, call| sum + call.value);
        let along = if ether.is_zero() {
            String::new()
        } else {
            format!("; {} ETH sent along", show(ether))
        };
        format!(
            "{number} from {}: {gas} gas, about {} ETH, at most {} ETH{more}{along}",
            self.account,
            show(self.fees.expected(gas)),
            show(self.fees.most(gas)),
        )
    }

    fn text(&self) -> String {
        let mut rows = vec![
            ("would be", self.preview.to_owned()),
            ("costs", self.price()),
        ];
        for call in self.calls {
            rows.push(("call", call.function.clone()));
            rows.push(("to", call.to.to_string()));
            rows.push(("value", format!("{} ETH", show(call.value))));
            rows.push(("data", call.data.to_string()));
        }
        columns(&rows)
    }

    async fn json(&self, settings: &Settings) -> Result<Value> {
        let first = settings.chain.nonce(self.account).await?;
        let transactions: Vec<Value> = (first..)
            .zip(self.calls.iter().zip(&self.gas))
            .map(|(nonce, (call, gas))| {
                json!({
                    "function": call.function, "to": call.to, "value": call.value.to_string(),
                    "data": call.data, "nonce": nonce, "gas": gas,
                })
            })
            .collect();
        let gas = self.known_gas();
        Ok(json!({
            "preview": self.preview, "chainId": settings.chain.id(), "from": self.account,
            "maxFeePerGas": self.fees.max.to_string(),
            "maxPriorityFeePerGas": self.fees.tip.to_string(),
            "fee": self.fees.expected(gas).to_string(), "feeAtMost": self.fees.most(gas).to_string(),
            "transactions": transactions,
        }))
    }
}
