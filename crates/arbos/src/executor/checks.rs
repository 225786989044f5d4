//! Whether a transaction may run at all, in the order in which a Nitro node looks.

use alloy_primitives::U256;
use revm::{context_interface::Cfg, primitives::hardfork::SpecId};

use super::{ExecOptions, Mode, context::Ctx, journal, prices::Prices};
use crate::{
    error::TxError,
    tx::{Fees, TxInput},
};

/// EIP-2718 types that exist, besides legacy ones.
const EIP2930: u8 = 1;
const EIP1559: u8 = 2;
const EIP7702: u8 = 4;

pub(crate) fn check(
    ctx: &mut Ctx<'_>,
    tx: &TxInput,
    prices: &Prices,
    options: &ExecOptions,
) -> Result<(), TxError> {
    check_kind(ctx, tx)?;
    if options.mode == Mode::Commit {
        if tx.gas_limit > ctx.block.gas_limit {
            return Err(TxError::GasLimitReached);
        }
        check_sender(ctx, tx, options.impersonated)?;
    }
    check_fees(tx, prices)?;
    check_funds(ctx, tx)?;
    check_initcode(ctx, tx)
}

fn check_kind(ctx: &Ctx<'_>, tx: &TxInput) -> Result<(), TxError> {
    let known = match tx.tx_type {
        0 | EIP2930 | EIP1559 => true,
        EIP7702 => ctx.cfg.spec.is_enabled_in(SpecId::PRAGUE),
        _ => false,
    };
    if !known {
        return Err(TxError::TypeNotSupported);
    }
    let want = ctx.cfg.chain_id;
    if let Some(have) = tx.chain_id.filter(|have| *have != want) {
        return Err(TxError::WrongChain { have, want });
    }
    if tx.tx_type == EIP7702 && tx.authorization_list.is_empty() {
        return Err(TxError::EmptyAuthorizationList { sender: tx.from });
    }
    if !tx.authorization_list.is_empty() && tx.to.is_none() {
        return Err(TxError::AuthorizationWithoutTarget { sender: tx.from });
    }
    Ok(())
}

/// Nonce, and no code other than a delegation.
fn check_sender(ctx: &mut Ctx<'_>, tx: &TxInput, impersonated: bool) -> Result<(), TxError> {
    let sender = tx.from;
    let state = journal::nonce(ctx, sender);
    if let Some(nonce) = tx.nonce {
        if nonce < state {
            return Err(TxError::NonceTooLow {
                sender,
                tx: nonce,
                state,
            });
        }
        if nonce > state {
            return Err(TxError::NonceTooHigh {
                sender,
                tx: nonce,
                state,
            });
        }
    }
    if state == u64::MAX {
        return Err(TxError::NonceMax { sender });
    }
    let (_, code) = journal::stored_code(ctx, sender);
    if !impersonated && !code.is_empty() && !code.is_eip7702() {
        return Err(TxError::SenderNotEoa { sender });
    }
    Ok(())
}

fn check_fees(tx: &TxInput, prices: &Prices) -> Result<(), TxError> {
    if tx.fees == Fees::Free {
        return Ok(());
    }
    if let Fees::Dynamic {
        max_fee,
        max_priority_fee,
    } = tx.fees
        && max_priority_fee > max_fee
    {
        return Err(TxError::TipAboveFeeCap {
            sender: tx.from,
            tip: max_priority_fee,
            max_fee,
        });
    }
    let max_fee = tx.fees.cap();
    if U256::from(max_fee) < prices.base_fee {
        return Err(TxError::FeeCapTooLow {
            sender: tx.from,
            max_fee,
            base_fee: prices.base_fee,
        });
    }
    Ok(())
}

/// The whole gas limit at the fee cap plus the value must be there, even if less is charged.
fn check_funds(ctx: &mut Ctx<'_>, tx: &TxInput) -> Result<(), TxError> {
    let have = journal::balance(ctx, tx.from);
    let gas = U256::from(tx.gas_limit).saturating_mul(U256::from(tx.fees.cap()));
    let want = gas.saturating_add(tx.value);
    if have < want {
        return Err(TxError::InsufficientFunds {
            sender: tx.from,
            have,
            want,
        });
    }
    Ok(())
}

fn check_initcode(ctx: &Ctx<'_>, tx: &TxInput) -> Result<(), TxError> {
    let (size, limit) = (tx.data.len(), ctx.cfg.max_initcode_size());
    let limited = tx.to.is_none() && ctx.cfg.spec.is_enabled_in(SpecId::SHANGHAI);
    if limited && size > limit {
        return Err(TxError::InitCodeTooLarge { size, limit });
    }
    Ok(())
}
