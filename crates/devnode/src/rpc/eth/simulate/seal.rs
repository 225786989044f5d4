//! Simulated blocks as they are shown. Their headers have the fields that geth's simulation fills
//! in on every chain since Cancun, which no real block of Arbitrum has.

use std::sync::Arc;

use alloy_primitives::{B64, B256, U64, keccak256};
use alloy_rlp::{Encodable, Header as RlpHeader};
use serde_json::{Value, json};

use super::{Build, Simulation};
use crate::{
    chain::{Block, Draft},
    rpc::encode,
    sequencer::arbitrum_header,
    state::{commit, encode_diff},
};

impl Simulation<'_> {
    pub(super) fn seal(&mut self, build: Build, beacon_root: B256) {
        let env = &self.scene.env;
        let draft = Draft {
            parent_hash: self.parent.hash,
            number: env.number,
            timestamp: env.timestamp,
            base_fee: env.base_fee.saturating_to(),
            coinbase: env.coinbase,
            state_root: commit(self.parent.header.state_root, &encode_diff(&build.diff)),
            arbitrum: arbitrum_header(&self.scene.view, env.l1_block_number),
        };
        let mut block = Block::seal(draft, build.transactions, build.receipts);
        block.header.nonce = B64::ZERO;
        block.header.gas_limit = env.gas_limit;
        block.header.difficulty = self.difficulty;
        let header = extended(&alloy_rlp::encode(&block.header), beacon_root);
        let added = header.len().saturating_sub(block.header.length());
        block.hash = keccak256(&header);
        let block = Arc::new(block);
        self.scene.view.hashes.push(block.number(), block.hash);

        let mut answer = json!(encode::block(&block, self.full));
        answer["size"] = json!(U64::from(longer(&block.raw(), added)));
        answer["blobGasUsed"] = json!("0x0");
        answer["excessBlobGas"] = json!("0x0");
        answer["parentBeaconBlockRoot"] = json!(beacon_root);
        let mut first = 0;
        let calls = build.calls.into_iter().zip(build.logs).enumerate();
        answer["calls"] = calls
            .map(|(index, (mut call, logs))| {
                call["logs"] = json!(encode::logs(&block, index, first, &logs));
                first += logs.len();
                call
            })
            .collect::<Vec<Value>>()
            .into();
        self.blocks.push(answer);
        self.parent = block;
    }
}

/// A header's RLP with no root of withdrawals, no gas of blobs, no excess of it, and the root of
/// the beacon chain.
fn extended(header: &[u8], beacon_root: B256) -> Vec<u8> {
    let mut fields = header;
    // What was encoded just now is a list.
    let _ = RlpHeader::decode(&mut fields);
    let mut payload = fields.to_vec();
    payload.extend([alloy_rlp::EMPTY_STRING_CODE; 3]);
    beacon_root.encode(&mut payload);
    let mut out = Vec::new();
    RlpHeader {
        list: true,
        payload_length: payload.len(),
    }
    .encode(&mut out);
    out.extend(payload);
    out
}

/// Length of a list with `added` more bytes in it.
fn longer(list: &[u8], added: usize) -> usize {
    let mut rest = list;
    let payload = RlpHeader::decode(&mut rest).map_or(0, |header| header.payload_length);
    let payload = payload.saturating_add(added);
    payload.saturating_add(alloy_rlp::length_of_length(payload))
}

#[cfg(test)]
mod tests {
    use alloy_consensus::{EMPTY_OMMER_ROOT_HASH, Header};
    use alloy_primitives::{U256, address, b256};

    use super::*;

    /// A block that a real Nitro node made in a simulation.
    #[test]
    fn a_header_hashes_as_real_nitro_hashes_it() {
        let header = Header {
            parent_hash: b256!("1f50321ad344aadacb178bc2de94e498eed8d108efffe9ea2443d54e53bb9f77"),
            ommers_hash: EMPTY_OMMER_ROOT_HASH,
            beneficiary: address!("a4b000000000000000000073657175656e636572"),
            state_root: b256!("b0fee6cbb969c4c1736d9d4d37981799c59301d58038a66f1c06aafc5e4aed52"),
            transactions_root: b256!(
                "57918a6f0feaf22dba0dc4cfe368f25cbe6adb4a4ca761a19711b91725cbb579"
            ),
            receipts_root: b256!(
                "f78dfb743fbd92ade140711c8bbc542b5e307f0ab7984eff35d751969fe57efa"
            ),
            difficulty: U256::ONE,
            number: 5,
            gas_limit: 1 << 50,
            gas_used: 21_000,
            timestamp: 0x6b07_4c85,
            extra_data: B256::ZERO.into(),
            mix_hash: b256!("0000000000000000000000000000000000000000000000330000000000000000"),
            base_fee_per_gas: Some(0),
            ..Header::default()
        };
        assert_eq!(
            keccak256(extended(&alloy_rlp::encode(&header), B256::ZERO)),
            b256!("7d4c0af3f6e02a7cbadc5d1e3eab97bb8fb743b17a63c469b9c445b290bfdda5")
        );
    }

    #[test]
    fn a_list_grows_with_its_own_length() {
        let list = alloy_rlp::encode(vec![0_u8; 200]);
        for added in [0, 36, 60_000, 70_000] {
            let longer_list = alloy_rlp::encode(vec![0_u8; 200 + added]);
            let (list, expected) = (list.as_slice(), longer_list.len());
            assert_eq!(longer(list, added), expected);
        }
    }
}
