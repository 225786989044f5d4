//! The chains the CLI knows: how to reach each, how to tell it from another, and whether it is a toy.

use crate::chain::Chain;
use crate::deploy::Target;
use crate::{Failure, Result};
use alloy::primitives::{Address, B256};
use serde::{Deserialize, Serialize};
use std::path::Path;

const BUILT_IN: &str = include_str!("../networks.json");
/// What a list with an Orbit chain of one's own looks like.
pub(crate) const TEMPLATE: &str = include_str!("../orbit.json");

/// One chain.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Network {
    /// What `--network` calls it; the name where it has none.
    #[serde(default)]
    pub key: Option<String>,
    /// EIP-155 id.
    pub chain_id: u64,
    /// For people.
    pub name: String,
    /// Whether its tokens are worthless: VVV may be invented and time moved.
    pub devnet: bool,
    /// The form of the contracts that the chain runs; for people, `deploy` asks the chain.
    #[serde(default)]
    pub target: Option<Target>,
    /// A public endpoint, for when no other is named.
    #[serde(default)]
    pub rpc: Option<String>,
    /// Hash of block 0, where it is known: two chains may have one id.
    #[serde(default)]
    pub genesis: Option<B256>,
    /// Where people look at transactions and accounts: `/tx/` and `/address/` follow.
    #[serde(default)]
    pub explorer: Option<String>,
    /// The VVV token of this chain.
    #[serde(default, deserialize_with = "crate::address::deserialize_some")]
    pub vvv: Option<Address>,
}

impl Network {
    /// What `--network` calls it.
    #[must_use]
    pub fn key(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.name)
    }

    /// Where people look at a transaction.
    #[must_use]
    pub fn transaction_link(&self, hash: B256) -> Option<String> {
        self.link("tx", &hash.to_string())
    }

    /// Where people look at an account.
    #[must_use]
    pub fn address_link(&self, address: Address) -> Option<String> {
        self.link("address", &address.to_string())
    }

    fn link(&self, kind: &str, what: &str) -> Option<String> {
        let explorer = self.explorer.as_deref()?.trim_end_matches('/');
        Some(format!("{explorer}/{kind}/{what}"))
    }

    /// Refuses a node that serves another chain: by its id, and where the genesis is known, by that.
    ///
    /// # Errors
    /// It does, or does not tell its first block.
    pub async fn guard(&self, chain: &Chain) -> Result<()> {
        let refused = |cause: &str| {
            Failure::refused("the node serves another chain", cause)
                .with("network", &self.name)
                .with("node", chain.origin())
        };
        if chain.id() != self.chain_id {
            return Err(refused("its chain id differs")
                .with("expected", self.chain_id)
                .with("chain id", chain.id())
                .hint("name another node with --rpc, or another --network"));
        }
        let Some(genesis) = self.genesis else {
            return Ok(());
        };
        let found = chain.head(Some(0)).await?.hash;
        if found != genesis {
            return Err(refused("its id is the same, its first block is not")
                .with("expected", genesis)
                .with("block 0", found)
                .hint(
                    "is it a test chain under a real one's id? list it in a file for --networks",
                ));
        }
        Ok(())
    }
}

/// All chains: those of `file` first, then the built-in ones that it does not list.
///
/// # Errors
/// The file cannot be read.
pub fn all(file: Option<&Path>) -> Result<Vec<Network>> {
    let mut known = Vec::new();
    if let Some(path) = file {
        let broken = |cause: String| {
            Failure::broken("cannot read the list of networks", cause)
                .with("file", path.display())
                .hint(
                    "mend it as `diem networks --template` shows, or name another with --networks",
                )
        };
        let text = std::fs::read_to_string(path).map_err(|error| broken(error.to_string()))?;
        known = parse(&text).map_err(broken)?;
    }
    let built_in =
        parse(BUILT_IN).map_err(|cause| Failure::broken("the built-in networks", cause))?;
    let further: Vec<_> = built_in
        .into_iter()
        .filter(|network| known.iter().all(|own| own.chain_id != network.chain_id))
        .collect();
    known.extend(further);
    Ok(known)
}

/// The entry of a chain, from `file` when it lists the chain, else from the built-in table.
///
/// # Errors
/// The file cannot be read, or neither knows the chain.
pub fn find(chain_id: u64, file: Option<&Path>) -> Result<Network> {
    let known = all(file)?;
    known.into_iter().find(|network| network.chain_id == chain_id).ok_or_else(|| {
        Failure::refused("do not know this chain", "it is in no list of networks")
            .with("chain id", chain_id)
            .hint("list it in a JSON file as `diem networks --template` shows and name that with --networks")
    })
}

/// The entry that `--network` means.
///
/// # Errors
/// The file cannot be read, or nobody has that name.
pub fn named(key: &str, file: Option<&Path>) -> Result<Network> {
    let known = all(file)?;
    let keys: Vec<_> = known
        .iter()
        .map(|network| network.key().to_owned())
        .collect();
    known.into_iter().find(|network| network.key() == key).ok_or_else(|| {
        Failure::broken("do not know this network", "it is in no list of networks")
            .with("network", key)
            .with("known", keys.join(", "))
            .hint("list it in a JSON file as `diem networks --template` shows and name that with --networks")
    })
}

pub(crate) fn parse(text: &str) -> std::result::Result<Vec<Network>, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn only_dev_nodes_are_devnets() {
        let devnets: Vec<_> = all(None)
            .unwrap()
            .into_iter()
            .filter(|network| network.devnet)
            .map(|network| network.key().to_owned())
            .collect();
        assert_eq!(devnets, ["devnode", "anvil"]);
    }

    #[test]
    fn every_real_chain_has_a_guard_an_endpoint_and_links() {
        for network in all(None).unwrap().into_iter().filter(|n| !n.devnet) {
            assert!(network.genesis.is_some(), "{}", network.name);
            let rpc = network.rpc.as_deref().unwrap();
            assert!(rpc.starts_with("https://"), "{rpc}");
            let link = network.transaction_link(B256::ZERO).unwrap();
            assert!(link.ends_with(&format!("/tx/{}", B256::ZERO)), "{link}");
        }
    }

    #[test]
    fn names_and_ids_are_nobody_elses() {
        let known = all(None).unwrap();
        for (position, network) in known.iter().enumerate() {
            let others = &known[position + 1..];
            assert!(others.iter().all(|other| other.key() != network.key()));
            assert!(
                others
                    .iter()
                    .all(|other| other.chain_id != network.chain_id)
            );
            assert_eq!(
                named(network.key(), None).unwrap().chain_id,
                network.chain_id
            );
        }
    }

    #[test]
    fn the_template_is_a_list_of_networks() {
        let [orbit] = &parse(TEMPLATE).unwrap()[..] else {
            panic!("one network");
        };
        assert_eq!(orbit.target, Some(Target::Stylus));
    }

    #[test]
    fn a_mistyped_address_in_a_list_of_networks_is_refused() {
        let list = |vvv: &str| {
            format!(r#"[{{"chainId": 1, "name": "x", "devnet": false, "vvv": "{vvv}"}}]"#)
        };
        assert!(parse(&list("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")).is_ok());
        let wrong = parse(&list("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"));
        assert!(wrong.unwrap_err().contains("EIP-55"));
    }

    #[test]
    fn an_unknown_chain_is_refused() {
        assert_eq!(find(1, None).unwrap_err().exit_code(), 1);
        assert_eq!(named("atlantis", None).unwrap_err().exit_code(), 2);
    }
}
