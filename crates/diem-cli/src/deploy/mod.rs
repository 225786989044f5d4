//! Puts the contracts on a chain, as Stylus programs or as EVM code: check all that can be
//! checked, lay out every address and try every transaction out, show that as a plan, and then go
//! step by step. Of each step the chain tells whether it is done, and the record is written before
//! and after it, so that a deployment that stopped anywhere goes on when it is run again: no
//! contract is ever live and unrecorded, and none is made twice.

mod checks;
mod handing_over;
mod journal;
mod pieces;
mod powers;
mod preview;
mod system;
mod target;
mod verify;

pub use preview::Preview;
pub use target::{Target, choose as choose_target};

use crate::chain::{Chain, Sent};
use crate::deployment::{Arguments, Deployment, Draft, Timelock};
use crate::networks::Network;
use crate::{Failure, Result, output, show, upkeep};
use alloy::primitives::{Address, B256, U256};
use journal::Journal;
use std::path::{Path, PathBuf};
use system::{Part, Step, System};

/// What is to be deployed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Signs everything; owns the contracts until `owner` has accepted them.
    pub deployer: Address,
    /// Shall own the contracts.
    pub owner: Owner,
    /// May stop minting and gateways at once; the zero address is nobody.
    pub guardian: Address,
    /// Receives the yield fee; by default the owner.
    pub treasury: Option<Address>,
    /// The VVV to stake; `None` deploys the stand-in.
    pub vvv: Option<Address>,
    /// Curve and emissions.
    pub arguments: Arguments,
    /// How the contracts shall run.
    pub target: Target,
    /// Where the builds are.
    pub builds: Builds,
    /// Directory of the deployment files.
    pub deployments: PathBuf,
    /// Whether the chain is a toy, whose earlier record may be overwritten.
    pub devnet: bool,
    /// Whether to put the programs in the chain's cache.
    pub cache: bool,
}

/// Who shall own the contracts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// An account, to which the ownership is offered where it is not the deployer.
    Account(Address),
    /// A timelock, which the deployment makes and hands the contracts over to.
    Timelock(Timelock),
}

/// Directories of what the builds left.
#[derive(Clone, Debug)]
pub struct Builds {
    /// Of scripts/build-wasm: the programs.
    pub wasm: PathBuf,
    /// Of evm/build.mjs: EVM code, the timelock's included.
    pub evm: PathBuf,
}

/// A deployment that could be carried out now.
#[derive(Clone, Debug)]
pub struct Prepared {
    system: System,
    journal: Journal,
    preview: Preview,
    plan: Plan,
}

/// The VVV to use on a network: what was asked for, what the network has, or, on a
/// devnet only, none, which means the stand-in.
///
/// # Errors
/// A chain that is no devnet needs to be told.
pub fn choose_vvv(network: &Network, asked: Option<Address>) -> Result<Option<Address>> {
    match asked.or(network.vvv) {
        None if !network.devnet => Err(Failure::broken(
            "cannot deploy",
            "this network has no VVV to stake",
        )
        .with("network", &network.name)
        .with("chain id", network.chain_id)
        .hint("name the token with --vvv")),
        vvv => Ok(vvv),
    }
}

/// Carries out a plan from its beginning.
///
/// # Errors
/// As [`prepare`] and [`Prepared::carry_out`].
pub async fn deploy(chain: &Chain, plan: &Plan) -> Result<Deployment> {
    prepare(chain, plan).await?.carry_out(chain).await
}

/// Checks a plan against the chain and lays out what it comes to. Sends nothing.
///
/// # Errors
/// The deployment could not come to its end.
pub async fn prepare(chain: &Chain, plan: &Plan) -> Result<Prepared> {
    checks::record(chain, plan)?;
    checks::check(chain, plan).await?;
    let codes = checks::codes(chain, plan).await?;
    let genesis = chain.genesis().await?;
    let (system, salt) = free(chain, |salt| System::new(plan, &codes, salt)).await?;
    let since = chain.head(None).await?.number;
    let mut journal = Journal::begin(chain, genesis, plan, &system, salt, since);
    if let Some(vvv) = plan.vvv {
        journal.found(chain.codehash(vvv).await?);
    }
    prepared(chain, plan, system, journal).await
}

/// Takes up a deployment that stopped, as its record tells; none where it is finished. Sends
/// nothing.
///
/// # Errors
/// There is none, it was begun on another chain, by another account or with other builds; or it
/// could not come to its end.
pub async fn resume(
    chain: &Chain,
    deployer: Address,
    builds: Builds,
    deployments: &Path,
    devnet: bool,
) -> Result<Option<Prepared>> {
    let draft = Draft::read(deployments, chain.id())?;
    checks::same_chain(chain, &draft, deployments).await?;
    let Some(begun) = &draft.resume else {
        return Ok(None);
    };
    let wrong = |cause: &str| {
        Failure::refused("cannot go on with this deployment", cause)
            .with("began with", draft.deployer)
            .with("signing", deployer)
            .hint("sign with the key that it was begun with")
    };
    if deployer != draft.deployer {
        return Err(wrong("another account began it"));
    }
    let plan = Plan {
        deployer,
        owner: match &draft.timelock {
            Some(terms) => Owner::Timelock(terms.clone()),
            None => Owner::Account(draft.owner),
        },
        guardian: draft.guardian.unwrap_or_default(),
        treasury: Some(draft.treasury),
        vvv: draft.vvv.filter(|_| !begun.stand_in),
        arguments: draft.arguments.clone(),
        target: draft.target,
        builds,
        deployments: deployments.to_owned(),
        devnet,
        cache: begun.cache,
    };
    checks::check(chain, &plan).await?;
    let codes = checks::codes(chain, &plan).await?;
    let system = System::new(&plan, &codes, draft.salt);
    let head = chain.head(None).await?.number;
    let journal = Journal::take_up(draft, &plan, head);
    journal.check_creations(&system)?;
    Ok(Some(prepared(chain, &plan, system, journal).await?))
}

/// The system with the least salt by which nothing of it is there yet.
async fn free(chain: &Chain, system: impl Fn(B256) -> System) -> Result<(System, B256)> {
    let mut number = U256::ONE;
    loop {
        let salt = B256::from(number);
        let system = system(salt);
        let mut taken = false;
        for (_, piece) in system.pieces() {
            taken |= chain.codehash_if_any(piece.address).await?.is_some();
        }
        if !taken {
            return Ok((system, salt));
        }
        number += U256::ONE;
    }
}

async fn prepared(
    chain: &Chain,
    plan: &Plan,
    system: System,
    journal: Journal,
) -> Result<Prepared> {
    let preview = preview::of(chain, plan, &system).await?;
    checks::funds(chain, plan, &preview).await?;
    Ok(Prepared {
        system,
        journal,
        preview,
        plan: plan.clone(),
    })
}

impl Prepared {
    /// What would be done, and what it costs.
    #[must_use]
    pub fn preview(&self) -> &Preview {
        &self.preview
    }

    /// Does what is not done yet.
    ///
    /// # Errors
    /// The chain refuses a step, or shows something else than was asked for: then the record
    /// tells what is there.
    pub async fn carry_out(mut self, chain: &Chain) -> Result<Deployment> {
        for step in self.system.steps() {
            self.journal.next(step)?;
            match step {
                Step::ReadBack => {
                    verify::contracts(chain, &self.plan, &self.system).await?;
                }
                Step::SeePowerless => {
                    powers::see_powerless(chain, &self.plan, &self.system, self.since()).await?;
                }
                Step::Cache(part) => self.cache(chain, part).await?,
                step => self.transact(chain, step).await?,
            }
        }
        self.journal.end()?;
        Deployment::read(&self.plan.deployments, chain.id())
    }

    /// Does a step by its transaction, unless it is done.
    async fn transact(&mut self, chain: &Chain, step: Step) -> Result<()> {
        let Some(call) = self.system.call(step) else {
            return Ok(());
        };
        let deployer = self.plan.deployer;
        let mut sent = None;
        if let Some(hash) = self.journal.sent(step) {
            output::story(&format!(
                "looking   for {hash}, sent before: {}",
                step.name()
            ));
            sent = match chain.outcome(deployer, &call, hash).await {
                Ok(sent) => sent,
                // It failed: whether the step is done all the same, the chain tells.
                Err(failure) if failure.is_refusal() => None,
                Err(failure) => return Err(failure),
            };
        }
        if !self.system.is_done(chain, step).await? {
            let journal = &mut self.journal;
            if let Step::Make(part) = step {
                journal.lost(part);
            }
            let note = |hash| journal.sending(step, hash);
            sent = match chain.carry_out_noted(deployer, &call, note).await {
                Ok(sent) => Some(sent),
                // Somebody else may have sent the same first.
                Err(failure) if failure.is_refusal() => {
                    if !self.system.is_done(chain, step).await? {
                        return Err(failure.with("step", step.name()));
                    }
                    None
                }
                Err(failure) => return Err(failure.with("step", step.name())),
            };
        } else if sent.is_none() {
            output::story(&format!("done      before: {}", step.name()));
        }
        self.told(chain, step, sent.as_ref()).await
    }

    /// Tells and records what a step came to.
    async fn told(&mut self, chain: &Chain, step: Step, sent: Option<&Sent>) -> Result<()> {
        if let Step::Make(part) = step {
            return self.made(chain, part, sent).await;
        }
        let Some(sent) = sent else {
            return Ok(());
        };
        let (gas, owner) = (sent.gas(), self.system.owner);
        output::story(&match step {
            Step::Wire => format!("wired     sVVV to DIEM for good, {gas} gas"),
            Step::Guard => format!("guardian  {}, {gas} gas", self.system.guardian),
            Step::Offer(_) => format!("offered   to {owner}: {}, {gas} gas", step.name()),
            Step::Announce => format!("announced that {owner} takes over, {gas} gas"),
            Step::HandOver => format!("handed    over to {owner}, {gas} gas"),
            step => format!("done      {}, {gas} gas", step.name()),
        });
        Ok(())
    }

    async fn made(&mut self, chain: &Chain, part: Part, sent: Option<&Sent>) -> Result<()> {
        let Some(piece) = self.system.piece(part) else {
            return Ok(());
        };
        // What an earlier run recorded says more than what is found now.
        if sent.is_none() && self.journal.has(part) {
            return Ok(());
        }
        let codehash = chain.codehash(piece.address).await?;
        self.journal.made(part, piece.address, codehash, sent)?;
        if let Some(expected) = piece.codehash {
            verify::code(piece.address, codehash, expected)?;
        }
        let Some(sent) = sent else {
            return Ok(());
        };
        let (title, address, size, gas) = (piece.title, piece.address, piece.size, sent.gas());
        output::story(&match piece.codehash {
            Some(_) => format!(
                "deployed  {title} at {address}: {size} compressed bytes, {gas} gas, activation fee {} ETH",
                show(piece.fee)
            ),
            None => {
                format!("deployed  {title} at {address}: {size} bytes of creation code, {gas} gas")
            }
        });
        Ok(())
    }

    /// Puts a program in the cache if that can be had. It runs without, only dearer: no reason
    /// to call a deployment failed.
    async fn cache(&mut self, chain: &Chain, part: Part) -> Result<()> {
        let Some(program) = self.system.piece(part).map(|piece| piece.address) else {
            return Ok(());
        };
        let cached = match upkeep::cache(chain, self.plan.deployer, program, None).await {
            Ok(cached) => cached,
            Err(failure) => {
                output::story(&format!(
                    "not cached {program}: {}; `diem cache-bid` tries again",
                    failure.cause()
                ));
                false
            }
        };
        self.journal.cached(part, cached)
    }

    fn since(&self) -> u64 {
        self.journal.since()
    }
}
