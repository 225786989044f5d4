//! Creation of contracts.

use super::context::{Hostio, Reply, Stop};
use crate::pricing::{CREATE_GAS, CREATE2_WORD_GAS, read_ink, words};
use crate::{Answer, Request};

/// Creates a contract; writes its address (zero on failure) and the length of the revert data.
pub(super) fn create(
    h: &mut Hostio<'_>,
    code: u32,
    len: u32,
    endowment: u32,
    salt: Option<u32>,
    address: u32,
    revert_len: u32,
) -> Result<(), Stop> {
    h.buy(2 * read_ink(len))?;
    let code = h.read(code, len)?;
    let endowment = h.read_uint(endowment)?;
    let salt = match salt {
        Some(salt) => Some(h.read_word(salt)?),
        None => None,
    };
    if h.input().is_static {
        return Err(Stop::Failure);
    }
    let hashing = if salt.is_some() {
        CREATE2_WORD_GAS * words(len)
    } else {
        0
    };
    let base = CREATE_GAS + hashing;
    let gas_left = h.gas_left().checked_sub(base).ok_or(Stop::Failure)?;
    let request = Request::Create {
        salt,
        code: code.clone(),
        endowment,
        gas_left,
    };
    h.ask(request, move |h, answer| {
        let Answer::Create {
            address: created,
            gas_cost,
            return_data,
        } = answer
        else {
            return Err(Stop::Failure);
        };
        h.buy_gas(base.saturating_add(gas_cost))?;
        let length = return_data.len();
        h.host().return_data = return_data;
        let length = h.write_len(revert_len, length)?;
        h.write(address, created.as_slice())?;
        let salt = salt.as_ref().map_or(&[][..], |salt| salt.as_slice());
        let args = [&endowment.to_be_bytes::<32>()[..], salt, &code];
        h.trace(&args, &[created.as_slice(), &length.to_be_bytes()]);
        Ok(Reply::None)
    })
}
