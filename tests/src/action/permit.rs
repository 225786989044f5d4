//! ERC-2612 permits: what is signed, by whom, and whom a contract takes for the signer.

use super::Token;
use crate::actors::Who;
use crate::model::Contracts;
use alloy::signers::SignerSync;
use alloy::sol;
use alloy::sol_types::{Eip712Domain, SolStruct, eip712_domain};
use alloy_primitives::{Address, B256, Signature, U256, uint};

/// The order of secp256k1 (SEC 2, 2.4.1).
pub const ORDER: U256 =
    uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);

/// What is signed.
pub mod signed {
    use super::sol;
    sol! {
        #[allow(missing_docs, reason = "the struct of ERC-2612")]
        struct Permit {
            address owner;
            address spender;
            uint256 value;
            uint256 nonce;
            uint256 deadline;
        }
    }
}

/// What `signer` signed in the name of `owner`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields of ERC-2612")]
pub struct Permit {
    pub owner: Who,
    pub spender: Who,
    pub amount: u128,
    pub nonce: u64,
    pub deadline: u64,
    pub signer: Who,
}

/// The chain and the token that a permit is for.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// EIP-155 id.
    pub chain_id: u64,
    /// VVV or DIEM.
    pub token: Token,
    /// Where it is.
    pub address: Address,
}

impl Site {
    /// Where permits for `token` count.
    pub fn of(chain_id: u64, token: Token, at: &Contracts) -> Self {
        let address = at.token(token);
        Self {
            chain_id,
            token,
            address,
        }
    }

    fn domain(&self) -> Eip712Domain {
        let name = match self.token {
            Token::Vvv => "Venice Token",
            Token::SVvv | Token::Diem => "Diem",
        };
        eip712_domain! {
            name: name,
            version: "1",
            chain_id: self.chain_id,
            verifying_contract: self.address,
        }
    }

    fn hash(&self, owner: Address, spender: Address, permit: &Permit, nonce: u64) -> B256 {
        let message = signed::Permit {
            owner,
            spender,
            value: U256::from(permit.amount),
            nonce: U256::from(nonce),
            deadline: U256::from(permit.deadline),
        };
        message.eip712_signing_hash(&self.domain())
    }

    /// What the signer signs, for an allowance of `spender`.
    ///
    /// # Panics
    /// Never: a local key signs.
    pub fn sign(&self, permit: &Permit, spender: Address) -> Signature {
        let hash = self.hash(permit.owner.address(), spender, permit, permit.nonce);
        let signature = permit.signer.signer().sign_hash_sync(&hash);
        signature.expect("a local key signs")
    }

    /// Whom the contract takes for the signer, when the owner's next permit has the number `nonce`.
    ///
    /// # Panics
    /// When a well-formed signature recovers to nobody, which takes 2^128 tries to find.
    pub fn recovered(&self, permit: &Permit, spender: Address, nonce: u64) -> Address {
        let signature = self.sign(permit, spender);
        let hash = self.hash(permit.owner.address(), spender, permit, nonce);
        let signer = signature.recover_address_from_prehash(&hash);
        signer.expect("a signature recovers to somebody")
    }
}
