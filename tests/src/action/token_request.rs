//! Allowances, permits, ownership and closed doors as transactions.

use super::permit::{Permit, Site};
use super::request::{Request, request, u};
use super::{Action, Door, Token};
use crate::abi::{IDiem, IStakedVvv, IVVV};
use crate::actors::Who;
use crate::model::Contracts;
use alloy_primitives::{Address, U256};

use Action::*;

impl Action {
    pub(super) fn token_request(&self, at: &Contracts, chain_id: u64) -> Option<Request> {
        Some(match self {
            TransferVvv { who, to, amount } => {
                let (to, value) = (to.address(), u(amount));
                request(*who, at.vvv, &IVVV::transferCall { to, value })
            }
            TransferFrom {
                token,
                who,
                from,
                to,
                amount,
            } => {
                let (from, to, value) = (from.address(), to.address(), u(amount));
                let call = IDiem::transferFromCall { from, to, value };
                request(*who, at.token(*token), &call)
            }
            Approve {
                token,
                who,
                spender,
                amount,
            } => approval(*who, at.token(*token), spender.address(), u(amount)),
            ApproveStaking { who } => approval(*who, at.vvv, at.s_vvv, U256::MAX),
            UsePermit { token, who, permit } => {
                let site = Site::of(chain_id, *token, at);
                permitted(*who, &site, permit)
            }
            StakeWithPermit {
                who,
                recipient,
                amount,
                nonce,
                deadline,
                signer,
            } => {
                let permit = Permit {
                    owner: *who,
                    spender: *who,
                    amount: *amount,
                    nonce: *nonce,
                    deadline: *deadline,
                    signer: *signer,
                };
                let signature = Site::of(chain_id, Token::Vvv, at).sign(&permit, at.s_vvv);
                let call = IStakedVvv::stakeWithPermitCall {
                    recipient: recipient.address(),
                    amount: u(amount),
                    deadline: U256::from(*deadline),
                    v: 27 + u8::from(signature.v()),
                    r: signature.r().into(),
                    s: signature.s().into(),
                };
                request(*who, at.s_vvv, &call)
            }
            other => return other.ownership_request(at),
        })
    }

    fn ownership_request(&self, at: &Contracts) -> Option<Request> {
        Some(match self {
            OfferOwnership { of, who, to } => {
                let call = IDiem::transferOwnershipCall {
                    newOwner: to.address(),
                };
                request(*who, at.owned(*of), &call)
            }
            AcceptOwnership { of, who } => {
                request(*who, at.owned(*of), &IDiem::acceptOwnershipCall {})
            }
            RenounceOwnership { of, who } => {
                request(*who, at.owned(*of), &IDiem::renounceOwnershipCall {})
            }
            WireDiem { who, diem } => {
                let diem = diem.address();
                request(*who, at.s_vvv, &IStakedVvv::setDiemCall { diem })
            }
            Trespass {
                who,
                door,
                account,
                amount,
            } => trespass(*who, *door, account.address(), u(amount), at),
            _ => return None,
        })
    }
}

fn approval(who: Who, token: Address, spender: Address, value: U256) -> Request {
    request(who, token, &IDiem::approveCall { spender, value })
}

fn permitted(who: Who, site: &Site, permit: &Permit) -> Request {
    let spender = permit.spender.address();
    let signature = site.sign(permit, spender);
    let call = IDiem::permitCall {
        owner: permit.owner.address(),
        spender,
        value: u(&permit.amount),
        deadline: U256::from(permit.deadline),
        v: 27 + u8::from(signature.v()),
        r: signature.r().into(),
        s: signature.s().into(),
    };
    request(who, site.address, &call)
}

fn trespass(who: Who, door: Door, account: Address, amount: U256, at: &Contracts) -> Request {
    let index = amount;
    match door {
        Door::Lock => request(who, at.s_vvv, &IStakedVvv::lockCall { account, amount }),
        Door::Unlock => request(who, at.s_vvv, &IStakedVvv::unlockCall { account, amount }),
        Door::PayLockedYield => {
            let to = account;
            request(
                who,
                at.s_vvv,
                &IStakedVvv::payLockedYieldCall { to, amount },
            )
        }
        Door::MintLocked => {
            let call = IDiem::mintLockedCall {
                account,
                sVVVAmount: amount,
                minDiemOut: U256::ZERO,
                index,
            };
            request(who, at.diem, &call)
        }
        Door::BurnUnlocked => {
            let call = IDiem::burnUnlockedCall {
                account,
                diemAmount: amount,
                index,
            };
            request(who, at.diem, &call)
        }
        Door::SettleYield => request(who, at.diem, &IDiem::settleYieldCall { account, index }),
        Door::TransferSVvv => {
            let (to, value) = (account, amount);
            request(who, at.s_vvv, &IStakedVvv::transferCall { to, value })
        }
        Door::TransferFromSVvv => {
            let (from, to, value) = (account, who.address(), amount);
            let call = IStakedVvv::transferFromCall { from, to, value };
            request(who, at.s_vvv, &call)
        }
    }
}
