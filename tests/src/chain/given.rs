//! A node that is given instead of started: any chain, with whatever happened on it before.
//!
//! `E2E_RPC` names it and `DIEM_TEST_KEY` the account that pays. Actors get keys of their own, derived from that one,
//! so that nobody else has them. A test that needs what the node does not do ends as skipped, which the command that
//! runs them counts; it never passes.

use super::Chain;
use crate::actors::Who;
use alloy::primitives::keccak256;
use alloy::providers::Provider;
use alloy::signers::local::PrivateKeySigner;
use alloy_primitives::{Address, B256, Bytes, TxKind, U256, b256};
use std::sync::OnceLock;

/// In front of what a skipped test needs.
pub const SKIPPED: &str = "skipped: needs ";
/// Keys that every Nitro dev node and every anvil have funds for, and nobody else.
const WELL_KNOWN: [B256; 2] = [
    b256!("b6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659"),
    b256!("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"),
];
/// JSON-RPC's code for a method that there is not, and EIP-1474's for one that is not supported.
const ABSENT: [i64; 2] = [-32_601, -32_004];
/// Limit of a transaction: what Ethereum allows at most since EIP-7825, rounded down.
pub(super) const GAS_LIMIT: u64 = 16_000_000;
/// Transactions that an actor can pay for when a test begins.
const TRANSACTIONS: u64 = 40;
/// Most that a deployment may pay for activation, of what the payer has: one part in so many.
const ACTIVATION_SHARE: u64 = 50;

/// The node that `E2E_RPC` names.
pub fn url() -> Option<&'static str> {
    static URL: OnceLock<Option<String>> = OnceLock::new();
    URL.get_or_init(|| std::env::var("E2E_RPC").ok()).as_deref()
}

/// Ends this test as skipped.
///
/// # Panics
/// Always: that is how a test ends.
pub fn skip(need: &str) -> ! {
    panic!("{SKIPPED}{need}")
}

/// Whether an error says that the node has no such method.
pub(super) fn absent(code: i64) -> bool {
    ABSENT.contains(&code)
}

/// The keys that may pay.
fn payers() -> Vec<B256> {
    let Ok(key) = std::env::var("DIEM_TEST_KEY") else {
        return WELL_KNOWN.to_vec();
    };
    vec![
        key.trim()
            .parse()
            .expect("DIEM_TEST_KEY is 32 bytes in hex"),
    ]
}

/// An actor's key on a chain that is not ours alone.
pub(crate) fn signer(index: u32) -> PrivateKeySigner {
    let seed = [payers()[0].as_slice(), b"diem tests", &index.to_be_bytes()].concat();
    PrivateKeySigner::from_bytes(&keccak256(seed)).expect("a hash is a key")
}

impl Chain {
    /// What a deployment may send to pay for an activation; the rest comes back.
    pub fn activation_value(&self) -> U256 {
        self.activation_value
    }

    /// Gives every actor what its transactions may cost.
    pub(super) fn fund_actors(&mut self) {
        let (payer, balance) = self.payer();
        let one = U256::from(GAS_LIMIT) * U256::from(self.fees().0);
        let needed = one * U256::from(TRANSACTIONS);
        self.activation_value = self
            .activation_value
            .min(balance / U256::from(ACTIVATION_SHARE));
        for who in Who::ALL {
            let needed = match who {
                // Who deploys, and whoever activates again.
                Who::Owner | Who::Stranger => needed + self.activation_value * U256::from(2),
                _ => needed,
            };
            let held = self.balance(who.address());
            if held < needed {
                let value = needed * U256::from(2) - held;
                let to = TxKind::Call(who.address());
                let gas = self.transfer_gas(payer.address(), who.address());
                let raw = self.sign_with(&payer, to, Bytes::new(), value, gas);
                let receipt = self.submit(&raw);
                assert!(receipt.status(), "funding {who:?} failed");
            }
        }
    }

    fn payer(&self) -> (PrivateKeySigner, U256) {
        let candidates = payers().into_iter().map(|key| {
            let signer = PrivateKeySigner::from_bytes(&key).expect("DIEM_TEST_KEY is a key");
            let balance = self.balance(signer.address());
            (signer, balance)
        });
        let (payer, balance) = candidates
            .max_by_key(|(_, balance)| *balance)
            .expect("there is a candidate");
        assert!(
            !balance.is_zero(),
            "{} has no funds here: name a key that has with DIEM_TEST_KEY",
            payer.address()
        );
        (payer, balance)
    }

    fn balance(&self, account: Address) -> U256 {
        self.wait(async { self.provider.get_balance(account).await })
            .expect("the node answers")
    }

    /// Arbitrum asks more gas for a transfer than 21,000, for data on the parent chain.
    fn transfer_gas(&self, from: Address, to: Address) -> u64 {
        let request = alloy::rpc::types::TransactionRequest::default()
            .from(from)
            .to(to)
            .value(U256::ONE);
        let gas = self.wait(async { self.provider.estimate_gas(request).await });
        gas.expect("a transfer can be estimated") * 2
    }
}
