//! One action on the model: all of it, or none of it and the reason.

use super::{Effect, Model, Outcome};
use crate::abi::IDiem;
use crate::action::Action::{self, *};
use crate::action::{Permit, Token, named};
use alloy::sol_types::SolCall;
use alloy_primitives::{Bytes, U256};

impl Model {
    /// Executes an action at `self.now`. A refused action changes nothing.
    pub fn apply(&mut self, action: &Action) -> Outcome<Effect> {
        let before = self.clone();
        self.logs.clear();
        match self.run(action) {
            Ok(returned) => Ok(Effect {
                returned,
                logs: std::mem::take(&mut self.logs),
            }),
            Err(reason) => {
                *self = before;
                Err(reason)
            }
        }
    }

    fn run(&mut self, action: &Action) -> Outcome<Bytes> {
        match action {
            Wait { seconds } => {
                self.now += seconds;
                Ok(())
            }
            Faucet { who, amount } => self.faucet(who.address(), u(amount)),
            FundRewards { who, amount } => self.fund(who.address(), u(amount)),
            SetEmissionRate { who, rate } => self.set_rate(who.address(), u(rate)),
            StakeVvv {
                who,
                recipient,
                amount,
            } => self.stake_vvv(who.address(), recipient.address(), u(amount)),
            InitiateUnstakeVvv { who, amount } => self.initiate_unstake(who.address(), u(amount)),
            FinalizeUnstake { who } => self.finalize_unstake(who.address()),
            Claim { who } => self.claim(who.address()),
            ClaimAndStake { who } => self.claim_and_stake(who.address()),
            MintDiem { who, amount, least } => self.mint_diem(who.address(), u(amount), u(least)),
            BurnDiem { who, amount } => self.burn(who.address(), u(amount)).map(drop),
            Mint { who, amount, least } => {
                return self
                    .mint(who.address(), u(amount), u(least))
                    .map(word::<IDiem::mintCall>);
            }
            MintExact { who, amount, most } => {
                return self
                    .mint_exact(who.address(), u(amount), u(most))
                    .map(word::<IDiem::mintExactCall>);
            }
            Burn { who, amount } => {
                return self
                    .burn(who.address(), u(amount))
                    .map(word::<IDiem::burnCall>);
            }
            ClaimYield { who } => {
                return self
                    .claim_yield(who.address())
                    .map(word::<IDiem::claimYieldCall>);
            }
            CollectFees { .. } => return self.collect_fees().map(word::<IDiem::collectFeesCall>),
            Transfer { who, to, amount } => {
                return self
                    .transfer(who.address(), to.address(), u(amount))
                    .map(|()| IDiem::transferCall::abi_encode_returns(&true).into());
            }
            Lease {
                who,
                lessee,
                amount,
                epochs,
            } => {
                return self
                    .lease(who.address(), lessee.address(), u(amount), *epochs)
                    .map(word::<IDiem::leaseCall>);
            }
            SetGuardian { who, guardian } => self.set_guardian(who.address(), guardian.address()),
            SetTreasury { who, treasury } => self.set_treasury(who.address(), treasury.address()),
            PauseMint { who } => self.pause_mint(who.address()),
            UnpauseMint { who } => self.unpause_mint(who.address()),
            StakeDiem { who, amount } => self.stake_diem(who.address(), u(amount)),
            InitiateUnstakeDiem { who, amount } => {
                self.initiate_unstake_diem(who.address(), u(amount))
            }
            UnstakeDiem { who } => self.unstake_diem(who.address()),
            SetGateway {
                who,
                gateway,
                allowed,
            } => self.set_gateway(who.address(), gateway.address(), *allowed),
            RevokeGateway { who, gateway } => self.revoke_gateway(who.address(), gateway.address()),
            SetDefaultGateway { who, gateway } => {
                self.set_default_gateway(who.address(), named(*gateway))
            }
            ChooseGateway { who, gateway } => self.choose_gateway(who.address(), named(*gateway)),
            ChooseLeaseGateway { who, id, gateway } => {
                self.choose_lease_gateway(who.address(), U256::from(*id), named(*gateway))
            }
            Settle {
                who,
                epoch,
                account,
                used,
            } => self.settle(who.address(), *epoch, account.address(), u(used)),
            SettleBatch {
                who,
                epoch,
                accounts,
                used,
            } => {
                let accounts: Vec<_> = accounts.iter().map(|who| who.address()).collect();
                let used: Vec<_> = used.iter().map(u).collect();
                self.settle_batch(who.address(), *epoch, &accounts, &used)
            }
            SettleLeases {
                who,
                epoch,
                ids,
                used,
            } => {
                let ids: Vec<_> = ids.iter().map(|id| U256::from(*id)).collect();
                let used: Vec<_> = used.iter().map(u).collect();
                self.settle_leases(who.address(), *epoch, &ids, &used)
            }
            TransferLease { who, id, to } => {
                self.transfer_lease(who.address(), U256::from(*id), to.address())
            }
            CloseLease { id, .. } => self.close_lease(U256::from(*id)),
            other => return self.run_token(other),
        }
        .map(|()| Bytes::new())
    }
}

impl Model {
    fn run_token(&mut self, action: &Action) -> Outcome<Bytes> {
        match action {
            TransferVvv { who, to, amount } => {
                return self
                    .transfer_vvv(who.address(), to.address(), u(amount))
                    .map(yes);
            }
            TransferFrom {
                token,
                who,
                from,
                to,
                amount,
            } => {
                let path = (from.address(), to.address());
                return self
                    .transfer_from(*token, who.address(), path, u(amount))
                    .map(yes);
            }
            Approve {
                token,
                who,
                spender,
                amount,
            } => {
                return self
                    .approve(*token, who.address(), spender.address(), u(amount))
                    .map(yes);
            }
            ApproveStaking { who } => {
                let s_vvv = self.contracts.s_vvv;
                return self
                    .approve(Token::Vvv, who.address(), s_vvv, U256::MAX)
                    .map(yes);
            }
            UsePermit { token, permit, .. } => {
                self.permit(*token, permit, permit.spender.address())
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
                self.stake_with_permit(who.address(), recipient.address(), &permit)
            }
            OfferOwnership { of, who, to } => {
                self.offer_ownership(*of, who.address(), to.address())
            }
            AcceptOwnership { of, who } => self.accept_ownership(*of, who.address()),
            RenounceOwnership { of, who } => self.renounce_ownership(*of, who.address()),
            WireDiem { who, diem } => self.wire_diem(who.address(), diem.address()),
            Trespass { door, .. } => self.trespass(*door),
            other => unreachable!("{other:?} is no act on tokens or ownership"),
        }
        .map(|()| Bytes::new())
    }
}

fn yes((): ()) -> Bytes {
    IDiem::transferCall::abi_encode_returns(&true).into()
}

fn word<C: SolCall<Return = U256>>(value: U256) -> Bytes {
    C::abi_encode_returns(&value).into()
}

fn u(amount: &u128) -> U256 {
    U256::from(*amount)
}
