//! Steps of allowances, permits and ownership: they change hands, and come back mostly.

use super::{Generator, Kind, Step, ok, small};
use crate::action::Action::*;
use crate::action::{Owned, Permit, Token};
use crate::actors::Who;
use crate::model::Model;
use alloy_primitives::U256;

pub(super) const KINDS: &[Kind] = &[
    (3, Generator::transfer_vvv),
    (4, Generator::approve),
    (5, Generator::transfer_from),
    (4, Generator::approve_staking),
    (4, Generator::use_permit),
    (4, Generator::stake_with_permit),
    (2, Generator::offer_ownership),
    (3, Generator::accept_ownership),
    (1, Generator::renounce_ownership),
    (2, Generator::set_guardian),
    (2, Generator::set_treasury),
];

/// Once in so many tries somebody really renounces: a contract without an owner has less to show.
const RENOUNCED_ONCE_IN: u64 = 60;

impl Generator {
    fn token(&mut self) -> Token {
        *self.random.pick(&[Token::Vvv, Token::SVvv, Token::Diem])
    }

    fn owned(&mut self) -> Owned {
        *self.random.pick(&[Owned::SVvv, Owned::Diem])
    }

    pub(super) fn anybody(&mut self) -> Who {
        *self.random.pick(&Who::ALL)
    }

    fn transfer_vvv(&mut self, model: &Model) -> Option<Step> {
        let (who, account) = self.someone(model);
        let (to, amount) = (self.user(), self.random.amount(small(account.vvv)));
        Some(ok(TransferVvv { who, to, amount }))
    }

    fn approve(&mut self, _: &Model) -> Option<Step> {
        let (token, who, spender) = (self.token(), self.user(), self.user());
        let amount = self.wide_amount();
        Some(ok(Approve {
            token,
            who,
            spender,
            amount,
        }))
    }

    /// Mostly where there is an allowance, and about as much as there is.
    fn transfer_from(&mut self, model: &Model) -> Option<Step> {
        let given: Vec<_> = model
            .allowances
            .iter()
            .filter_map(|((token, owner, spender), value)| {
                Some((*token, Who::of(*owner)?, Who::of(*spender)?, *value))
            })
            .collect();
        let (token, from, who, value) = if given.is_empty() || self.random.one_in(5) {
            (self.token(), self.user(), self.user(), U256::ZERO)
        } else {
            *self.random.pick(&given)
        };
        let held = match token {
            Token::Diem => model.account(from.address()).diem,
            Token::Vvv | Token::SVvv => model.account(from.address()).vvv,
        };
        let most = small(value.min(held)).saturating_add(1);
        let (to, amount) = (self.user(), self.random.amount(most));
        Some(ok(TransferFrom {
            token,
            who,
            from,
            to,
            amount,
        }))
    }

    /// A permit to stake leaves less of an allowance than there was.
    fn approve_staking(&mut self, model: &Model) -> Option<Step> {
        let who = self.user();
        let left = model.allowance(Token::Vvv, who.address(), model.contracts.s_vvv);
        (left != U256::MAX).then(|| ok(ApproveStaking { who }))
    }

    /// The number, the last second and the signer of a permit; wrong in one of them at times.
    fn signed(&mut self, model: &Model, token: Token, owner: Who) -> (u64, u64, Who) {
        let nonce = model.nonce(token, owner.address());
        let deadline = model.now + self.random.below(2);
        match self.random.below(8) {
            0 => (nonce.saturating_sub(1), deadline, owner),
            1 => (nonce + 1, deadline, owner),
            2 => (nonce, model.now - 1, owner),
            3 => (nonce, deadline, self.user()),
            _ => (nonce, deadline, owner),
        }
    }

    fn use_permit(&mut self, model: &Model) -> Option<Step> {
        let token = *self.random.pick(&[Token::Vvv, Token::Diem]);
        let (who, owner, spender) = (self.anybody(), self.user(), self.user());
        let amount = self.wide_amount();
        let (nonce, deadline, signer) = self.signed(model, token, owner);
        let permit = Permit {
            owner,
            spender,
            amount,
            nonce,
            deadline,
            signer,
        };
        Some(ok(UsePermit { token, who, permit }))
    }

    fn stake_with_permit(&mut self, model: &Model) -> Option<Step> {
        let (who, account) = self.someone(model);
        let recipient = self.user();
        let amount = self.random.amount(small(account.vvv).saturating_add(1));
        let (nonce, deadline, signer) = self.signed(model, Token::Vvv, who);
        Some(ok(StakeWithPermit {
            who,
            recipient,
            amount,
            nonce,
            deadline,
            signer,
        }))
    }

    fn offer_ownership(&mut self, model: &Model) -> Option<Step> {
        let (of, to) = (self.owned(), self.anybody());
        let who = if self.mischief() {
            self.anybody()
        } else {
            Self::owner(model, of)?
        };
        Some(ok(OfferOwnership { of, who, to }))
    }

    fn accept_ownership(&mut self, model: &Model) -> Option<Step> {
        let of = self.owned();
        let who = if self.mischief() {
            self.anybody()
        } else {
            Who::of(model.ownership(of).pending)?
        };
        Some(ok(AcceptOwnership { of, who }))
    }

    fn renounce_ownership(&mut self, model: &Model) -> Option<Step> {
        let of = self.owned();
        let owner = Self::owner(model, of)?;
        let who = self.anybody();
        let meant = who != owner || self.random.one_in(RENOUNCED_ONCE_IN);
        meant.then(|| ok(RenounceOwnership { of, who }))
    }

    fn set_guardian(&mut self, model: &Model) -> Option<Step> {
        let (who, guardian) = (self.manager(model)?, self.anybody());
        Some(ok(SetGuardian { who, guardian }))
    }

    fn set_treasury(&mut self, model: &Model) -> Option<Step> {
        let (who, treasury) = (self.manager(model)?, self.anybody());
        Some(ok(SetTreasury { who, treasury }))
    }

    /// DIEM's owner, or at times somebody who thinks so.
    fn manager(&mut self, model: &Model) -> Option<Who> {
        if self.mischief() {
            return Some(self.anybody());
        }
        Self::owner(model, Owned::Diem)
    }

    /// An amount of any size, the largest word that an action holds included.
    pub(super) fn wide_amount(&mut self) -> u128 {
        match self.random.below(8) {
            0 => u128::MAX,
            1 => 0,
            2 => 1 << 120,
            _ => self.random.amount(1 << 120),
        }
    }
}
