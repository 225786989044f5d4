//! What the node says when it is ready.
#![allow(clippy::print_stdout)] // the binary's own voice

use alloy_primitives::{hex, utils::format_ether};
use stylus_devnode::RunningNode;

/// Prints accounts, keys and addresses.
pub(crate) fn print(running: &RunningNode) {
    let node = running.node();
    let config = &node.config;
    println!("stylus-devnode {}\n", env!("CARGO_PKG_VERSION"));
    println!(
        "Accounts ({} ETH each)\n",
        format_ether(config.balance).trim_end_matches(".000000000000000000")
    );
    let signers = node.wallet.accounts().signers();
    for (index, signer) in signers.iter().enumerate() {
        let note = if index == 0 {
            "  Nitro's dev account"
        } else {
            ""
        };
        println!("({index}) {}{note}", signer.address());
    }
    println!("\nPrivate keys (known to everybody: never use them elsewhere)\n");
    for (index, signer) in signers.iter().enumerate() {
        println!("({index}) {}", hex::encode_prefixed(signer.to_bytes()));
    }
    println!("\nWallet\n\nMnemonic         {}", config.mnemonic);
    println!("Derivation path  m/44'/60'/0'/0/");
    let head = std::sync::Arc::clone(node.chain().head());
    println!("\nChain\n\nChain id         {}", config.chain_id);
    println!("ArbOS            {}", head.arbitrum().arbos_version);
    println!("Base fee         {} wei", head.base_fee());
    println!("Latest block     {}", head.number());
    if config.ready_made {
        println!("\nReady-made contracts\n");
        for (name, address) in READY_MADE {
            println!("{name:<16} {address}");
        }
    }
    println!(
        "\nListening on {}  {}",
        running.http_url(),
        running.ws_url()
    );
}

const READY_MADE: [(&str, alloy_primitives::Address); 4] = [
    ("CREATE2 factory", arbos::genesis::CREATE2_FACTORY),
    ("StylusDeployer", arbos::genesis::STYLUS_DEPLOYER),
    ("CacheManager", arbos::genesis::CACHE_MANAGER),
    ("Multicall3", arbos::genesis::MULTICALL3),
];
