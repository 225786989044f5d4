//! Calls and their return data.

use alloy_primitives::U256;

use super::context::{Hostio, Reply, Stop};
use crate::pricing::{read_ink, write_ink};
use crate::{Answer, CallKind, Request};

/// Calls an account; returns the status and writes the length of the return data.
#[expect(clippy::too_many_arguments, reason = "the signature is the program's")]
pub(super) fn call(
    h: &mut Hostio<'_>,
    kind: CallKind,
    contract: u32,
    data: u32,
    len: u32,
    value: Option<u32>,
    gas: u64,
    return_len: u32,
) -> Result<u32, Stop> {
    h.buy(2 * read_ink(len))?;
    let gas_left = h.gas_left();
    let contract = h.read_address(contract)?;
    let input = h.read(data, len)?;
    let value = match value {
        Some(value) => Some(h.read_uint(value)?),
        None => None,
    };
    let request = Request::Call {
        kind,
        contract,
        value: value.unwrap_or(U256::ZERO),
        input: input.clone(),
        gas_left,
        gas_requested: gas.min(gas_left),
    };
    h.ask(request, move |h, answer| {
        let Answer::Call {
            status,
            gas_cost,
            return_data,
        } = answer
        else {
            return Err(Stop::Failure);
        };
        h.buy_gas(gas_cost)?;
        let length = return_data.len();
        h.host().return_data = return_data;
        let length = h.write_len(return_len, length)?;
        let value = value.map(|value| value.to_be_bytes::<32>());
        let value = value.as_ref().map_or(&[][..], |value| value);
        let args = [contract.as_slice(), &gas.to_be_bytes(), value, &input];
        h.trace(&args, &[&length.to_be_bytes(), &[status]]);
        Ok(Reply::Word(u32::from(status)))
    })
}

/// Copies what there is of a range of the return data; never fails for its range.
pub(super) fn read_return_data(
    h: &mut Hostio<'_>,
    dest: u32,
    offset: u32,
    size: u32,
) -> Result<u32, Stop> {
    let available = (h.host().return_data.len() as u32).saturating_sub(offset);
    let copied = size.min(available);
    h.buy(write_ink(copied))?;
    let start = if copied == 0 { 0 } else { offset as usize };
    let bytes = h.host().return_data.slice(start..start + copied as usize);
    if copied > 0 {
        h.write(dest, &bytes)?;
    }
    h.trace(&[&offset.to_be_bytes(), &size.to_be_bytes()], &[&bytes]);
    Ok(copied)
}

/// Length of the last return data of this frame.
pub(super) fn return_data_size(h: &mut Hostio<'_>) -> Result<u32, Stop> {
    let size = h.host().return_data.len() as u32;
    h.trace(&[], &[&size.to_be_bytes()]);
    Ok(size)
}
