//! From what a command would do to what becomes of it: shown, printed for another signer,
//! or signed and sent.

mod safe;

use crate::chain::{Call, Fees, Gas, Replacement, Sent};
use crate::output::{answer, columns, story};
use crate::settings::Settings;
use crate::{Failure, Result, show};
use alloy::primitives::{Address, U256};
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
    gas: Vec<Option<Gas>>,
    fees: Fees,
    /// What their data costs beside gas at the most, in wei.
    data_fee: U256,
    /// Nonce of the first; by default the account's next one.
    nonce: Option<u64>,
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
                    if let Some(link) = self.network.transaction_link(sent.hash()) {
                        story(&format!("see       {link}"));
                    }
                    each(position, &sent);
                }
            }
            Mode::DryRun => self.show(&drafts).await?,
            Mode::Unsigned => self.print(&drafts).await?,
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

    /// Shows what is about to take another transaction's place and asks. Where nothing is to be
    /// sent, answers with it instead. Tells whether it is to be sent.
    ///
    /// # Errors
    /// The answer is no, or a Safe is to do it.
    pub(crate) async fn offer(
        &self,
        account: Address,
        preview: &str,
        instead: &Replacement,
    ) -> Result<bool> {
        let calls = std::slice::from_ref(&instead.call);
        let drafts = Drafts {
            account,
            preview,
            calls,
            gas: vec![Some(Gas::limited(instead.gas))],
            fees: instead.fees,
            data_fee: self.chain.data_fee(calls).await?,
            nonce: Some(instead.nonce),
        };
        match &self.mode {
            Mode::Send => self.confirm(&format!("{preview}\n  {}", drafts.price()))?,
            Mode::DryRun => self.show(&drafts).await?,
            Mode::Unsigned => self.print(&drafts).await?,
            Mode::Safe(_) => {
                return Err(Failure::broken(
                    "cannot write this for a Safe",
                    "a Safe has nonces of its own, and replaces by them",
                )
                .with("account", account)
                .hint("leave --safe out"));
            }
        }
        Ok(self.mode == Mode::Send)
    }

    /// Answers a dry run.
    async fn show(&self, drafts: &Drafts<'_>) -> Result<()> {
        story("a dry run: nothing is signed");
        answer(self.json, &drafts.json(self).await?, &drafts.text());
        Ok(())
    }

    /// Answers with what another tool is to sign.
    async fn print(&self, drafts: &Drafts<'_>) -> Result<()> {
        story(drafts.preview);
        answer(true, &drafts.json(self).await?, "");
        Ok(())
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
                Ok(gas) => Some(Gas::estimated(gas)),
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
            data_fee: self.chain.data_fee(calls).await?,
            nonce: None,
        })
    }
}

impl Drafts<'_> {
    fn known_gas(&self) -> u64 {
        self.gas.iter().flatten().map(|gas| gas.expected).sum()
    }

    /// What all of them cost at the base fee of now, in wei.
    fn expected(&self) -> U256 {
        self.fees.expected(self.known_gas()) + self.data_fee
    }

    /// What all of them cost at the most, in wei.
    fn most(&self) -> U256 {
        let limits = self.gas.iter().flatten().map(|gas| gas.limit);
        self.fees.most(limits.sum()) + self.data_fee
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
            .fold(U256::ZERO, |sum, call| sum + call.value);
        let along = if ether.is_zero() {
            String::new()
        } else {
            format!("; {} ETH sent along", show(ether))
        };
        let data = if self.data_fee.is_zero() {
            String::new()
        } else {
            format!(", of it at most {} ETH for data", show(self.data_fee))
        };
        format!(
            "{number} from {}: {gas} gas, about {} ETH, at most {} ETH{data}{more}{along}",
            self.account,
            show(self.expected()),
            show(self.most()),
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
        let first = match self.nonce {
            Some(nonce) => nonce,
            None => settings.chain.nonce(self.account).await?,
        };
        let transactions: Vec<Value> = (first..)
            .zip(self.calls.iter().zip(&self.gas))
            .map(|(nonce, (call, gas))| {
                json!({
                    "function": call.function, "to": call.to, "value": call.value.to_string(),
                    "data": call.data, "nonce": nonce, "gas": gas.map(|gas| gas.limit),
                })
            })
            .collect();
        Ok(json!({
            "preview": self.preview, "chainId": settings.chain.id(), "from": self.account,
            "maxFeePerGas": self.fees.max.to_string(),
            "maxPriorityFeePerGas": self.fees.tip.to_string(),
            "fee": self.expected().to_string(), "feeAtMost": self.most().to_string(),
            "dataFeeAtMost": self.data_fee.to_string(),
            "transactions": transactions,
        }))
    }
}
