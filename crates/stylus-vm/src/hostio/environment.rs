//! Values that need no state.

use alloy_primitives::{Address, U256};

use super::context::{Hostio, Stop};
use crate::RunEnv;

/// Returns a 64-bit number.
pub(super) fn number(h: &mut Hostio<'_>, get: fn(&RunEnv) -> u64) -> Result<u64, Stop> {
    let value = get(&h.input().env);
    h.trace(&[], &[&value.to_be_bytes()]);
    Ok(value)
}

/// Writes a 256-bit number, big-endian.
pub(super) fn uint(h: &mut Hostio<'_>, dest: u32, get: fn(&RunEnv) -> U256) -> Result<(), Stop> {
    let value = get(&h.input().env).to_be_bytes::<32>();
    h.write(dest, &value)?;
    h.trace(&[], &[&value]);
    Ok(())
}

/// Writes an address.
pub(super) fn address(
    h: &mut Hostio<'_>,
    dest: u32,
    get: fn(&RunEnv) -> Address,
) -> Result<(), Stop> {
    let value = get(&h.input().env);
    h.write(dest, value.as_slice())?;
    h.trace(&[], &[value.as_slice()]);
    Ok(())
}

/// Whole gas left, this call paid.
pub(super) fn gas_left(h: &mut Hostio<'_>) -> Result<u64, Stop> {
    let gas = h.gas_left();
    h.trace(&[], &[&gas.to_be_bytes()]);
    Ok(gas)
}

/// Ink left, this call paid.
pub(super) fn ink_left(h: &mut Hostio<'_>) -> Result<u64, Stop> {
    let ink = h.ink_left();
    h.trace(&[], &[&ink.to_be_bytes()]);
    Ok(ink)
}

/// Ink per gas.
pub(super) fn ink_price(h: &mut Hostio<'_>) -> Result<u32, Stop> {
    let price = h.input().ink_price;
    h.trace(&[], &[&price.to_be_bytes()]);
    Ok(price)
}

/// One if the acting address is open in another frame that is not a delegate call.
pub(super) fn msg_reentrant(h: &mut Hostio<'_>) -> Result<u32, Stop> {
    let reentrant = u32::from(h.input().env.msg_reentrant);
    h.trace(&[], &[&reentrant.to_be_bytes()]);
    Ok(reentrant)
}
