//! ERC-2612 over OpenZeppelin's domain, nonces and allowances.
//!
//! The method itself is ours: OpenZeppelin 0.3.0 takes the precompile's answer for an address
//! unseen, and traps without a reason on a signature that nobody can have made.

use crate::{IEip712, Token};
use alloy_primitives::{Address, B256, U256, b256};
use contract_kit::call::{first_word, view};
use contract_kit::error::Result;
use contract_kit::log::quarters;
use contract_kit::out::Out;
use contract_kit::store::Vm;
use contract_kit::word::address;
use contract_kit::{event, refuse};
use openzeppelin_stylus::token::erc20::extensions::permit::{
    ERC2612ExpiredSignature, ERC2612InvalidSigner,
};
use openzeppelin_stylus::token::erc20::{Approval, ERC20InvalidSpender};
use openzeppelin_stylus::utils::cryptography::ecdsa::{
    ECDSAInvalidSignature, ECDSAInvalidSignatureS, ECRECOVER_ADDR, SIGNATURE_S_UPPER_BOUND,
};
use stylus_sdk::prelude::*;
use stylus_sdk::storage::StorageType;

/// keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)")
const TYPE_HASH: B256 = b256!("6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9");

/// Who may spend how much until when, as the owner signed it.
#[derive(Clone, Copy, Debug)]
pub struct Permit {
    /// Whose tokens.
    pub owner: Address,
    /// Who may spend them.
    pub spender: Address,
    /// How many, in wei.
    pub value: U256,
    /// The last second at which the permit may be used.
    pub deadline: U256,
}

/// An ECDSA signature.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// 27 or 28.
    pub v: u8,
    /// First half.
    pub r: B256,
    /// Second half, at most half of the curve's order.
    pub s: B256,
}

impl<D: IEip712 + StorageType> Token<D> {
    /// Sets the allowance that `permit` names, if its owner signed it.
    ///
    /// # Errors
    /// `ERC2612ExpiredSignature`, `ECDSAInvalidSignatureS`, `ECDSAInvalidSignature`,
    /// `ERC2612InvalidSigner`, `ERC20InvalidSpender`.
    pub fn permit(&mut self, vm: &Vm, permit: &Permit, signature: &Signature) -> Result<()> {
        let Permit {
            owner,
            spender,
            value,
            deadline,
        } = *permit;
        if U256::from(vm.block_timestamp()) > deadline {
            return Err(refuse!(ERC2612ExpiredSignature, deadline));
        }
        let [a, b, c, d] = const { quarters(TYPE_HASH.0) };
        let mut message = Out::topic(a, b, c, d);
        message.put(&owner);
        message.put(&spender);
        message.put(&value);
        message.put(&self.nonces.use_nonce(owner));
        message.put(&deadline);
        let hash = vm.native_keccak256(message.bytes());
        let signer = recover(vm, self.domain.hash_typed_data_v4(hash), signature)?;
        if signer != owner {
            return Err(refuse!(ERC2612InvalidSigner, signer, owner));
        }
        if spender.is_zero() {
            return Err(refuse!(ERC20InvalidSpender, spender));
        }
        self.allowances.setter(owner).insert(spender, value);
        event!(vm, Approval, [owner, spender], [value]);
        Ok(())
    }
}

/// Who signed `hash`.
fn recover(vm: &Vm, hash: B256, signature: &Signature) -> Result<Address> {
    let Signature { v, r, s } = *signature;
    if U256::from_be_bytes(s.0) > SIGNATURE_S_UPPER_BOUND {
        return Err(refuse!(ECDSAInvalidSignatureS, s));
    }
    let mut question = Out::new();
    question.put(&hash);
    question.put(&v);
    question.put(&r);
    question.put(&s);
    // The precompile answers nothing where there is no signer.
    match first_word(&view(vm, ECRECOVER_ADDR, question)?) {
        Some(signer) => Ok(address(signer)),
        None => Err(refuse!(ECDSAInvalidSignature)),
    }
}
