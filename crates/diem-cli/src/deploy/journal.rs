//! The record of a deployment, kept after each step: whoever takes up one that stopped finds there
//! what was asked for, what is there, and which transaction may still be on its way.

use super::system::{Part, Step, System};
use super::{Owner, Plan};
use crate::chain::{Chain, Sent};
use crate::deployment::{self, Draft, DraftContracts, Record, Resume};
use crate::{Failure, Result};
use alloy::primitives::{Address, B256, keccak256};
use diem_abi::json;
use std::path::PathBuf;

/// A record in the making.
#[derive(Clone, Debug)]
pub(super) struct Journal {
    draft: Draft,
    directory: PathBuf,
}

impl Journal {
    /// A new record, not written yet.
    pub(super) fn begin(
        chain: &Chain,
        genesis: Option<B256>,
        plan: &Plan,
        system: &System,
        salt: B256,
        since: u64,
    ) -> Self {
        let creations = system.pieces().into_iter();
        let creations =
            creations.map(|(part, piece)| (part.name().to_owned(), piece.creation_hash));
        let draft = Draft {
            chain_id: chain.id(),
            genesis,
            rpc_url: chain.origin().to_owned(),
            target: plan.target,
            vvv: plan.vvv,
            s_vvv: None,
            diem: None,
            owner: system.owner,
            deployer: plan.deployer,
            guardian: Some(plan.guardian).filter(|guardian| !guardian.is_zero()),
            treasury: system.treasury,
            timelock: match &plan.owner {
                Owner::Account(_) => None,
                Owner::Timelock(terms) => Some(terms.clone()),
            },
            salt,
            arguments: plan.arguments.clone(),
            contracts: DraftContracts::default(),
            unfinished: None,
            resume: Some(Resume {
                since,
                stand_in: plan.vvv.is_none(),
                cache: plan.cache,
                creations: creations.collect(),
                sent: None,
            }),
        };
        Self {
            draft,
            directory: plan.deployments.clone(),
        }
    }

    /// The record that a deployment left which stopped. A dev node that forgot what it had is at
    /// an earlier block than it was: `head` is where it is now.
    pub(super) fn take_up(mut draft: Draft, plan: &Plan, head: u64) -> Self {
        if let Some(resume) = &mut draft.resume {
            resume.since = resume.since.min(head);
        }
        Self {
            draft,
            directory: plan.deployments.clone(),
        }
    }

    /// The builds make what the deployment was begun with.
    ///
    /// # Errors
    /// They do not: other addresses, and other contracts than those that are there.
    pub(super) fn check_creations(&self, system: &System) -> Result<()> {
        let Some(resume) = &self.draft.resume else {
            return Ok(());
        };
        for (part, piece) in system.pieces() {
            let begun = resume.creations.get(part.name());
            if begun != Some(&piece.creation_hash) {
                return Err(Failure::refused(
                    "cannot go on with this deployment",
                    format!(
                        "the build of {} is another than the one it was begun with",
                        piece.title
                    ),
                )
                .with("file", self.path().display())
                .with("is", piece.creation_hash)
                .with("was", begun.map_or("nothing".to_owned(), B256::to_string))
                .hint("check out the sources it was begun with, and build them"));
            }
        }
        Ok(())
    }

    /// Notes which step is next.
    pub(super) fn next(&mut self, step: Step) -> Result<()> {
        self.draft.unfinished = Some(step.name());
        self.write()
    }

    /// Notes a transaction that is about to be sent.
    pub(super) fn sending(&mut self, step: Step, hash: B256) -> Result<()> {
        if let Some(resume) = &mut self.draft.resume {
            resume.sent = Some((step.name(), hash));
        }
        self.write()
    }

    /// The transaction for this step that an earlier run signed, if one did.
    pub(super) fn sent(&self, step: Step) -> Option<B256> {
        let sent = self.draft.resume.as_ref()?.sent.as_ref();
        sent.filter(|(name, _)| *name == step.name())
            .map(|(_, hash)| *hash)
    }

    /// The latest block before the first transaction.
    pub(super) fn since(&self) -> u64 {
        let resume = self.draft.resume.as_ref();
        resume.map_or(0, |resume| resume.since)
    }

    /// Whether the contract is recorded.
    pub(super) fn has(&self, part: Part) -> bool {
        let contracts = &self.draft.contracts;
        match part {
            Part::Vvv => contracts.vvv.is_some(),
            Part::SVvv => contracts.s_vvv.is_some(),
            Part::Diem => contracts.diem.is_some(),
            Part::Timelock => contracts.timelock.is_some(),
        }
    }

    /// Notes that the contract is there: made by `sent`, or by whoever sent the same first.
    pub(super) fn made(
        &mut self,
        part: Part,
        address: Address,
        codehash: B256,
        sent: Option<&Sent>,
    ) -> Result<()> {
        let since = self.draft.resume.as_ref().map(|resume| resume.since);
        let record = Record {
            block: sent.map_or(since, Sent::block),
            transaction: sent.map(Sent::hash),
            gas_used: sent.map(Sent::gas),
            codehash,
            abi_hash: abi(part).map(keccak256),
            cached: false,
        };
        let Draft {
            vvv,
            s_vvv,
            diem,
            contracts,
            ..
        } = &mut self.draft;
        match part {
            Part::Vvv => (*vvv, contracts.vvv) = (Some(address), Some(record)),
            Part::SVvv => (*s_vvv, contracts.s_vvv) = (Some(address), Some(record)),
            Part::Diem => (*diem, contracts.diem) = (Some(address), Some(record)),
            Part::Timelock => contracts.timelock = Some(record),
        }
        self.write()
    }

    /// Notes the VVV that was there before.
    pub(super) fn found(&mut self, codehash: B256) {
        self.draft.contracts.vvv = Some(Record {
            block: None,
            transaction: None,
            gas_used: None,
            codehash,
            abi_hash: abi(Part::Vvv).map(keccak256),
            cached: false,
        });
    }

    /// Forgets a contract that the chain does not have, or has lost.
    pub(super) fn lost(&mut self, part: Part) {
        let Draft {
            vvv,
            s_vvv,
            diem,
            contracts,
            ..
        } = &mut self.draft;
        match part {
            Part::Vvv => (*vvv, contracts.vvv) = (None, None),
            Part::SVvv => (*s_vvv, contracts.s_vvv) = (None, None),
            Part::Diem => (*diem, contracts.diem) = (None, None),
            Part::Timelock => contracts.timelock = None,
        }
    }

    /// Notes whether a program is in the cache.
    pub(super) fn cached(&mut self, part: Part, cached: bool) -> Result<()> {
        let contracts = &mut self.draft.contracts;
        let record = match part {
            Part::Vvv => &mut contracts.vvv,
            Part::SVvv => &mut contracts.s_vvv,
            Part::Diem => &mut contracts.diem,
            Part::Timelock => &mut contracts.timelock,
        };
        if let Some(record) = record {
            record.cached = cached;
        }
        self.write()
    }

    /// Notes that nothing is left to do.
    pub(super) fn end(&mut self) -> Result<()> {
        self.draft.unfinished = None;
        self.draft.resume = None;
        self.write()
    }

    fn path(&self) -> PathBuf {
        deployment::path(&self.directory, self.draft.chain_id)
    }

    fn write(&self) -> Result<()> {
        self.draft.write(&self.directory).map(drop)
    }
}

/// The committed ABI of a contract of ours.
fn abi(part: Part) -> Option<&'static [u8]> {
    match part {
        Part::Vvv => Some(json::VVV),
        Part::SVvv => Some(json::STAKED_VVV),
        Part::Diem => Some(json::DIEM),
        Part::Timelock => None,
    }
}
