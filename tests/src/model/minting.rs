//! DIEM: minting by locking, burning to unlock, and the yield of what is locked.

use super::staking::require_amount;
use super::{Contracts, INDEX_SCALE, Model, Outcome, refuse};
use crate::abi::IDiem::*;
use alloy_primitives::{Address, U256};
use diem_math::MathError;

impl Model {
    /// sVVV per DIEM at a supply.
    pub fn rate_at(&self, supply: U256) -> U256 {
        self.curve
            .rate_at(supply)
            .expect("supplies here are far below the curve's range")
    }

    /// DIEM for locking `amount` now.
    pub fn preview_mint(&self, amount: U256) -> Outcome<U256> {
        self.curve
            .diem_out_down(self.diem_supply(), amount)
            .or_else(past_cap)
    }

    /// sVVV for minting `amount` now.
    pub fn preview_mint_exact(&self, amount: U256) -> Outcome<U256> {
        self.curve
            .cost_up(self.diem_supply(), amount)
            .or_else(past_cap)
    }

    /// sVVV that burning `amount` frees, rounded down; all for all.
    pub fn preview_burn(&self, address: Address, amount: U256) -> Outcome<U256> {
        let account = self.account(address);
        let outstanding = account.outstanding;
        if amount > outstanding {
            return refuse(&InsufficientOutstanding {
                outstanding,
                amount,
            });
        }
        Ok((amount * account.locked)
            .checked_div(outstanding)
            .unwrap_or_default())
    }

    /// Net yield of a position as of `self.now`.
    pub fn pending_yield(&self, address: Address) -> U256 {
        let account = self.account(address);
        net_of_fee(account.yields.whole_at(self.pending().0, account.locked))
    }

    /// Fees as of `self.now`: a fifth of what all locked sVVV earned, less what was collected.
    pub fn pending_fees(&self) -> U256 {
        let earned = self.locked_yield_scaled_now() / INDEX_SCALE;
        earned / U256::from(5) - self.fees_collected
    }

    pub(super) fn checkpoint_yield(&mut self, address: Address) {
        let index = self.pending().0;
        let account = self.account_mut(address);
        account.yields.checkpoint(index, account.locked);
    }

    fn quote(&self, amount: U256, least: U256) -> Outcome<U256> {
        require_amount(amount)?;
        let out = self.preview_mint(amount)?;
        if out < least {
            return refuse(&SlippageExceeded {
                actual: out,
                limit: least,
            });
        }
        require_amount(out)?;
        Ok(out)
    }

    pub(super) fn mint(&mut self, caller: Address, amount: U256, least: U256) -> Outcome<U256> {
        self.require_mintable()?;
        let out = self.quote(amount, least)?;
        self.lock_and_mint(caller, amount, out)?;
        Ok(out)
    }

    pub(super) fn mint_exact(
        &mut self,
        caller: Address,
        amount: U256,
        most: U256,
    ) -> Outcome<U256> {
        self.require_mintable()?;
        require_amount(amount)?;
        let cost = self.preview_mint_exact(amount)?;
        if cost > most {
            return refuse(&SlippageExceeded {
                actual: cost,
                limit: most,
            });
        }
        self.lock_and_mint(caller, cost, amount)?;
        Ok(cost)
    }

    /// The live path: the same act, entered through sVVV.
    pub(super) fn mint_diem(&mut self, caller: Address, amount: U256, least: U256) -> Outcome {
        require_amount(amount)?;
        if amount > self.account(caller).free || self.paused {
            self.accrue();
            self.lock(caller, amount)?;
        }
        self.mint(caller, amount, least).map(drop)
    }

    fn lock_and_mint(&mut self, caller: Address, locked: U256, out: U256) -> Outcome {
        self.accrue();
        self.checkpoint_yield(caller);
        self.lock(caller, locked)?;
        let account = self.account_mut(caller);
        account.outstanding += out;
        account.diem += out;
        let rate = self.rate_at(self.diem_supply());
        self.log_diem(&Transfer {
            from: Address::ZERO,
            to: caller,
            value: out,
        });
        self.log_diem(&Minted {
            account: caller,
            sVVVLocked: locked,
            diemOut: out,
            mintRateAfter: rate,
        });
        Ok(())
    }

    /// The same act through either contract: DIEM burns, then sVVV unlocks.
    pub(super) fn burn(&mut self, caller: Address, amount: U256) -> Outcome<U256> {
        require_amount(amount)?;
        let unlocked = self.preview_burn(caller, amount)?;
        self.require_diem(caller, amount)?;
        self.accrue();
        self.checkpoint_yield(caller);
        self.book_burn(caller, amount, unlocked);
        self.unlock(caller, unlocked)?;
        Ok(unlocked)
    }

    fn book_burn(&mut self, caller: Address, amount: U256, unlocked: U256) {
        let account = self.account_mut(caller);
        account.outstanding -= amount;
        account.diem -= amount;
        let rate = self.rate_at(self.diem_supply());
        self.log_diem(&Transfer {
            from: caller,
            to: Address::ZERO,
            value: amount,
        });
        self.log_diem(&Burned {
            account: caller,
            diemAmount: amount,
            sVVVUnlocked: unlocked,
            mintRateAfter: rate,
        });
    }

    pub(super) fn claim_yield(&mut self, caller: Address) -> Outcome<U256> {
        let amount = self.settle_yield(caller);
        if !amount.is_zero() {
            self.pay_locked_yield(caller, amount)?;
        }
        Ok(amount)
    }

    pub(super) fn collect_fees(&mut self) -> Outcome<U256> {
        let amount = self.pending_fees();
        if amount.is_zero() {
            return Ok(amount);
        }
        self.fees_collected += amount;
        let treasury = self.treasury;
        self.log_diem(&FeesCollected { treasury, amount });
        self.pay_locked_yield(treasury, amount)?;
        Ok(amount)
    }

    pub(super) fn pause_mint(&mut self, caller: Address) -> Outcome {
        self.require_guardian(caller)?;
        self.paused = true;
        self.log_diem(&MintPaused {});
        Ok(())
    }

    pub(super) fn unpause_mint(&mut self, caller: Address) -> Outcome {
        self.diem_owner.require(caller)?;
        self.paused = false;
        self.log_diem(&MintUnpaused {});
        Ok(())
    }

    pub(super) fn set_guardian(&mut self, caller: Address, guardian: Address) -> Outcome {
        self.diem_owner.require(caller)?;
        self.guardian = guardian;
        self.log_diem(&GuardianUpdated {
            newGuardian: guardian,
        });
        Ok(())
    }

    pub(super) fn set_treasury(&mut self, caller: Address, treasury: Address) -> Outcome {
        self.diem_owner.require(caller)?;
        if treasury.is_zero() {
            return refuse(&ZeroAddress {});
        }
        let Contracts { vvv, s_vvv, diem } = self.contracts;
        if [vvv, s_vvv, diem].contains(&treasury) {
            return refuse(&InvalidTreasury { treasury });
        }
        self.treasury = treasury;
        self.log_diem(&TreasuryUpdated {
            newTreasury: treasury,
        });
        Ok(())
    }

    pub(super) fn require_guardian(&self, caller: Address) -> Outcome {
        if caller != self.guardian || caller.is_zero() {
            return refuse(&OnlyGuardian {});
        }
        Ok(())
    }

    fn require_mintable(&self) -> Outcome {
        if self.paused {
            refuse(&MintingPaused {})
        } else {
            Ok(())
        }
    }
}

/// The owner's four fifths, rounded down.
pub(super) fn net_of_fee(gross: U256) -> U256 {
    gross * U256::from(4) / U256::from(5)
}

fn past_cap(error: MathError) -> Outcome<U256> {
    match error {
        MathError::CapExceeded {
            requested,
            available,
        } => refuse(&MintCapExceeded {
            requested,
            available,
        }),
        other => panic!("the curve cannot answer: {other}"),
    }
}
