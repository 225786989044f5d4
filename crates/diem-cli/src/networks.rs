//! The chains the CLI knows, and which of them are toys.

use crate::{Failure, Result};
use alloy::primitives::Address;
use serde::Deserialize;
use std::path::Path;

const BUILT_IN: &str = include_str!("../networks.json");

/// One chain.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Network {
    /// EIP-155 id.
    pub chain_id: u64,
    /// For people.
    pub name: String,
    /// Whether its tokens are worthless: VVV may be invented and time moved.
    pub devnet: bool,
    /// The VVV token of this chain.
    #[serde(default, deserialize_with = "crate::address::deserialize_some")]
    pub vvv: Option<Address>,
}

/// The entry of a chain, from `file` when it lists the chain, else from the built-in table.
///
/// # Errors
/// The file cannot be read, or neither knows the chain.
pub fn find(chain_id: u64, file: Option<&Path>) -> Result<Network> {
    let mut known = Vec::new();
    if let Some(path) = file {
        let broken = |cause: String| {
            Failure::broken("cannot read the list of networks", cause)
                .with("file", path.display())
                .hint("mend it as crates/diem-cli/networks.json shows, or name another with --networks")
        };
        let text = std::fs::read_to_string(path).map_err(|error| broken(error.to_string()))?;
        known = parse(&text).map_err(broken)?;
    }
    known.extend(parse(BUILT_IN).map_err(|cause| Failure::broken("the built-in networks", cause))?);
    known.into_iter().find(|network| network.chain_id == chain_id).ok_or_else(|| {
        Failure::refused("do not know this chain", "it is in no list of networks")
            .with("chain id", chain_id)
            .hint("list it in a JSON file like crates/diem-cli/networks.json and name that with --networks")
    })
}

fn parse(text: &str) -> std::result::Result<Vec<Network>, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn only_the_dev_node_is_a_devnet() {
        assert!(find(412_346, None).unwrap().devnet);
        assert!(!find(42_161, None).unwrap().devnet);
        assert!(!find(421_614, None).unwrap().devnet);
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
    }
}
