//! DIEM as a token.

use super::{Model, Outcome, refuse};
use crate::abi::IDiem::*;
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
}
