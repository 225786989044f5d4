//! `eth_config` (EIP-7910): what the chain is made of.

use alloy_primitives::{Address, U64, address, hex};
use arbos::is_any_precompile;
use jsonrpsee::server::RegisterMethodError;
use serde_json::{Map, Value, json};

use crate::{node::Node, rpc::methods::Methods};

/// Ethereum's precompiles under the names of the specification, by the last two bytes of their
/// addresses.
const PRECOMPILES: [(&str, u16); 18] = [
    ("ECREC", 0x01),
    ("SHA256", 0x02),
    ("RIPEMD160", 0x03),
    ("ID", 0x04),
    ("MODEXP", 0x05),
    ("BN254_ADD", 0x06),
    ("BN254_MUL", 0x07),
    ("BN254_PAIRING", 0x08),
    ("BLAKE2F", 0x09),
    ("KZG_POINT_EVALUATION", 0x0a),
    ("BLS12_G1ADD", 0x0b),
    ("BLS12_G1MSM", 0x0c),
    ("BLS12_G2ADD", 0x0d),
    ("BLS12_G2MSM", 0x0e),
    ("BLS12_PAIRING_CHECK", 0x0f),
    ("BLS12_MAP_FP_TO_G1", 0x10),
    ("BLS12_MAP_FP2_TO_G2", 0x11),
    ("P256VERIFY", 0x100),
];

/// The contract of EIP-2935.
const HISTORY_STORAGE: Address = address!("0000F90827F1C53a10cb7A02335B175320002935");

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.quick("eth_config", 0, |node, _| {
        // Upgrades of ArbOS come by the owner's will, not by the clock: none is ahead.
        Ok(json!({ "current": current(node), "next": null, "last": null }))
    })
}

fn current(node: &Node) -> Value {
    let chain = node.chain();
    let version = chain.head().arbitrum().arbos_version;
    let precompiles: Map<String, Value> = PRECOMPILES
        .into_iter()
        .map(|(name, number)| {
            let mut address = Address::ZERO;
            address[18..].copy_from_slice(&number.to_be_bytes());
            (name, address)
        })
        .filter(|(_, address)| is_any_precompile(*address, version))
        .map(|(name, address)| (name.to_owned(), json!(address)))
        .collect();
    let mut contracts = Map::new();
    if !chain.view().state.code(&HISTORY_STORAGE).is_empty() {
        contracts.insert("HISTORY_STORAGE_ADDRESS".to_owned(), json!(HISTORY_STORAGE));
    }
    // EIP-2124, with no fork after the genesis.
    let genesis = chain.block(0).map(|block| block.hash).unwrap_or_default();
    let fork_id = crc32fast::hash(genesis.as_slice()).to_be_bytes();
    json!({
        "activationTime": 0,
        "blobSchedule": null,
        "chainId": U64::from(node.chain_id()),
        "forkId": hex::encode_prefixed(fork_id),
        "precompiles": precompiles,
        "systemContracts": contracts,
    })
}
