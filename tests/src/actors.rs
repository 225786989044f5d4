//! The people of every test: twelve names, each with a key of the well-known test mnemonic.

use crate::chain::given;
use alloy::signers::local::{MnemonicBuilder, PrivateKeySigner};
use alloy_primitives::Address;
use std::sync::OnceLock;

const MNEMONIC: &str = "test test test test test test test test test test test junk";

/// Who acts. The first five are users; the others each hold one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "names")]
pub enum Who {
    Alice,
    Bob,
    Carol,
    Dave,
    Erin,
    /// Owner of both contracts.
    Owner,
    /// Receives the yield fee.
    Treasury,
    /// May pause minting and revoke gateways.
    Guardian,
    /// An inference provider, registered from the start.
    Gateway,
    /// Holds no role and nothing else either.
    Stranger,
    /// Another inference provider, once it is registered.
    Rival,
    /// A third one.
    Newcomer,
}

use Who::*;

impl Who {
    /// Everybody, in the order of the mnemonic's accounts.
    pub const ALL: [Self; 12] = [
        Alice, Bob, Carol, Dave, Erin, Owner, Treasury, Guardian, Gateway, Stranger, Rival,
        Newcomer,
    ];

    /// Those who stake, mint, lend and spend.
    pub const USERS: [Self; 5] = [Alice, Bob, Carol, Dave, Erin];

    /// Those who are inference providers where they are registered.
    pub const GATEWAYS: [Self; 3] = [Gateway, Rival, Newcomer];

    /// The key that signs for this actor.
    pub fn signer(self) -> &'static PrivateKeySigner {
        static SIGNERS: OnceLock<Vec<PrivateKeySigner>> = OnceLock::new();
        let signers =
            SIGNERS.get_or_init(|| Self::ALL.iter().map(|who| key(*who as u32)).collect());
        &signers[self as usize]
    }

    /// The actor's account.
    pub fn address(self) -> Address {
        self.signer().address()
    }

    /// Who owns this account, if it is one of these.
    pub fn of(address: Address) -> Option<Self> {
        Self::ALL.into_iter().find(|who| who.address() == address)
    }
}

/// On a node that is given, keys that the world does not know.
fn key(index: u32) -> PrivateKeySigner {
    match given::url() {
        Some(_) => given::signer(index),
        None => derive(index),
    }
}

fn derive(index: u32) -> PrivateKeySigner {
    MnemonicBuilder::english()
        .phrase(MNEMONIC)
        .index(index)
        .and_then(|builder| builder.build())
        .expect("the test mnemonic and an account index always derive")
}
