//! Changes as bytes, and the `stateRoot` of a header made from them.
//!
//! The root is approximate on purpose: Nitro keeps a Merkle trie, and rebuilding
//! one per block would cost a dev node more than running the block. What stands in
//! the header commits to the same history all the same: it differs as soon as a
//! different sequence of changes was applied.

use alloy_primitives::{Address, B256, Bytes, Keccak256, U256};
use alloy_rlp::{Decodable, Encodable, RlpDecodable, RlpEncodable};
use arbos::{Account, AccountDiff, Code, StateDiff};

/// Commitment after `encoded` changes were applied to a state committed to by `parent`.
pub fn commit(parent: B256, encoded: &[u8]) -> B256 {
    let mut hasher = Keccak256::new();
    hasher.update(parent);
    hasher.update(encoded);
    hasher.finalize()
}

/// Bytes of `diff`: equal changes give equal bytes.
pub fn encode_diff(diff: &StateDiff) -> Vec<u8> {
    let mut rows: Vec<_> = diff.accounts.iter().map(Row::new).collect();
    rows.sort_unstable_by_key(|row| row.address);
    let mut out = Vec::with_capacity(rows.length());
    rows.encode(&mut out);
    out
}

/// The changes that [`encode_diff`] wrote.
pub fn decode_diff(buf: &mut &[u8]) -> alloy_rlp::Result<StateDiff> {
    let mut diff = StateDiff::default();
    for row in Vec::<Row>::decode(buf)? {
        let (address, change) = row.into_change();
        diff.accounts.insert(address, change);
    }
    Ok(diff)
}

const EXISTS: u8 = 1;
const WIPED: u8 = 2;
const HAS_CODE: u8 = 4;

/// One account of a diff on disk.
#[derive(RlpEncodable, RlpDecodable)]
struct Row {
    address: Address,
    flags: u8,
    nonce: u64,
    balance: U256,
    code_hash: B256,
    code: Bytes,
    /// Keys and values by turns.
    storage: Vec<U256>,
}

impl Row {
    fn new((address, change): (&Address, &AccountDiff)) -> Self {
        let account = change.account.unwrap_or_default();
        let mut slots = change.storage.clone();
        slots.sort_by_key(|(key, _)| *key);
        Self {
            address: *address,
            flags: u8::from(change.account.is_some()) * EXISTS
                + u8::from(change.wiped) * WIPED
                + u8::from(change.code.is_some()) * HAS_CODE,
            nonce: account.nonce,
            balance: account.balance,
            code_hash: account.code_hash,
            code: change.code.as_ref().map(Code::bytes).unwrap_or_default(),
            storage: slots
                .into_iter()
                .flat_map(|(key, value)| [key, value])
                .collect(),
        }
    }

    fn into_change(self) -> (Address, AccountDiff) {
        let account = Account {
            balance: self.balance,
            nonce: self.nonce,
            code_hash: self.code_hash,
        };
        let change = AccountDiff {
            account: (self.flags & EXISTS != 0).then_some(account),
            code: (self.flags & HAS_CODE != 0).then(|| Code::new(self.code)),
            wiped: self.flags & WIPED != 0,
            storage: self
                .storage
                .chunks_exact(2)
                .map(|pair| (pair[0], pair[1]))
                .collect(),
        };
        (self.address, change)
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::address;

    use super::*;
    use crate::state::{Edit, State};

    #[test]
    fn a_diff_survives_the_way_through_bytes() {
        let state = State::default();
        let somebody = address!("00000000000000000000000000000000000000aa");
        let diff = Edit::of(&state)
            .balance(somebody, U256::from(7))
            .code(somebody, Bytes::from_static(&[0xef, 0xf0, 0, 0, 1]))
            .slot(somebody, U256::from(2), U256::from(3))
            .slot(somebody, U256::from(1), U256::ZERO)
            .nonce(Address::ZERO, 9)
            .finish();
        let bytes = encode_diff(&diff);
        let back = decode_diff(&mut bytes.as_slice()).expect("own bytes");
        assert_eq!(encode_diff(&back), bytes);
        let mut restored = State::default();
        restored.apply(&back);
        assert_eq!(restored.balance(&somebody), U256::from(7));
        assert_eq!(restored.nonce(&Address::ZERO), 9);
        assert_eq!(restored.code(&somebody).len(), 5);
        assert_eq!(restored.slot(&somebody, &U256::from(2)), U256::from(3));
        assert_ne!(commit(B256::ZERO, &bytes), commit(B256::ZERO, &[]));
    }
}
