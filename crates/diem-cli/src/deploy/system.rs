//! All that a deployment makes, laid out before the first transaction, and the steps that lead
//! there. Of each step the chain itself tells whether it is done.

use super::handing_over::{self, HandingOver};
use super::pieces::{self, Piece, Priced};
use super::verify::Addresses;
use super::{Owner, Plan, Target};
use crate::Result;
use crate::chain::{Call, Chain};
use crate::deployment::WIRE;
use crate::program::Module;
use alloy::primitives::{Address, B256};
use alloy::sol_types::SolValue;
use diem_abi::{IDiem, IStakedVvv};

/// What the builds left, and what the chain asks for it.
#[derive(Clone, Debug)]
pub(super) struct Codes {
    /// None where there is a VVV.
    pub(super) vvv: Option<Priced>,
    pub(super) s_vvv: Priced,
    pub(super) diem: Priced,
    /// None where another account shall own the contracts.
    pub(super) timelock: Option<Module>,
}

/// What a deployment makes.
#[derive(Clone, Debug)]
pub(super) struct System {
    pub(super) deployer: Address,
    pub(super) owner: Address,
    pub(super) guardian: Address,
    pub(super) treasury: Address,
    pub(super) at: Addresses,
    vvv: Option<Piece>,
    s_vvv: Piece,
    diem: Piece,
    timelock: Option<(Piece, HandingOver)>,
    caches: bool,
}

/// One of the contracts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Vvv,
    SVvv,
    Diem,
    Timelock,
}

impl Part {
    /// By which the record and the build know it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Vvv => "vvv",
            Self::SVvv => "staked_vvv",
            Self::Diem => "diem",
            Self::Timelock => "timelock",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Vvv => "VVV",
            Self::SVvv => "sVVV",
            Self::Diem => "DIEM",
            Self::Timelock => "the timelock",
        }
    }
}

/// One act of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Make a contract.
    Make(Part),
    /// Tell sVVV its DIEM, for good.
    Wire,
    /// Compare what the contracts say with what was asked for.
    ReadBack,
    /// Name the guardian.
    Guard,
    /// Offer the ownership of a contract.
    Offer(Part),
    /// Announce the batch by which the timelock takes over.
    Announce,
    /// Carry it out.
    HandOver,
    /// See that the deployer has nothing left.
    SeePowerless,
    /// Put a program in the chain's cache.
    Cache(Part),
}

impl Step {
    /// In words, for people and for the record.
    pub(super) fn name(self) -> String {
        match self {
            Self::Make(part) => format!("deploy {}", part.title()),
            Self::Wire => WIRE.to_owned(),
            Self::ReadBack => "read back what was deployed".to_owned(),
            Self::Guard => "name the guardian".to_owned(),
            Self::Offer(part) => format!("offer the ownership of {}", part.title()),
            Self::Announce => "announce the handing over".to_owned(),
            Self::HandOver => "hand over to the timelock".to_owned(),
            Self::SeePowerless => "see that the deployer has nothing left".to_owned(),
            Self::Cache(part) => format!("put {} in the cache", part.title()),
        }
    }
}

impl System {
    /// What `plan` comes to with `salt`.
    pub(super) fn new(plan: &Plan, codes: &Codes, salt: B256) -> Self {
        let (deployer, target) = (plan.deployer, plan.target);
        let timelock = codes.timelock.as_ref().map(|module| {
            let arguments = handing_over::constructor(deployer);
            pieces::contract(Part::Timelock.title(), module, &arguments, salt)
        });
        let owner = match (&plan.owner, &timelock) {
            (Owner::Account(owner), _) => *owner,
            (Owner::Timelock(_), Some(timelock)) => timelock.address,
            (Owner::Timelock(_), None) => Address::ZERO,
        };
        let treasury = plan.treasury.unwrap_or(owner);
        let make = |part: Part, code: &Priced, arguments| {
            pieces::piece(target, part.title(), code, arguments, salt)
        };
        let stand_in = codes.vvv.as_ref();
        let stand_in = stand_in.map(|code| make(Part::Vvv, code, None));
        let vvv = stand_in
            .as_ref()
            .map_or(plan.vvv.unwrap_or_default(), |piece| piece.address);
        let numbers = &plan.arguments;
        let given = (
            vvv,
            deployer,
            numbers.emission_rate,
            numbers.max_emission_rate,
        );
        let s_vvv = make(Part::SVvv, &codes.s_vvv, Some(given.abi_encode_params()));
        let given = (
            s_vvv.address,
            deployer,
            treasury,
            numbers.base_rate,
            numbers.target_supply,
        );
        let diem = make(Part::Diem, &codes.diem, Some(given.abi_encode_params()));
        let at = Addresses {
            vvv,
            s_vvv: s_vvv.address,
            diem: diem.address,
        };
        let timelock = match (timelock, &plan.owner) {
            (Some(piece), Owner::Timelock(terms)) => {
                let over = HandingOver::new(piece.address, terms, at, deployer);
                Some((piece, over))
            }
            _ => None,
        };
        Self {
            deployer,
            owner,
            guardian: plan.guardian,
            treasury,
            at,
            vvv: stand_in,
            s_vvv,
            diem,
            timelock,
            caches: plan.cache && target == Target::Stylus,
        }
    }

    /// The contracts that are made here, in their order.
    pub(super) fn pieces(&self) -> Vec<(Part, &Piece)> {
        let timelock = self.timelock.as_ref().map(|(piece, _)| piece);
        let all: [(Part, Option<&Piece>); 4] = [
            (Part::Vvv, self.vvv.as_ref()),
            (Part::SVvv, Some(&self.s_vvv)),
            (Part::Diem, Some(&self.diem)),
            (Part::Timelock, timelock),
        ];
        all.into_iter()
            .filter_map(|(part, piece)| Some((part, piece?)))
            .collect()
    }

    pub(super) fn piece(&self, part: Part) -> Option<&Piece> {
        let mut pieces = self.pieces().into_iter();
        pieces
            .find(|(other, _)| *other == part)
            .map(|(_, piece)| piece)
    }

    /// The batch of the timelock, where there is one.
    pub(super) fn handing_over(&self) -> Option<&HandingOver> {
        self.timelock.as_ref().map(|(_, over)| over)
    }

    /// All that is to be done, in its order.
    pub(super) fn steps(&self) -> Vec<Step> {
        let parts: Vec<Part> = self.pieces().into_iter().map(|(part, _)| part).collect();
        let mut steps: Vec<Step> = parts
            .iter()
            .filter(|part| **part != Part::Timelock)
            .map(|part| Step::Make(*part))
            .collect();
        steps.extend([Step::Wire, Step::ReadBack]);
        if self.timelock.is_some() {
            steps.push(Step::Make(Part::Timelock));
        }
        if !self.guardian.is_zero() {
            steps.push(Step::Guard);
        }
        if self.owner != self.deployer {
            steps.extend([Step::Offer(Part::SVvv), Step::Offer(Part::Diem)]);
        }
        if self.timelock.is_some() {
            steps.extend([Step::Announce, Step::HandOver, Step::SeePowerless]);
        }
        if self.caches {
            let programs = parts.iter().filter(|part| **part != Part::Timelock);
            steps.extend(programs.map(|part| Step::Cache(*part)));
        }
        steps
    }

    /// The transaction of a step; none where it only reads, or what it sends depends on what the
    /// chain says by then.
    pub(super) fn call(&self, step: Step) -> Option<Call> {
        match step {
            Step::Make(part) => self.piece(part).map(|piece| piece.creation.clone()),
            Step::Wire => {
                let call = IStakedVvv::setDiemCall { diem: self.at.diem };
                Some(Call::new(self.at.s_vvv, &call))
            }
            Step::Guard => {
                let call = IDiem::setGuardianCall {
                    newGuardian: self.guardian,
                };
                Some(Call::new(self.at.diem, &call))
            }
            Step::Offer(part) => {
                let call = IDiem::transferOwnershipCall {
                    newOwner: self.owner,
                };
                Some(Call::new(self.contract(part), &call))
            }
            Step::Announce => self.handing_over().map(HandingOver::announcement),
            Step::HandOver => self.handing_over().map(HandingOver::execution),
            Step::ReadBack | Step::SeePowerless | Step::Cache(_) => None,
        }
    }

    /// Whether the chain shows that a step is done. One without a transaction never is.
    pub(super) async fn is_done(&self, chain: &Chain, step: Step) -> Result<bool> {
        let Addresses { s_vvv, diem, .. } = self.at;
        match step {
            Step::Make(part) => {
                let address = self.piece(part).map(|piece| piece.address);
                Ok(match address {
                    Some(address) => chain.codehash_if_any(address).await?.is_some(),
                    None => true,
                })
            }
            // What is not there yet has done nothing.
            _ if chain.codehash_if_any(s_vvv).await?.is_none() => Ok(false),
            _ if chain.codehash_if_any(diem).await?.is_none() => Ok(false),
            Step::Wire => Ok(chain.call(s_vvv, &IStakedVvv::diemCall {}).await? == diem),
            Step::Guard => {
                let guardian = chain.call(diem, &IDiem::guardianCall {}).await?;
                Ok(guardian == self.guardian)
            }
            Step::Offer(part) => {
                let contract = self.contract(part);
                let owner = chain.call(contract, &IDiem::ownerCall {}).await?;
                let pending = chain.call(contract, &IDiem::pendingOwnerCall {}).await?;
                Ok(owner == self.owner || pending == self.owner)
            }
            Step::Announce => match self.handing_over() {
                Some(over) => over.is_announced(chain).await,
                None => Ok(true),
            },
            Step::HandOver => match self.handing_over() {
                Some(over) => over.is_done(chain).await,
                None => Ok(true),
            },
            Step::ReadBack | Step::SeePowerless | Step::Cache(_) => Ok(false),
        }
    }

    fn contract(&self, part: Part) -> Address {
        match part {
            Part::Vvv => self.at.vvv,
            Part::SVvv => self.at.s_vvv,
            Part::Diem => self.at.diem,
            Part::Timelock => self.owner,
        }
    }
}
