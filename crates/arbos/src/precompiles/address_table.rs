//! ArbAddressTable (0x66): addresses by a short index.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::sol;

use super::{Access, Context, Failure, Precompile, method::method, no_errors, numbered};

sol! {
    interface ArbAddressTable {
        function addressExists(address addr) external view returns (bool);
        function compress(address addr) external returns (bytes);
        function decompress(bytes calldata buf, uint256 offset) external view returns (address, uint256);
        function lookup(address addr) external view returns (uint256);
        function lookupIndex(uint256 index) external view returns (address);
        function register(address addr) external returns (uint256);
        function size() external view returns (uint256);
    }
}
use ArbAddressTable::*;

/// RLP of an address: a length byte and its 20 bytes.
const RLP_ADDRESS: u8 = 0x80 + 20;

pub(super) static PRECOMPILE: Precompile = Precompile {
    name: "ArbAddressTable",
    address: numbered(0x66),
    since: 0,
    access: Access::Anyone,
    methods: &[
        method!(View, addressExistsCall, |context, call| {
            Ok(lookup(context, call.addr)?.is_some())
        }),
        method!(Write, compressCall, |context, call| {
            Ok(match lookup(context, call.addr)? {
                Some(index) => Bytes::from(rlp_uint(index)),
                None => Bytes::from([&[RLP_ADDRESS], call.addr.as_slice()].concat()),
            })
        }),
        method!(View, decompressCall, decompress),
        method!(View, lookupCall, |context, call| {
            lookup(context, call.addr)?
                .map(U256::from)
                .ok_or_else(|| Failure::internal("address does not exist in AddressTable"))
        }),
        method!(View, lookupIndexCall, |context, call| {
            let index = u64::try_from(call.index)
                .map_err(|_| Failure::internal("invalid index in ArbAddressTable.LookupIndex"))?;
            at(context, index)
        }),
        method!(Write, registerCall, |context, call| {
            let table = context.state.address_table();
            table.register(context, call.addr).map(U256::from)
        }),
        method!(View, sizeCall, |context, _| {
            let size = context.state.address_table().size();
            size.get(context).map(U256::from)
        }),
    ],
    describe: no_errors,
};

fn lookup(context: &mut Context<'_>, address: Address) -> Result<Option<u64>, Failure> {
    let table = context.state.address_table();
    table.lookup(context, address)
}

fn at(context: &mut Context<'_>, index: u64) -> Result<Address, Failure> {
    let table = context.state.address_table();
    table
        .at(context, index)?
        .ok_or_else(|| Failure::internal("index does not exist in AddressTable"))
}

/// Reads one RLP item at `offset`: an address itself, or the index of one.
fn decompress(
    context: &mut Context<'_>,
    call: decompressCall,
) -> Result<decompressReturn, Failure> {
    let invalid = || Failure::internal("invalid offset in ArbAddressTable.Decompress");
    let offset = usize::try_from(call.offset).map_err(|_| invalid())?;
    let item = call.buf.get(offset..).ok_or_else(invalid)?;
    let (first, rest) = item.split_first().ok_or_else(invalid)?;
    let (address, read) = match *first {
        RLP_ADDRESS => {
            let bytes = rest.first_chunk::<20>().ok_or_else(invalid)?;
            (Address::from(*bytes), 21)
        }
        byte @ ..0x80 => (at(context, byte.into())?, 1),
        byte @ 0x80..=0x88 => {
            let len = usize::from(byte - 0x80);
            let bytes = rest.get(..len).ok_or_else(invalid)?;
            let index = bytes
                .iter()
                .fold(0u64, |index, byte| index << 8 | u64::from(*byte));
            (at(context, index)?, 1 + len)
        }
        _ => return Err(invalid()),
    };
    Ok(decompressReturn {
        _0: address,
        _1: U256::from(read),
    })
}

fn rlp_uint(value: u64) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let digits = &bytes[(value.leading_zeros() / 8) as usize..];
    match digits {
        [] => vec![0x80],
        [byte] if *byte < 0x80 => vec![*byte],
        _ => [&[0x80 + digits.len() as u8], digits].concat(),
    }
}
