//! All accounts as one value, out and in again.

use std::collections::BTreeMap;

use alloy_primitives::{Address, Bytes, U64, U256, hex};
use jsonrpsee::server::RegisterMethodError;
use serde::{Deserialize, Serialize, de::Error};

use super::{
    RpcError,
    methods::Methods,
    param::{Param, plain, plain_params},
};
use crate::state::{Edit, State};

/// How a gzip file starts. Anvil packs its dumps so.
const GZIP: [u8; 2] = [0x1f, 0x8b];

pub(super) fn register(methods: &mut Methods) -> Result<(), RegisterMethodError> {
    methods.heavy("anvil_dumpState", 1, |node, _| {
        let state = node.chain().view().state.clone();
        Dump::of(&state, node.chain_id()).pack()
    })?;
    methods.waiting(
        "anvil_loadState",
        1,
        |args| args.required(0),
        |node, dump: Dump| async move {
            dump.check(node.chain_id())?;
            node.sequencer
                .run(|sequencer| sequencer.edit(|edit| dump.apply(edit).finish()))
                .await??;
            Ok(true)
        },
    )?;
    methods.alias("hardhat_dumpState", "anvil_dumpState")?;
    methods.alias("hardhat_loadState", "anvil_loadState")
}

/// Every account, without the blocks that led to it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "Spelling")]
struct Dump {
    chain_id: Option<u64>,
    accounts: BTreeMap<Address, Entry>,
}

plain_params! { Dump, }

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    #[serde(default)]
    nonce: U64,
    #[serde(default)]
    balance: U256,
    #[serde(default)]
    code: Bytes,
    /// Words that are not zero.
    #[serde(default)]
    storage: BTreeMap<U256, U256>,
}

/// A dump as it comes in: packed into one string, or spread out.
#[derive(Deserialize)]
#[serde(untagged)]
enum Spelling {
    Packed(Bytes),
    #[serde(rename_all = "camelCase")]
    Spread {
        chain_id: Option<u64>,
        accounts: BTreeMap<Address, Entry>,
    },
}

impl TryFrom<Spelling> for Dump {
    type Error = serde_json::Error;

    fn try_from(spelling: Spelling) -> Result<Self, serde_json::Error> {
        match spelling {
            Spelling::Spread { chain_id, accounts } => Ok(Self { chain_id, accounts }),
            Spelling::Packed(bytes) if bytes.starts_with(&GZIP) => Err(serde_json::Error::custom(
                "a dump made by anvil; this node takes its own",
            )),
            Spelling::Packed(bytes) => serde_json::from_slice(&bytes),
        }
    }
}

impl Dump {
    fn of(state: &State, chain_id: u64) -> Self {
        let accounts = state.accounts().map(|(address, account)| {
            let entry = Entry {
                nonce: U64::from(account.info.nonce),
                balance: account.info.balance,
                code: state.code(address),
                storage: account
                    .storage
                    .iter()
                    .map(|(key, word)| (*key, *word))
                    .collect(),
            };
            (*address, entry)
        });
        Self {
            chain_id: Some(chain_id),
            accounts: accounts.collect(),
        }
    }

    /// JSON in hex: clients expect one string.
    fn pack(&self) -> Result<String, RpcError> {
        let json =
            serde_json::to_vec(self).map_err(|error| RpcError::Internal(error.to_string()))?;
        Ok(hex::encode_prefixed(json))
    }

    /// ArbOS keeps the chain's id in its own storage: that of another chain would be a lie here.
    fn check(&self, chain_id: u64) -> Result<(), RpcError> {
        match self.chain_id {
            Some(other) if other != chain_id => Err(RpcError::refused(format!(
                "a dump of chain {other}; this is chain {chain_id} (see --chain-id)"
            ))),
            _ => Ok(()),
        }
    }

    /// Replaces each account named, as a whole; the others stay.
    fn apply(self, edit: Edit<'_>) -> Edit<'_> {
        self.accounts
            .into_iter()
            .fold(edit, |edit, (address, entry)| {
                edit.balance(address, entry.balance)
                    .nonce(address, entry.nonce.to())
                    .code(address, entry.code)
                    .storage(address, entry.storage)
            })
    }
}
