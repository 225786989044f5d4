//! The live system's reads, thin: what integrators already call.

use crate::contract::StakedVvv;
use crate::errors::{Result, refuse};
use crate::interface::{IDiem, IStakedVvv};
use crate::storage::{DIEM, VENICE};
use alloy_primitives::{Address, U256};
use contract_kit::calldata;
use contract_kit::word::{ToWord, address, from_u128};
use diem_math::wad::WAD;

/// DIEM per step of the live curve grid.
const GRID_STEP: u64 = 500;
/// Steps of the live curve grid.
const GRID_STEPS: u64 = 256;

impl StakedVvv {
    pub(crate) fn stake_record(&self, user: Address) -> (U256, U256, U256) {
        let account = self.account(user);
        let cooldown = self.cooldown(account.at);
        (
            account.debt,
            cooldown.end.to_word(),
            from_u128(cooldown.amount),
        )
    }

    pub(crate) fn lock_record(&self, user: Address) -> Result<(U256, U256)> {
        let account = self.account(user);
        if !account.settles {
            return Ok((U256::ZERO, U256::ZERO));
        }
        let outstanding = self.diem_view(calldata!(IDiem::outstandingOfCall, user))?;
        Ok((from_u128(account.locked), outstanding))
    }

    pub(crate) fn all_pending(&self, user: Address) -> Result<U256> {
        let index = self.pool(self.store.get(VENICE)).index;
        let account = self.account(user);
        let free = account.pending(index);
        if !account.settles {
            return Ok(free);
        }
        let net = self.diem_view(calldata!(IDiem::pendingYieldAtCall, user, index))?;
        Ok(free.saturating_add(net))
    }

    pub(crate) fn quote(&self, amount: U256) -> Result<U256> {
        self.diem_view(calldata!(IDiem::previewMintCall, amount))
    }

    pub(crate) fn grid_rate(&self, index: U256) -> Result<U256> {
        let supply = grid_supply(index)?;
        self.diem_view(calldata!(IDiem::mintRateAtCall, supply))
    }

    pub(crate) fn fee_receiver(&self) -> Result<Address> {
        if address(self.store.get(DIEM)).is_zero() {
            return Ok(Address::ZERO);
        }
        self.diem_view(calldata!(IDiem::treasuryCall)).map(address)
    }
}

/// `500 * (index + 1)` DIEM.
pub(crate) fn grid_supply(index: U256) -> Result<U256> {
    if index >= U256::from(GRID_STEPS) {
        return Err(refuse!(IStakedVvv::CurveIndexOutOfRange, index));
    }
    let step = WAD.wrapping_mul(U256::from(GRID_STEP));
    Ok(step.wrapping_mul(index.wrapping_add(U256::ONE)))
}
