//! What a transaction pays per gas, and which part of its gas is not for computing.

use alloy_primitives::U256;

use super::{Mode, context::Ctx, journal::JournalAccess};
use crate::{
    gas::l1,
    host::BlockEnv,
    state::{ArbosState, BATCH_POSTER, StateAccess},
    tx::{Fees, TxInput},
};

/// Prices and accounts of one transaction, read before it runs.
#[derive(Clone, Debug)]
pub(crate) struct Prices {
    /// Base fee of the block in wei per gas.
    pub(crate) base_fee: U256,
    /// Wei per gas really charged.
    pub(crate) charged: U256,
    /// Wei per gas that the message carries.
    pub(crate) message: U256,
    /// Compute gas the transaction may use, intrinsic gas included.
    pub(crate) compute_limit: u64,
    /// Whether the EIP-7623 floor applies.
    pub(crate) calldata_floor: bool,
    /// Gas that pays for L1 data, and the units it stands for.
    pub(crate) poster_gas: u64,
    pub(crate) poster_units: u64,
}

impl Prices {
    pub(crate) fn read(
        ctx: &mut Ctx<'_>,
        env: &BlockEnv,
        tx: &TxInput,
        mode: Mode,
        skip_l1_charging: bool,
    ) -> Self {
        let arbos = ArbosState::open(env.arbos_version);
        let base_fee = env.base_fee;
        let message = U256::from(tx.fees.message_price(base_fee.saturating_to()));
        let access = &mut JournalAccess(ctx);
        let charged = match tx.fees {
            Fees::Free => U256::ZERO,
            _ if arbos.collects_tips(access) => message,
            _ => base_fee.min(message),
        };
        let compute_limit = match mode {
            Mode::Call => u64::MAX,
            Mode::Commit | Mode::Estimate => arbos.tx_gas_limit(access),
        };
        let (poster_gas, poster_units) = if skip_l1_charging {
            (0, 0)
        } else {
            poster_share(access, arbos, env, tx, mode)
        };
        let calldata_floor = arbos.calldata_price_increased(access);
        Self {
            base_fee,
            charged,
            message,
            compute_limit,
            calldata_floor,
            poster_gas,
            poster_units,
        }
    }
}

/// Gas and units for posting `tx`. Nothing while a block's gas is free or not the poster's to sell.
pub(crate) fn poster_share(
    access: &mut dyn StateAccess,
    arbos: ArbosState,
    env: &BlockEnv,
    tx: &TxInput,
    mode: Mode,
) -> (u64, u64) {
    if env.base_fee.is_zero() || env.coinbase != BATCH_POSTER {
        return (0, 0);
    }
    let level = arbos.brotli_compression_level(access);
    let units = match (&tx.encoded, mode) {
        (Some(encoded), _) => l1::units(encoded, level),
        (None, Mode::Commit | Mode::Call) => l1::stand_in_units(tx, level),
        // The share must not change with the limit that is tried.
        (None, Mode::Estimate) => {
            let unlimited = TxInput {
                gas_limit: 0,
                ..tx.clone()
            };
            l1::stand_in_units(&unlimited, level)
        }
    };
    let cost = arbos
        .l1_price_per_unit(access)
        .saturating_mul(U256::from(units));
    let gas = match mode {
        Mode::Commit | Mode::Call => l1::poster_gas(cost, env.base_fee),
        // Room for the price to move until the transaction is sent.
        Mode::Estimate => {
            let lowered = env.base_fee.saturating_mul(U256::from(7)) / U256::from(8);
            let gas_price = lowered.max(arbos.min_base_fee(access));
            l1::poster_gas(
                cost.saturating_mul(U256::from(11)) / U256::from(10),
                gas_price,
            )
        }
    };
    (gas, units)
}
