//! Balances, code and code hashes of any account.

use alloy_primitives::{Address, Bytes};

use super::context::{Hostio, Reply, Stop};
use crate::pricing::{COLD_ACCOUNT_GAS, write_ink};
use crate::{Answer, Request};

/// ArbOS version from which empty code is not remembered.
const ARBOS_FORGETS_EMPTY_CODE: u64 = 40;

/// Writes an account's balance.
pub(super) fn balance(h: &mut Hostio<'_>, address: u32, dest: u32) -> Result<(), Stop> {
    h.require_gas(COLD_ACCOUNT_GAS)?;
    let address = h.read_address(address)?;
    word(h, address, Request::Balance { address }, dest)
}

/// Writes an account's code hash.
pub(super) fn code_hash(h: &mut Hostio<'_>, address: u32, dest: u32) -> Result<(), Stop> {
    h.require_gas(COLD_ACCOUNT_GAS)?;
    let address = h.read_address(address)?;
    word(h, address, Request::CodeHash { address }, dest)
}

fn word(h: &mut Hostio<'_>, address: Address, request: Request, dest: u32) -> Result<(), Stop> {
    h.ask(request, move |h, answer| {
        let Answer::Account { word, gas } = answer else {
            return Err(Stop::Failure);
        };
        h.buy_gas(gas)?;
        h.write(dest, word.as_slice())?;
        h.trace(&[address.as_slice()], &[word.as_slice()]);
        Ok(Reply::None)
    })
}

/// Copies what there is of a range of an account's code; returns how much.
pub(super) fn code(
    h: &mut Hostio<'_>,
    address: u32,
    offset: u32,
    size: u32,
    dest: u32,
) -> Result<u32, Stop> {
    with_code(h, address, move |h, address, code| {
        h.buy(write_ink(code.len() as u32))?;
        let copied = size.min((code.len() as u32).saturating_sub(offset));
        let start = if copied == 0 { 0 } else { offset as usize };
        let bytes = code.slice(start..start + copied as usize);
        if copied > 0 {
            h.write(dest, &bytes)?;
        }
        let args = [
            address.as_slice(),
            &offset.to_be_bytes(),
            &size.to_be_bytes(),
        ];
        h.trace(&args, &[&bytes]);
        Ok(copied)
    })
}

/// Size of an account's code.
pub(super) fn code_size(h: &mut Hostio<'_>, address: u32) -> Result<u32, Stop> {
    with_code(h, address, |h, address, code| {
        let size = code.len() as u32;
        h.trace(&[address.as_slice()], &[&size.to_be_bytes()]);
        Ok(size)
    })
}

/// Finds an account's code, in the one-entry cache of the frame or by asking, and goes on with it.
fn with_code(
    h: &mut Hostio<'_>,
    address: u32,
    then: impl FnOnce(&mut Hostio<'_>, Address, Bytes) -> Result<u32, Stop> + Send + Sync + 'static,
) -> Result<u32, Stop> {
    h.require_gas(COLD_ACCOUNT_GAS)?;
    let address = h.read_address(address)?;
    let cached = h
        .host()
        .code
        .as_ref()
        .filter(|(known, _)| *known == address);
    if let Some((_, code)) = cached {
        let code = code.clone();
        return then(h, address, code);
    }
    let gas_left = h.gas_left();
    h.ask(Request::Code { address, gas_left }, move |h, answer| {
        let Answer::Code { code, gas } = answer else {
            return Err(Stop::Failure);
        };
        h.buy_gas(gas)?;
        if !code.is_empty() || h.input().arbos_version < ARBOS_FORGETS_EMPTY_CODE {
            h.host().code = Some((address, code.clone()));
        }
        then(h, address, code).map(Reply::Word)
    })
}
