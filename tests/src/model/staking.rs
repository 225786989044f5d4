//! sVVV: staking, emissions, rewards, leaving.

use super::minting::net_of_fee;
use super::{INDEX_SCALE, Model, Outcome, VVV_COOLDOWN, refuse};
use crate::abi::IStakedVvv::*;
use crate::abi::{IDiem, IVVV};
use crate::action::{Permit, Token};
use alloy_primitives::{Address, U256};

/// The most sVVV there can be, in one account or in all: 120 bits of wei.
pub const MAX_STAKED: u128 = u128::MAX >> 8;
/// Width of the index.
const INDEX_BITS: usize = 216;

impl Model {
    /// Index and reserve as of `self.now`. An index that would pass its width waits instead.
    pub fn pending(&self) -> (U256, U256) {
        let staked = self.staked();
        if staked.is_zero() {
            return (self.index, self.reserve);
        }
        let elapsed = U256::from(self.now - self.accrued_at);
        let emitted = (self.emission_rate * elapsed).min(self.reserve);
        let growth = emitted * INDEX_SCALE / staked;
        let paid = (growth * staked).div_ceil(INDEX_SCALE);
        let index = self.index + growth;
        if index.bit_len() > INDEX_BITS {
            return (self.index, self.reserve);
        }
        (index, self.reserve - paid)
    }

    /// Gross yield of locked sVVV as of `self.now`, scaled by 1e36.
    pub fn locked_yield_scaled_now(&self) -> U256 {
        self.locked_yield_scaled + (self.pending().0 - self.index) * self.locked()
    }

    pub(super) fn accrue(&mut self) {
        self.locked_yield_scaled = self.locked_yield_scaled_now();
        (self.index, self.reserve) = self.pending();
        self.accrued_at = self.now;
    }

    /// Books what the free sVVV of an account earned. Needs a fresh index.
    pub(super) fn checkpoint(&mut self, address: Address) {
        let index = self.index;
        let account = self.account_mut(address);
        account.rewards.checkpoint(index, account.free);
    }

    pub(super) fn fund(&mut self, caller: Address, amount: U256) -> Outcome {
        require_amount(amount)?;
        let maximum = U256::from(u128::MAX) - self.funded;
        if amount > maximum {
            return refuse(&AmountTooLarge { amount, maximum });
        }
        self.accrue();
        self.funded += amount;
        self.reserve += amount;
        self.log_s_vvv(&RewardsFunded {
            from: caller,
            amount,
        });
        self.pull(caller, amount)
    }

    pub(super) fn set_rate(&mut self, caller: Address, rate: U256) -> Outcome {
        self.s_vvv_owner.require(caller)?;
        let maximum = self.max_emission_rate;
        if rate > maximum {
            return refuse(&EmissionRateTooHigh { rate, maximum });
        }
        self.accrue();
        self.emission_rate = rate;
        self.log_s_vvv(&EmissionRateUpdated {
            newEmissionRate: rate,
        });
        Ok(())
    }

    pub(super) fn stake_vvv(
        &mut self,
        caller: Address,
        recipient: Address,
        amount: U256,
    ) -> Outcome {
        require_width(amount)?;
        if recipient.is_zero() {
            return refuse(&ZeroAddress {});
        }
        self.accrue();
        self.checkpoint(recipient);
        self.credit(recipient, amount)?;
        self.pull(caller, amount)
    }

    fn credit(&mut self, recipient: Address, amount: U256) -> Outcome {
        let maximum = U256::from(MAX_STAKED) - self.staked();
        if amount > maximum {
            return refuse(&AmountTooLarge { amount, maximum });
        }
        self.account_mut(recipient).free += amount;
        self.log_s_vvv(&Transfer {
            from: Address::ZERO,
            to: recipient,
            value: amount,
        });
        self.log_s_vvv(&Staked {
            user: recipient,
            amount,
        });
        Ok(())
    }

    pub(super) fn initiate_unstake(&mut self, caller: Address, amount: U256) -> Outcome {
        require_amount(amount)?;
        if self.account(caller).cooldown_end != 0 {
            return refuse(&CooldownInProgress {});
        }
        self.accrue();
        self.checkpoint(caller);
        self.require_free(caller, amount)?;
        let end = self.now + VVV_COOLDOWN;
        let account = self.account_mut(caller);
        account.free -= amount;
        account.cooling = amount;
        account.cooldown_end = end;
        self.log_s_vvv(&Transfer {
            from: caller,
            to: Address::ZERO,
            value: amount,
        });
        self.log_s_vvv(&UnstakeInitiated {
            user: caller,
            amount,
        });
        Ok(())
    }

    pub(super) fn finalize_unstake(&mut self, caller: Address) -> Outcome {
        let (now, account) = (self.now, self.account_mut(caller));
        let (amount, end) = (account.cooling, account.cooldown_end);
        if end == 0 {
            return refuse(&NoCooldown {});
        }
        if now < end {
            return refuse(&CooldownNotOver {
                cooldownEnd: U256::from(end),
                timestamp: U256::from(now),
            });
        }
        account.cooling = U256::ZERO;
        account.cooldown_end = 0;
        self.log_s_vvv(&UnstakeFinalized {
            user: caller,
            amount,
        });
        self.pay(caller, amount);
        Ok(())
    }

    pub(super) fn claim(&mut self, caller: Address) -> Outcome {
        let amount = self.release(caller)?;
        if !amount.is_zero() {
            self.log_s_vvv(&Claimed {
                user: caller,
                amount,
            });
            self.pay(caller, amount);
        }
        Ok(())
    }

    pub(super) fn claim_and_stake(&mut self, caller: Address) -> Outcome {
        let amount = self.release(caller)?;
        if amount.is_zero() {
            return refuse(&NothingToClaim {});
        }
        self.log_s_vvv(&Claimed {
            user: caller,
            amount,
        });
        require_width(amount)?;
        self.credit(caller, amount)
    }

    /// Free rewards and locked yield net of fee, no longer pending.
    fn release(&mut self, caller: Address) -> Outcome<U256> {
        self.accrue();
        self.checkpoint(caller);
        let free = self.account_mut(caller).rewards.take();
        let locked = self.settle_yield(caller);
        self.locked_yield_paid += locked;
        Ok(free + locked)
    }

    /// Takes the locked yield of an account out of DIEM's books; its net part. Less than it takes to net one wei
    /// stays for the next time.
    pub(super) fn settle_yield(&mut self, caller: Address) -> U256 {
        let index = self.pending().0;
        let account = self.account_mut(caller);
        let amount = net_of_fee(account.yields.whole_at(index, account.locked));
        if !amount.is_zero() {
            account.yields.checkpoint(index, account.locked);
            account.yields.take();
            self.log_diem(&IDiem::YieldClaimed {
                account: caller,
                amount,
            });
        }
        amount
    }

    pub(super) fn pay_locked_yield(&mut self, to: Address, amount: U256) -> Outcome {
        self.accrue();
        let available = self.locked_yield_scaled / INDEX_SCALE - self.locked_yield_paid;
        if amount > available {
            return refuse(&LockedYieldExceeded { available, amount });
        }
        self.locked_yield_paid += amount;
        self.log_s_vvv(&LockedYieldPaid { to, amount });
        self.pay(to, amount);
        Ok(())
    }

    pub(super) fn lock(&mut self, account: Address, amount: U256) -> Outcome {
        self.checkpoint(account);
        self.require_free(account, amount)?;
        let entry = self.account_mut(account);
        entry.free -= amount;
        entry.locked += amount;
        self.log_s_vvv(&Locked { account, amount });
        Ok(())
    }

    pub(super) fn unlock(&mut self, account: Address, amount: U256) -> Outcome {
        self.checkpoint(account);
        let entry = self.account_mut(account);
        entry.locked -= amount;
        entry.free += amount;
        self.log_s_vvv(&Unlocked { account, amount });
        Ok(())
    }

    fn require_free(&self, account: Address, amount: U256) -> Outcome {
        let unlocked = self.account(account).free;
        if amount > unlocked {
            return refuse(&InsufficientUnlocked { unlocked, amount });
        }
        Ok(())
    }

    /// The permit is not judged: the allowance decides.
    pub(super) fn stake_with_permit(
        &mut self,
        caller: Address,
        recipient: Address,
        permit: &Permit,
    ) -> Outcome {
        let before = self.clone();
        if self
            .permit(Token::Vvv, permit, self.contracts.s_vvv)
            .is_err()
        {
            *self = before;
        }
        self.stake_vvv(caller, recipient, U256::from(permit.amount))
    }

    // --- VVV ---

    fn pull(&mut self, from: Address, amount: U256) -> Outcome {
        let s_vvv = self.contracts.s_vvv;
        self.transfer_vvv_from(s_vvv, from, s_vvv, amount)
    }

    fn pay(&mut self, to: Address, amount: U256) {
        self.move_vvv(self.contracts.s_vvv, to, amount);
    }

    pub(super) fn move_vvv(&mut self, from: Address, to: Address, amount: U256) {
        self.account_mut(from).vvv -= amount;
        self.account_mut(to).vvv += amount;
        self.log_vvv(&IVVV::Transfer {
            from,
            to,
            value: amount,
        });
    }

    pub(super) fn faucet(&mut self, to: Address, amount: U256) -> Outcome {
        self.account_mut(to).vvv += amount;
        self.log_vvv(&IVVV::Transfer {
            from: Address::ZERO,
            to,
            value: amount,
        });
        Ok(())
    }
}

/// An amount that a balance can hold.
fn require_width(amount: U256) -> Outcome {
    require_amount(amount)?;
    let maximum = U256::from(MAX_STAKED);
    if amount > maximum {
        return refuse(&AmountTooLarge { amount, maximum });
    }
    Ok(())
}

pub(super) fn require_amount(amount: U256) -> Outcome {
    if amount.is_zero() {
        refuse(&ZeroAmount {})
    } else {
        Ok(())
    }
}
