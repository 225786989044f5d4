//! The owner's acts through a timelock.

use super::Desk;
use crate::args::{Act, TimelockArgs, TimelockCommand};
use crate::chain::Call;
use crate::output::{answer, span};
use crate::timelock::{self, Operation, State, Words};
use crate::{Failure, Result};
use alloy::primitives::{Address, B256, U256};
use diem_abi::openzeppelin::ITimelockController as Timelock;
use serde_json::{Value, json};

/// Who may do what with the timelock.
#[derive(Clone, Copy, Debug)]
enum Role {
    Proposer,
    Executor,
    Canceller,
}

impl Desk {
    pub(super) async fn timelock(&self, args: TimelockArgs) -> Result<()> {
        let at = args.timelock.unwrap_or(self.at.owner);
        let least = self.settings.chain.call(at, &Timelock::getMinDelayCall {});
        let least: u64 = least
            .await
            .map_err(|failure| {
                Failure::refused(
                    "cannot act through a timelock",
                    "there is none at this address",
                )
                .with("address", at)
                .with("answer", failure.cause())
                .hint("name the timelock that owns the contracts with --timelock")
            })?
            .saturating_to();
        match args.command {
            TimelockCommand::Schedule { delay, act } => {
                self.schedule(at, &act, delay.unwrap_or(least), least).await
            }
            TimelockCommand::Execute { id } => self.execute(at, id).await,
            TimelockCommand::Cancel { id } => self.cancel(at, id).await,
            TimelockCommand::List => self.list_operations(at).await,
        }
    }

    async fn schedule(&self, at: Address, act: &Act, delay: u64, least: u64) -> Result<()> {
        let account = self.settings.account()?;
        if delay < least {
            return Err(Failure::refused(
                "cannot schedule this",
                "the timelock wants a longer delay",
            )
            .with("delay", span(delay))
            .with("least delay", span(least))
            .hint("leave --delay out for the least"));
        }
        self.may(at, account, Role::Proposer).await?;
        let chain = &self.settings.chain;
        let calls = timelock::calls(act, &self.at, at);
        let (salt, id) = timelock::free_salt(chain, at, &calls).await?;
        let told = self.in_words(at, &calls)?;
        let (targets, values, payloads) = timelock::columns(&calls);
        let call = Timelock::scheduleBatchCall {
            targets,
            values,
            payloads,
            predecessor: B256::ZERO,
            salt,
            delay: U256::from(delay),
        };
        let preview = &format!(
            "announcing on timelock {at}: {told}; may be carried out in {}",
            span(delay)
        );
        let call = Call::new(at, &call);
        let Some(sent) = self.sign(account, preview, call).await? else {
            return Ok(());
        };
        let (mut value, text) = super::receipt(&format!("announced {told}"), &sent);
        value["id"] = json!(id);
        let text = format!("{text}\noperation {id}, ready in {}", span(delay));
        answer(self.settings.json, &value, &text);
        Ok(())
    }

    async fn execute(&self, at: Address, id: B256) -> Result<()> {
        let account = self.settings.account()?;
        let operation = self.operation(at, id).await?;
        let now = self.settings.chain.timestamp(None).await?;
        if operation.state != State::Ready {
            return Err(not_now("execute", &operation, now));
        }
        self.may(at, account, Role::Executor).await?;
        let told = self.in_words(at, &operation.calls)?;
        let call = self.execution(at, &operation).await?;
        let preview = &format!("carrying out {told}");
        let Some(sent) = self.sign(account, preview, call).await? else {
            return Ok(());
        };
        self.done(&format!("carried out {told}"), &sent);
        Ok(())
    }

    async fn cancel(&self, at: Address, id: B256) -> Result<()> {
        let account = self.settings.account()?;
        let operation = self.operation(at, id).await?;
        let now = self.settings.chain.timestamp(None).await?;
        if !matches!(operation.state, State::Ready | State::Waiting(_)) {
            return Err(not_now("cancel", &operation, now));
        }
        self.may(at, account, Role::Canceller).await?;
        let told = self.in_words(at, &operation.calls)?;
        let call = Call::new(at, &Timelock::cancelCall { id });
        let preview = &format!("taking back {told}");
        let Some(sent) = self.sign(account, preview, call).await? else {
            return Ok(());
        };
        self.done(&format!("took back {told}"), &sent);
        Ok(())
    }

    async fn list_operations(&self, at: Address) -> Result<()> {
        let now = self.settings.chain.timestamp(None).await?;
        let (mut lines, mut values) = (Vec::new(), Vec::<Value>::new());
        for operation in self.operations(at).await? {
            let told = self.in_words(at, &operation.calls)?;
            let ready = match operation.state {
                State::Waiting(from) => json!(from),
                _ => Value::Null,
            };
            values.push(json!({
                "id": operation.id, "does": told, "state": operation.state.name(), "readyAt": ready,
            }));
            lines.push(format!(
                "{}  {}  {told}",
                operation.id,
                operation.state.told(now)
            ));
        }
        if lines.is_empty() {
            lines.push("nothing was ever announced".to_owned());
        }
        let value = json!({ "timelock": at, "operations": values });
        answer(self.settings.json, &value, &lines.join("\n"));
        Ok(())
    }

    async fn operations(&self, at: Address) -> Result<Vec<Operation>> {
        let since = self.at.contracts.s_vvv.block.unwrap_or_default();
        timelock::operations(&self.settings.chain, at, since).await
    }

    async fn operation(&self, at: Address, id: B256) -> Result<Operation> {
        let mut all = self.operations(at).await?.into_iter();
        all.find(|operation| operation.id == id).ok_or_else(|| {
            Failure::refused(
                "no such operation",
                "it was never announced on this timelock",
            )
            .with("id", id)
            .with("timelock", at)
            .hint("`diem timelock list` shows them")
        })
    }

    /// As one call or as a batch: which of them has this id.
    async fn execution(&self, at: Address, operation: &Operation) -> Result<Call> {
        let (targets, values, payloads) = timelock::columns(&operation.calls);
        let (predecessor, salt) = (operation.predecessor, operation.salt);
        let chain = &self.settings.chain;
        let id = timelock::id_of(chain, at, &operation.calls, predecessor, salt).await?;
        let value = values.iter().fold(U256::ZERO, |sum, value| sum + value);
        if let [single] = operation.calls.as_slice()
            && id != operation.id
        {
            let call = Timelock::executeCall {
                target: single.to,
                value: single.value,
                payload: single.data.clone(),
                predecessor,
                salt,
            };
            return Ok(Call::new(at, &call).paying(value));
        }
        let call = Timelock::executeBatchCall {
            targets,
            values,
            payloads,
            predecessor,
            salt,
        };
        Ok(Call::new(at, &call).paying(value))
    }

    fn in_words(&self, at: Address, calls: &[Call]) -> Result<String> {
        let words = Words::new(&self.at, at)?;
        let told: Vec<String> = calls.iter().map(|call| words.of(call)).collect();
        Ok(told.join(", "))
    }

    /// The timelock's own refusal names a hash instead of the role.
    async fn may(&self, at: Address, account: Address, role: Role) -> Result<()> {
        let chain = &self.settings.chain;
        let (hash, name) = match role {
            Role::Proposer => (
                chain.call(at, &Timelock::PROPOSER_ROLECall {}).await?,
                "proposer",
            ),
            Role::Executor => (
                chain.call(at, &Timelock::EXECUTOR_ROLECall {}).await?,
                "executor",
            ),
            Role::Canceller => (
                chain.call(at, &Timelock::CANCELLER_ROLECall {}).await?,
                "canceller",
            ),
        };
        // Where nobody is an executor by name, everybody is one.
        for holder in [account, Address::ZERO] {
            let has = Timelock::hasRoleCall {
                role: hash,
                account: holder,
            };
            if chain.call(at, &has).await? {
                return Ok(());
            }
        }
        Err(Failure::refused(
            "cannot act through this timelock",
            format!("this is no {name} of it"),
        )
        .with("account", account)
        .with("timelock", at)
        .hint("sign with the key of that role, or add --from and --unsigned or --safe"))
    }
}

fn not_now(what: &str, operation: &Operation, now: u64) -> Failure {
    Failure::refused(
        format!("cannot {what} this operation"),
        format!("it is {}", operation.state.told(now)),
    )
    .with("id", operation.id)
    .hint("`diem timelock list` tells how all of them stand")
}
