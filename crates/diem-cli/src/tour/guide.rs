//! Who walks, what was seen, and whether it was right.

use super::model::{Earner, Holder, Pool};
use crate::chain::{Chain, Sent};
use crate::deployment::Deployment;
use crate::settings::Settings;
use crate::{Failure, Result, output};
use alloy::primitives::{Address, U256};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall;
use diem_abi::{IDiem, IStakedVvv};
use diem_math::Curve;
use serde_json::{Value, json};

/// ETH that each actor gets for gas.
const GAS_MONEY_WEI: u64 = 1_000_000_000_000_000_000;

/// The accounts of the tour: fresh ones, so that it can be walked again on the same chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cast {
    /// Owns the contracts.
    pub(super) owner: Address,
    /// Stakes, mints, earns, burns, leaves.
    pub(super) alice: Address,
    /// Receives DIEM, stakes it and uses its credit.
    pub(super) bob: Address,
    /// Leases credit.
    pub(super) carol: Address,
    /// Asks a model, where a gateway runs.
    pub(super) dave: Address,
    /// Provides inference and settles it.
    pub(super) gateway: Address,
}

/// The state of the walk.
pub(super) struct Guide {
    pub(super) chain: Chain,
    pub(super) at: Deployment,
    pub(super) cast: Cast,
    /// Signs for dave outside the chain.
    pub(super) dave: PrivateKeySigner,
    pub(super) pool: Pool,
    pub(super) alice: Holder,
    json: bool,
    steps: Vec<Value>,
    checks: u64,
    gas: u64,
    /// Checks of the present step.
    checked: u64,
}

impl Guide {
    /// Makes the accounts and takes over the state of the contracts as it is.
    pub(super) async fn prepare(settings: &Settings) -> Result<Self> {
        let at = settings.deployment().await?;
        let owner = settings.account()?;
        let actors: Vec<PrivateKeySigner> = (0..4).map(|_| PrivateKeySigner::random()).collect();
        let [alice, bob, carol, gateway] = [0, 1, 2, 3].map(|actor: usize| actors[actor].address());
        let signer = PrivateKeySigner::random();
        let dave = signer.address();
        let own = match &settings.signer {
            Some(signer) => Some(signer.key("the tour")?.clone()),
            None => None,
        };
        let signers: Vec<_> = own
            .into_iter()
            .chain(actors)
            .chain([signer.clone()])
            .collect();
        let chain = settings.chain.signed_by(&signers);
        for actor in [alice, bob, carol, dave, gateway] {
            chain
                .transfer(owner, actor, U256::from(GAS_MONEY_WEI))
                .await?;
        }
        let curve = Curve::new(at.arguments.base_rate, at.arguments.target_supply)
            .map_err(|error| Failure::broken("the deployment has no curve", error.to_string()))?;
        let supply = chain.call(at.diem, &IDiem::totalSupplyCall {}).await?;
        let pool = Pool {
            index: chain
                .call(at.s_vvv, &IStakedVvv::currentIndexCall {})
                .await?,
            reserve: chain
                .call(at.s_vvv, &IStakedVvv::rewardReserveCall {})
                .await?,
            rate: chain
                .call(at.s_vvv, &IStakedVvv::emissionRatePerSecondCall {})
                .await?,
            staked: chain
                .call(at.s_vvv, &IStakedVvv::totalSupplyCall {})
                .await?,
            // Reads are answered as of the latest block.
            updated: chain.timestamp(None).await?,
        };
        let earner = Earner::new(pool.index);
        let alice_model = Holder {
            free: earner,
            locked: earner,
            outstanding: U256::ZERO,
            curve,
            supply,
            received: U256::ZERO,
        };
        Ok(Self {
            chain,
            at,
            cast: Cast {
                owner,
                alice,
                bob,
                carol,
                dave,
                gateway,
            },
            dave: signer,
            pool,
            alice: alice_model,
            json: settings.json,
            steps: Vec::new(),
            checks: 0,
            gas: 0,
            checked: 0,
        })
    }

    /// Holds a number of the chain against the model's.
    pub(super) fn check(&mut self, what: &str, is: U256, model: U256) -> Result<()> {
        self.checked += 1;
        if is == model {
            return Ok(());
        }
        Err(
            Failure::refused(format!("check failed: {what}"), "chain and model disagree")
                .with("chain", is)
                .with("model", model)
                .hint("keep the node's state and report this: it is a bug"),
        )
    }

    /// Holds an address of the chain against the model's.
    pub(super) fn check_address(&mut self, what: &str, is: Address, model: Address) -> Result<()> {
        self.check(what, is.into_word().into(), model.into_word().into())
    }

    /// Demands that a call be refused with `E`, and leaves the chain as it was.
    pub(super) async fn refused<C: SolCall>(
        &mut self,
        from: Address,
        to: Address,
        call: &C,
        error: &str,
    ) -> Result<String> {
        self.checked += 1;
        match self.chain.send(from, to, call).await {
            Err(failure) if failure.to_string().contains(error) => Ok(failure.cause().to_owned()),
            Err(failure) => Err(failure.with("expected error", error)),
            Ok(sent) => Err(Failure::refused(
                "check failed: a refusal",
                "the chain accepted the call",
            )
            .with("expected error", error)
            .with("transaction", sent.hash())),
        }
    }

    /// Ends a step: prints what happened, the gas, and that its checks held.
    pub(super) fn tell(&mut self, title: &str, numbers: &str, sent: &[&Sent]) {
        let gas: u64 = sent.iter().map(|sent| sent.gas()).sum();
        let checks = std::mem::take(&mut self.checked);
        self.gas += gas;
        self.checks += checks;
        self.steps
            .push(json!({ "step": title, "numbers": numbers, "gasUsed": gas, "checks": checks }));
        if !self.json {
            let gas = if gas == 0 {
                String::new()
            } else {
                format!("{gas} gas, ")
            };
            output::answer(
                false,
                &json!(null),
                &format!("{title:<18} {numbers}  [{gas}{checks} checks ok]"),
            );
        }
    }

    pub(super) fn steps(&self) -> &[Value] {
        &self.steps
    }

    /// Checks made and gas used.
    pub(super) fn totals(&self) -> (u64, u64) {
        (self.checks, self.gas)
    }

    /// Days pass.
    pub(super) async fn sleep(&mut self, days: u64) -> Result<()> {
        self.chain
            .travel(days * diem_math::epoch::EPOCH_SECONDS)
            .await
    }

    /// The clock moves on to this hour of the day, which is still to come.
    pub(super) async fn hour(&mut self, hour: u64) -> Result<()> {
        let now = self.chain.timestamp(None).await?;
        let today = diem_math::epoch::epoch_start(diem_math::epoch::epoch_at(now));
        self.chain
            .travel((today + hour * 3_600).saturating_sub(now))
            .await
    }

    /// The clock moves on to just after the next 00:00 UTC.
    pub(super) async fn midnight(&mut self) -> Result<()> {
        let now = self.chain.timestamp(None).await?;
        self.chain
            .travel(diem_math::epoch::next_refresh(now).saturating_sub(now))
            .await
    }
}
