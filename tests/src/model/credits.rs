//! Staked DIEM and the daily credit ledger.

use super::staking::require_amount;
use super::{
    Account, DIEM_COOLDOWN, Lease, MAX_LEASE_EPOCHS, MIN_CREDIT_STAKE, Model, Outcome, refuse,
};
use crate::abi::IDiem::*;
use alloy_primitives::{Address, U256};

impl Account {
    /// Dollars of credit a day.
    pub fn allowance(&self) -> U256 {
        if self.active < U256::from(MIN_CREDIT_STAKE) {
            U256::ZERO
        } else {
            self.active - self.leased
        }
    }

    /// Spent in `epoch`.
    pub fn used_in(&self, epoch: u64) -> U256 {
        if self.used_epoch == epoch {
            self.used
        } else {
            U256::ZERO
        }
    }

    /// Left to spend in `epoch`.
    pub fn remaining(&self, epoch: u64) -> U256 {
        self.allowance().saturating_sub(self.used_in(epoch))
    }
}

impl Model {
    pub(super) fn stake_diem(&mut self, caller: Address, amount: U256) -> Outcome {
        require_amount(amount)?;
        self.move_diem(caller, self.contracts.diem, amount)?;
        self.account_mut(caller).active += amount;
        self.log_diem(&Staked {
            user: caller,
            amount,
        });
        Ok(())
    }

    pub(super) fn initiate_unstake_diem(&mut self, caller: Address, amount: U256) -> Outcome {
        require_amount(amount)?;
        let end = self.now + DIEM_COOLDOWN;
        let account = self.account_mut(caller);
        let available = account.active - account.leased;
        if amount > available {
            return refuse(&InsufficientStake { available, amount });
        }
        account.active -= amount;
        account.bucket += amount;
        account.bucket_end = end;
        self.log_diem(&UnstakeInitiated {
            user: caller,
            amount,
        });
        Ok(())
    }

    pub(super) fn unstake_diem(&mut self, caller: Address) -> Outcome {
        let (now, account) = (self.now, self.account_mut(caller));
        let (amount, end) = (account.bucket, account.bucket_end);
        if end == 0 {
            return refuse(&NoCooldown {});
        }
        if now < end {
            return refuse(&CooldownNotOver {
                cooldownEnd: U256::from(end),
                timestamp: U256::from(now),
            });
        }
        account.bucket = U256::ZERO;
        account.bucket_end = 0;
        self.move_diem(self.contracts.diem, caller, amount)?;
        self.log_diem(&Unstaked {
            user: caller,
            amount,
        });
        Ok(())
    }

    pub(super) fn set_gateway(
        &mut self,
        caller: Address,
        gateway: Address,
        allowed: bool,
    ) -> Outcome {
        self.require_owner(caller)?;
        if allowed {
            self.gateways.insert(gateway);
        } else {
            self.gateways.remove(&gateway);
        }
        self.log_diem(&GatewaySet { gateway, allowed });
        Ok(())
    }

    pub(super) fn spend(&mut self, caller: Address, account: Address, amount: U256) -> Outcome {
        self.require_gateway(caller)?;
        self.settle(caller, account, amount)
    }

    pub(super) fn spend_batch(&mut self, caller: Address, bill: &[(Address, U256)]) -> Outcome {
        self.require_gateway(caller)?;
        bill.iter()
            .try_for_each(|(account, amount)| self.settle(caller, *account, *amount))
    }

    fn settle(&mut self, gateway: Address, account: Address, amount: U256) -> Outcome {
        require_amount(amount)?;
        let epoch = self.epoch();
        let entry = self.account_mut(account);
        let remaining = entry.remaining(epoch);
        if amount > remaining {
            return refuse(&InsufficientCredits {
                account,
                remaining,
                amount,
            });
        }
        entry.used = entry.used_in(epoch) + amount;
        entry.used_epoch = epoch;
        let (epoch, remaining) = (U256::from(epoch), remaining - amount);
        self.log_diem(&CreditsSpent {
            account,
            gateway,
            epoch,
            amount,
            remaining,
        });
        Ok(())
    }

    pub(super) fn lease(
        &mut self,
        lessor: Address,
        lessee: Address,
        amount: U256,
        epochs: u32,
    ) -> Outcome<U256> {
        require_amount(amount)?;
        if lessee.is_zero() {
            return refuse(&ZeroAddress {});
        }
        if epochs == 0 || epochs > MAX_LEASE_EPOCHS {
            return refuse(&InvalidLeaseTerm {
                epochs: U256::from(epochs),
            });
        }
        let available = self.account(lessor).allowance();
        if amount > available {
            return refuse(&InsufficientStake { available, amount });
        }
        self.account_mut(lessor).leased += amount;
        let start = self.epoch() + 1;
        let end = start + u64::from(epochs);
        let id = self.next_lease;
        self.next_lease += U256::ONE;
        let lease = Lease {
            lessor,
            lessee,
            amount,
            start,
            end,
            used: U256::ZERO,
            used_epoch: 0,
        };
        self.leases.insert(id, lease);
        let (start, end) = (U256::from(start), U256::from(end));
        self.log_diem(&LeaseOpened {
            id,
            lessor,
            lessee,
            amount,
            startEpoch: start,
            endEpoch: end,
        });
        Ok(id)
    }

    pub(super) fn transfer_lease(&mut self, caller: Address, id: U256, to: Address) -> Outcome {
        if to.is_zero() {
            return refuse(&ZeroAddress {});
        }
        let lease = self.lease_mut(id)?;
        if lease.lessee != caller {
            return refuse(&OnlyLessee { id, caller });
        }
        lease.lessee = to;
        self.log_diem(&LeaseTransferred {
            id,
            from: caller,
            to,
        });
        Ok(())
    }

    pub(super) fn spend_lease(&mut self, caller: Address, id: U256, amount: U256) -> Outcome {
        self.require_gateway(caller)?;
        require_amount(amount)?;
        let epoch = self.epoch();
        let lease = self.lease_mut(id)?;
        let remaining = lease.remaining(epoch);
        if amount > remaining {
            return refuse(&InsufficientLeaseCredits {
                id,
                remaining,
                amount,
            });
        }
        lease.used = lease.used_in(epoch) + amount;
        lease.used_epoch = epoch;
        let (epoch, remaining) = (U256::from(epoch), remaining - amount);
        self.log_diem(&LeaseSpent {
            id,
            gateway: caller,
            epoch,
            amount,
            remaining,
        });
        Ok(())
    }

    pub(super) fn close_lease(&mut self, id: U256) -> Outcome {
        let epoch = self.epoch();
        let lease = self.lease_mut(id)?.clone();
        if epoch < lease.end {
            return refuse(&LeaseNotOver {
                id,
                endEpoch: U256::from(lease.end),
                epoch: U256::from(epoch),
            });
        }
        self.leases.remove(&id);
        self.account_mut(lease.lessor).leased -= lease.amount;
        self.log_diem(&LeaseClosed {
            id,
            lessor: lease.lessor,
            amount: lease.amount,
        });
        Ok(())
    }

    fn lease_mut(&mut self, id: U256) -> Outcome<&mut Lease> {
        match self.leases.get_mut(&id) {
            Some(lease) => Ok(lease),
            None => refuse(&UnknownLease { id }),
        }
    }

    fn require_gateway(&self, caller: Address) -> Outcome {
        if self.gateways.contains(&caller) {
            Ok(())
        } else {
            refuse(&OnlyGateway { caller })
        }
    }
}
