//! Actions as transactions: who signs, which contract, which call.

use super::Action;
use crate::abi::{IDiem, IStakedVvv, IVVV};
use crate::actors::Who;
use crate::model::Contracts;
use alloy::sol_types::SolCall;
use alloy_primitives::{Address, Bytes, U256};

/// A transaction ready to be signed.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who signs.
    pub who: Who,
    /// The contract called.
    pub to: Address,
    /// Selector and arguments.
    pub calldata: Bytes,
}

use Action::*;

impl Action {
    /// The transaction that does this on the chain of that id; `None` for the passing of time.
    pub fn request(&self, at: &Contracts, chain_id: u64) -> Option<Request> {
        Some(match self {
            Wait { .. } => return None,
            Faucet { who, amount } => request(
                *who,
                at.vvv,
                &IVVV::mintCall {
                    to: who.address(),
                    amount: u(amount),
                },
            ),
            FundRewards { who, amount } => request(
                *who,
                at.s_vvv,
                &IStakedVvv::fundRewardsCall { amount: u(amount) },
            ),
            SetEmissionRate { who, rate } => request(
                *who,
                at.s_vvv,
                &IStakedVvv::setEmissionRateCall {
                    newEmissionRate: u(rate),
                },
            ),
            StakeVvv {
                who,
                recipient,
                amount,
            } => {
                let call = IStakedVvv::stakeCall {
                    recipient: recipient.address(),
                    amount: u(amount),
                };
                request(*who, at.s_vvv, &call)
            }
            InitiateUnstakeVvv { who, amount } => request(
                *who,
                at.s_vvv,
                &IStakedVvv::initiateUnstakeCall { amount: u(amount) },
            ),
            FinalizeUnstake { who } => request(*who, at.s_vvv, &IStakedVvv::finalizeUnstakeCall {}),
            Claim { who } => request(*who, at.s_vvv, &IStakedVvv::claimCall {}),
            ClaimAndStake { who } => request(*who, at.s_vvv, &IStakedVvv::claimAndStakeCall {}),
            MintDiem { who, amount, least } => {
                let call = IStakedVvv::mintDiemCall {
                    sVVVAmountToLock: u(amount),
                    minDiemAmountOut: u(least),
                };
                request(*who, at.s_vvv, &call)
            }
            BurnDiem { who, amount } => request(
                *who,
                at.s_vvv,
                &IStakedVvv::burnDiemCall {
                    diemAmountToBurn: u(amount),
                },
            ),
            other => {
                return other
                    .diem_request(at.diem)
                    .or_else(|| other.token_request(at, chain_id));
            }
        })
    }

    fn diem_request(&self, diem: Address) -> Option<Request> {
        Some(match self {
            Mint { who, amount, least } => request(
                *who,
                diem,
                &IDiem::mintCall {
                    sVVVAmount: u(amount),
                    minDiemOut: u(least),
                },
            ),
            MintExact { who, amount, most } => request(
                *who,
                diem,
                &IDiem::mintExactCall {
                    diemAmount: u(amount),
                    maxSVVV: u(most),
                },
            ),
            Burn { who, amount } => request(
                *who,
                diem,
                &IDiem::burnCall {
                    diemAmount: u(amount),
                },
            ),
            Transfer { who, to, amount } => request(
                *who,
                diem,
                &IDiem::transferCall {
                    to: to.address(),
                    value: u(amount),
                },
            ),
            ClaimYield { who } => request(*who, diem, &IDiem::claimYieldCall {}),
            CollectFees { who } => request(*who, diem, &IDiem::collectFeesCall {}),
            SetGuardian { who, guardian } => request(
                *who,
                diem,
                &IDiem::setGuardianCall {
                    newGuardian: guardian.address(),
                },
            ),
            SetTreasury { who, treasury } => request(
                *who,
                diem,
                &IDiem::setTreasuryCall {
                    newTreasury: treasury.address(),
                },
            ),
            PauseMint { who } => request(*who, diem, &IDiem::pauseMintCall {}),
            UnpauseMint { who } => request(*who, diem, &IDiem::unpauseMintCall {}),
            other => return other.credit_request(diem),
        })
    }

    fn credit_request(&self, diem: Address) -> Option<Request> {
        Some(match self {
            StakeDiem { who, amount } => {
                request(*who, diem, &IDiem::stakeCall { amount: u(amount) })
            }
            InitiateUnstakeDiem { who, amount } => request(
                *who,
                diem,
                &IDiem::initiateUnstakeCall { amount: u(amount) },
            ),
            UnstakeDiem { who } => request(*who, diem, &IDiem::unstakeCall {}),
            other => {
                return other
                    .line_request(diem)
                    .or_else(|| other.lease_request(diem));
            }
        })
    }

    fn line_request(&self, diem: Address) -> Option<Request> {
        Some(match self {
            SetGateway {
                who,
                gateway,
                allowed,
            } => {
                let call = IDiem::setGatewayCall {
                    gateway: gateway.address(),
                    allowed: *allowed,
                };
                request(*who, diem, &call)
            }
            RevokeGateway { who, gateway } => request(
                *who,
                diem,
                &IDiem::revokeGatewayCall {
                    gateway: gateway.address(),
                },
            ),
            SetDefaultGateway { who, gateway } => request(
                *who,
                diem,
                &IDiem::setDefaultGatewayCall {
                    gateway: named(*gateway),
                },
            ),
            ChooseGateway { who, gateway } => request(
                *who,
                diem,
                &IDiem::chooseGatewayCall {
                    gateway: named(*gateway),
                },
            ),
            Settle {
                who,
                epoch,
                account,
                used,
            } => {
                let call = IDiem::settleCall {
                    epoch: U256::from(*epoch),
                    account: account.address(),
                    used: u(used),
                };
                request(*who, diem, &call)
            }
            SettleBatch {
                who,
                epoch,
                accounts,
                used,
            } => {
                let call = IDiem::settleBatchCall {
                    epoch: U256::from(*epoch),
                    accounts: accounts.iter().map(|who| who.address()).collect(),
                    used: used.iter().map(u).collect(),
                };
                request(*who, diem, &call)
            }
            _ => return None,
        })
    }

    fn lease_request(&self, diem: Address) -> Option<Request> {
        Some(match self {
            Lease {
                who,
                lessee,
                amount,
                epochs,
            } => {
                let call = IDiem::leaseCall {
                    lessee: lessee.address(),
                    amount: u(amount),
                    epochs: *epochs,
                };
                request(*who, diem, &call)
            }
            TransferLease { who, id, to } => request(
                *who,
                diem,
                &IDiem::transferLeaseCall {
                    id: U256::from(*id),
                    to: to.address(),
                },
            ),
            ChooseLeaseGateway { who, id, gateway } => request(
                *who,
                diem,
                &IDiem::chooseLeaseGatewayCall {
                    id: U256::from(*id),
                    gateway: named(*gateway),
                },
            ),
            SettleLeases {
                who,
                epoch,
                ids,
                used,
            } => {
                let call = IDiem::settleLeasesCall {
                    epoch: U256::from(*epoch),
                    ids: ids.iter().map(|id| U256::from(*id)).collect(),
                    used: used.iter().map(u).collect(),
                };
                request(*who, diem, &call)
            }
            CloseLease { who, id } => request(
                *who,
                diem,
                &IDiem::closeLeaseCall {
                    id: U256::from(*id),
                },
            ),
            _ => return None,
        })
    }
}

/// The address that stands for this gateway; zero for nobody.
pub(crate) fn named(gateway: Option<Who>) -> Address {
    gateway.map_or(Address::ZERO, Who::address)
}

pub(super) fn request<C: SolCall>(who: Who, to: Address, call: &C) -> Request {
    Request {
        who,
        to,
        calldata: call.abi_encode().into(),
    }
}

pub(super) fn u(amount: &u128) -> U256 {
    U256::from(*amount)
}
