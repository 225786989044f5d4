//! Tokens: DIEM's transfers, and allowances and permits of all three.

use super::{Model, Outcome, refuse};
use crate::abi::IDiem::*;
use crate::action::permit::Site;
use crate::action::{Permit, Token};
use alloy::sol_types::{Panic, PanicKind};
use alloy_primitives::{Address, U256};

impl Model {
    pub(super) fn transfer(&mut self, from: Address, to: Address, amount: U256) -> Outcome {
        if to.is_zero() || to == self.contracts.diem {
            return refuse(&ERC20InvalidReceiver { receiver: to });
        }
        self.move_diem(from, to, amount)
    }

    pub(super) fn move_diem(&mut self, from: Address, to: Address, amount: U256) -> Outcome {
        self.require_diem(from, amount)?;
        self.account_mut(from).diem -= amount;
        self.account_mut(to).diem += amount;
        self.log_diem(&Transfer {
            from,
            to,
            value: amount,
        });
        Ok(())
    }

    pub(super) fn require_diem(&self, holder: Address, amount: U256) -> Outcome {
        let balance = self.account(holder).diem;
        if amount > balance {
            return refuse(&ERC20InsufficientBalance {
                sender: holder,
                balance,
                needed: amount,
            });
        }
        Ok(())
    }

    /// What `spender` may move of `owner`'s tokens.
    pub fn allowance(&self, token: Token, owner: Address, spender: Address) -> U256 {
        let entry = self.allowances.get(&(token, owner, spender));
        entry.copied().unwrap_or_default()
    }

    /// Number of the owner's next permit.
    pub fn nonce(&self, token: Token, owner: Address) -> u64 {
        self.nonces
            .get(&(token, owner))
            .copied()
            .unwrap_or_default()
    }

    pub(super) fn approve(
        &mut self,
        token: Token,
        owner: Address,
        spender: Address,
        value: U256,
    ) -> Outcome {
        self.allowances.insert((token, owner, spender), value);
        let event = Approval {
            owner,
            spender,
            value,
        };
        self.log(self.contracts.token(token), &event);
        Ok(())
    }

    /// Runs an allowance down; false when it falls short.
    pub(super) fn spend(
        &mut self,
        token: Token,
        owner: Address,
        spender: Address,
        value: U256,
    ) -> bool {
        let left = self.allowance(token, owner, spender);
        if left == U256::MAX {
            return true;
        }
        let Some(left) = left.checked_sub(value) else {
            return false;
        };
        self.allowances.insert((token, owner, spender), left);
        true
    }

    pub(super) fn transfer_from(
        &mut self,
        token: Token,
        caller: Address,
        (from, to): (Address, Address),
        amount: U256,
    ) -> Outcome {
        let short = match token {
            Token::Vvv => return self.transfer_vvv_from(caller, from, to, amount),
            Token::SVvv => return self.trespass(crate::action::Door::TransferFromSVvv),
            Token::Diem => ERC20InsufficientAllowance {
                spender: caller,
                allowance: self.allowance(token, from, caller),
                needed: amount,
            },
        };
        if !self.spend(token, from, caller, amount) {
            return refuse(&short);
        }
        self.transfer(from, to, amount)
    }

    pub(super) fn transfer_vvv_from(
        &mut self,
        caller: Address,
        from: Address,
        to: Address,
        amount: U256,
    ) -> Outcome {
        if !self.spend(Token::Vvv, from, caller, amount) {
            return refuse(&Panic::from(PanicKind::UnderOverflow));
        }
        self.transfer_vvv(from, to, amount)
    }

    pub(super) fn transfer_vvv(&mut self, from: Address, to: Address, amount: U256) -> Outcome {
        if amount > self.account(from).vvv {
            return refuse(&Panic::from(PanicKind::UnderOverflow));
        }
        self.move_vvv(from, to, amount);
        Ok(())
    }

    /// Sets the allowance of `spender` that a permit names.
    pub(super) fn permit(&mut self, token: Token, permit: &Permit, spender: Address) -> Outcome {
        if self.now > permit.deadline {
            let deadline = U256::from(permit.deadline);
            return refuse(&ERC2612ExpiredSignature { deadline });
        }
        let owner = permit.owner.address();
        let nonce = self.nonce(token, owner);
        let site = Site::of(self.chain_id, token, &self.contracts);
        let signer = site.recovered(permit, spender, nonce);
        if signer != owner {
            return refuse(&ERC2612InvalidSigner { signer, owner });
        }
        self.nonces.insert((token, owner), nonce + 1);
        self.approve(token, owner, spender, U256::from(permit.amount))
    }
}
