//! Where the gas limit of a transaction goes: divided before it runs, settled after.

use revm::{context_interface::Cfg, handler::FrameResult};

use super::{context::Ctx, prices::Prices};
use crate::{error::TxError, tx::TxInput};

/// Part of the gas used that a refund may reach (EIP-3529): one fifth.
const MAX_REFUND_QUOTIENT: u64 = 5;

/// Where the gas limit of a transaction goes before it runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct GasPlan {
    pub(super) limit: u64,
    /// For L1 data, never refunded.
    poster: u64,
    /// Set aside because the chain caps the compute gas of a transaction; given back afterwards.
    held: u64,
    /// For the outermost frame.
    pub(super) frame: u64,
    /// Least compute gas to be charged (EIP-7623), 0 when the rule is off.
    floor: u64,
}

/// What the transaction used, after refunds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GasUsed {
    pub(crate) total: u64,
    pub(crate) peak: u64,
    pub(crate) refunded: u64,
}

/// Divides the gas limit: intrinsic gas, L1 share, what exceeds the compute cap, and the rest to run with.
pub(super) fn plan(ctx: &Ctx<'_>, tx: &TxInput, prices: &Prices) -> Result<GasPlan, TxError> {
    let initial = ctx.cfg.gas_params().initial_tx_gas_for_tx(&ctx.tx, None);
    let intrinsic = initial.initial_total_gas();
    let floor = if prices.calldata_floor {
        initial.floor_gas()
    } else {
        0
    };
    let limit = tx.gas_limit;
    if limit < floor {
        return Err(TxError::FloorDataGas {
            have: limit,
            want: floor,
        });
    }
    let want = intrinsic.saturating_add(prices.poster_gas);
    let left = limit
        .checked_sub(want)
        .ok_or(TxError::IntrinsicGas { have: limit, want })?;
    let held = left.saturating_sub(prices.compute_limit.saturating_sub(intrinsic));
    Ok(GasPlan {
        limit,
        poster: prices.poster_gas,
        held,
        frame: left - held,
        floor,
    })
}

/// Gas used in the end. The refund reaches at most a fifth of what was used apart from the L1 share.
pub(super) fn settle(frame: &FrameResult, plan: GasPlan, delegation_refund: u64) -> GasUsed {
    let status = frame.instruction_result();
    let frame_left = if status.is_ok_or_revert() {
        frame.gas().remaining()
    } else {
        0
    };
    let execution_refund = if status.is_ok() {
        u64::try_from(frame.gas().refunded()).unwrap_or(0)
    } else {
        0
    };
    let spent = plan.limit - plan.held - frame_left;
    let most = spent.saturating_sub(plan.poster) / MAX_REFUND_QUOTIENT;
    let refunded = execution_refund.saturating_add(delegation_refund).min(most);
    let floor = plan.floor.saturating_add(plan.poster).min(plan.limit);
    let (total, refunded) = if spent - refunded < floor {
        (floor, 0)
    } else {
        (spent - refunded, refunded)
    };
    GasUsed {
        total,
        peak: spent.max(floor),
        refunded,
    }
}
