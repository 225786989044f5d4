//! Staked DIEM and the credit lines of accounts.

use super::staking::require_amount;
use super::{DIEM_COOLDOWN, Line, Model, Outcome, refuse};
use crate::abi::IDiem::*;
use alloy_primitives::{Address, U256};

impl Model {
    /// An account's line today.
    pub fn line(&self, address: Address) -> Line {
        self.account(address).line.in_epoch(self.epoch())
    }

    fn line_mut(&mut self, address: Address) -> &mut Line {
        let epoch = self.epoch();
        let line = &mut self.account_mut(address).line;
        line.bring_to(epoch);
        line
    }

    pub(super) fn stake_diem(&mut self, caller: Address, amount: U256) -> Outcome {
        require_amount(amount)?;
        self.move_diem(caller, self.contracts.diem, amount)?;
        self.give_credit(caller, amount);
        self.log_diem(&Staked {
            user: caller,
            amount,
        });
        Ok(())
    }

    /// At once.
    pub(super) fn give_credit(&mut self, address: Address, amount: U256) {
        self.line_mut(address).add(amount);
    }

    /// From tomorrow on.
    pub(super) fn take_credit(&mut self, address: Address, amount: U256) -> Outcome {
        let line = self.line_mut(address);
        let available = line.tomorrow.allowance;
        if amount > available {
            return refuse(&InsufficientStake { available, amount });
        }
        line.tomorrow.allowance -= amount;
        Ok(())
    }

    pub(super) fn initiate_unstake_diem(&mut self, caller: Address, amount: U256) -> Outcome {
        require_amount(amount)?;
        let end = self.now + DIEM_COOLDOWN;
        self.take_credit(caller, amount)?;
        let account = self.account_mut(caller);
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

    pub(super) fn choose_gateway(&mut self, caller: Address, gateway: Address) -> Outcome {
        let choice = self.choice(gateway)?;
        let from = self.line_mut(caller).choose(choice);
        self.log_diem(&GatewayChosen {
            account: caller,
            gateway,
            fromEpoch: U256::from(from),
        });
        Ok(())
    }

    /// What every statement needs: a gateway that says it, about today.
    pub(super) fn require_statement(&self, caller: Address, epoch: u64) -> Outcome {
        if !self.gateways.allows(caller) {
            return refuse(&OnlyGateway { caller });
        }
        if epoch != self.epoch() {
            return refuse(&WrongEpoch {
                epoch: U256::from(epoch),
                today: U256::from(self.epoch()),
            });
        }
        Ok(())
    }

    pub(super) fn settle(
        &mut self,
        caller: Address,
        epoch: u64,
        account: Address,
        used: U256,
    ) -> Outcome {
        self.require_statement(caller, epoch)?;
        self.settle_line(caller, account, used)
    }

    pub(super) fn settle_batch(
        &mut self,
        caller: Address,
        epoch: u64,
        accounts: &[Address],
        used: &[U256],
    ) -> Outcome {
        self.require_statement(caller, epoch)?;
        require_same_length(accounts.len(), used.len())?;
        accounts
            .iter()
            .zip(used)
            .try_for_each(|(account, used)| self.settle_line(caller, *account, *used))
    }

    fn settle_line(&mut self, gateway: Address, account: Address, used: U256) -> Outcome {
        let epoch = self.epoch();
        let mut line = self.line(account);
        let allowance = line.today.allowance;
        if self.gateways.behind(line.today.gateway, epoch) != gateway {
            return refuse(&NotItsGateway { account, gateway });
        }
        if used > allowance {
            return refuse(&InsufficientCredits {
                account,
                allowance,
                used,
            });
        }
        if line.state(used) {
            self.account_mut(account).line = line;
            self.log_diem(&CreditsSettled {
                account,
                gateway,
                epoch: U256::from(epoch),
                used,
                allowance,
            });
        }
        Ok(())
    }
}

pub(super) fn require_same_length(lines: usize, totals: usize) -> Outcome {
    if lines == totals {
        return Ok(());
    }
    refuse(&LengthMismatch {
        lines: U256::from(lines),
        totals: U256::from(totals),
    })
}
