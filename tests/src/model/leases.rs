//! Leases and their credit lines.

use super::credits::require_same_length;
use super::staking::require_amount;
use super::{Lease, MAX_LEASE_EPOCHS, Model, Outcome, refuse};
use crate::abi::IDiem::*;
use alloy_primitives::{Address, U256};

impl Model {
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
        self.take_credit(lessor, amount)?;
        self.account_mut(lessor).leased += amount;
        let start = self.epoch() + 1;
        let end = start + u64::from(epochs);
        let id = self.next_lease;
        self.next_lease += U256::ONE;
        let lease = Lease::opened(lessor, lessee, amount, (start, end));
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
        self.require_lessee(id, caller)?.lessee = to;
        self.log_diem(&LeaseTransferred {
            id,
            from: caller,
            to,
        });
        Ok(())
    }

    pub(super) fn choose_lease_gateway(
        &mut self,
        caller: Address,
        id: U256,
        gateway: Address,
    ) -> Outcome {
        self.require_lessee(id, caller)?;
        let choice = self.choice(gateway)?;
        let from = self.lease_mut(id)?.line.choose(choice);
        self.log_diem(&LeaseGatewayChosen {
            id,
            gateway,
            fromEpoch: U256::from(from),
        });
        Ok(())
    }

    pub(super) fn settle_leases(
        &mut self,
        caller: Address,
        epoch: u64,
        ids: &[U256],
        used: &[U256],
    ) -> Outcome {
        self.require_statement(caller, epoch)?;
        require_same_length(ids.len(), used.len())?;
        ids.iter()
            .zip(used)
            .try_for_each(|(id, used)| self.settle_lease(caller, *id, *used))
    }

    fn settle_lease(&mut self, gateway: Address, id: U256, used: U256) -> Outcome {
        let epoch = self.epoch();
        let mut line = self.lease_mut(id)?.line;
        let allowance = line.today.allowance;
        if self.gateways.behind(line.today.gateway, epoch) != gateway {
            return refuse(&NotItsLeaseGateway { id, gateway });
        }
        if used > allowance {
            return refuse(&InsufficientLeaseCredits {
                id,
                allowance,
                used,
            });
        }
        if line.state(used) {
            self.lease_mut(id)?.line = line;
            self.log_diem(&LeaseSettled {
                id,
                gateway,
                epoch: U256::from(epoch),
                used,
                allowance,
            });
        }
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
        self.give_credit(lease.lessor, lease.amount);
        self.log_diem(&LeaseClosed {
            id,
            lessor: lease.lessor,
            amount: lease.amount,
        });
        Ok(())
    }

    /// An open lease, its line brought to today.
    fn lease_mut(&mut self, id: U256) -> Outcome<&mut Lease> {
        let epoch = self.epoch();
        let Some(lease) = self.leases.get_mut(&id) else {
            return refuse(&UnknownLease { id });
        };
        lease.bring_to(epoch);
        Ok(lease)
    }

    fn require_lessee(&mut self, id: U256, caller: Address) -> Outcome<&mut Lease> {
        let lease = self.lease_mut(id)?;
        if lease.lessee != caller {
            return refuse(&OnlyLessee { id, caller });
        }
        Ok(lease)
    }
}
