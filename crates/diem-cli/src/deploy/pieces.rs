//! Each contract as it is made: by a factory that everybody may use, at an address that follows
//! from its code, its constructor's arguments and a salt, and from nobody's nonce. So every address
//! is known before the first transaction, to send one twice makes no second contract, and whoever
//! sends the same first has made ours.

use super::Target;
use crate::chain::Call;
use crate::program::{self, Module};
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol_types::SolCall;
use diem_abi::arbitrum::{IStylusDeployer, STYLUS_CONSTRUCTOR, STYLUS_DEPLOYER};
use diem_abi::create2::CREATE2_FACTORY;

/// A contract that the deployment makes.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// For people.
    pub(super) title: &'static str,
    /// Where it is, or will be.
    pub(super) address: Address,
    /// What makes it.
    pub(super) creation: Call,
    /// keccak256 of what makes it, arguments included.
    pub(super) creation_hash: B256,
    /// keccak256 of its code where that is known before: a program's.
    pub(super) codehash: Option<B256>,
    /// Bytes of the program, or of the creation code.
    pub(super) size: usize,
    /// What its activation costs, in wei.
    pub(super) fee: U256,
}

/// Code, and what the chain asks for it.
#[derive(Clone, Debug)]
pub(super) struct Priced {
    pub(super) module: Module,
    /// What its activation costs, in wei; EVM code needs none.
    pub(super) fee: U256,
}

/// A piece in either form. `arguments` are those of its constructor; none where it has none.
pub(super) fn piece(
    target: Target,
    title: &'static str,
    code: &Priced,
    arguments: Option<Vec<u8>>,
    salt: B256,
) -> Piece {
    match target {
        Target::Stylus => program(title, code, arguments, salt),
        Target::Evm => contract(title, &code.module, &arguments.unwrap_or_default(), salt),
    }
}

/// A Stylus program: StylusDeployer creates, activates and constructs it in one transaction, and
/// derives the address from the constructor's call too. There is no moment in which a stranger
/// could construct it.
fn program(title: &'static str, code: &Priced, arguments: Option<Vec<u8>>, salt: B256) -> Piece {
    let init_code = program::init_code(&code.module.code);
    let init_data: Bytes = arguments
        .map(|arguments| [STYLUS_CONSTRUCTOR.as_slice(), &arguments].concat().into())
        .unwrap_or_default();
    let whole = keccak256([salt.as_slice(), &init_data].concat());
    let init_hash = keccak256(&init_code);
    let call = IStylusDeployer::deployCall {
        bytecode: init_code,
        initData: init_data.clone(),
        initValue: U256::ZERO,
        salt,
    };
    Piece {
        title,
        address: STYLUS_DEPLOYER.create2(whole, init_hash),
        creation: Call {
            function: format!("the creation of {title}"),
            to: STYLUS_DEPLOYER,
            value: with_margin(code.fee),
            data: call.abi_encode().into(),
        },
        creation_hash: keccak256([init_hash.as_slice(), &init_data].concat()),
        codehash: Some(keccak256(&code.module.code)),
        size: code.module.code.len(),
        fee: code.fee,
    }
}

/// EVM code, with the constructor's arguments at its end.
pub(super) fn contract(
    title: &'static str,
    module: &Module,
    arguments: &[u8],
    salt: B256,
) -> Piece {
    let init_code = [&module.code, arguments].concat();
    let init_hash = keccak256(&init_code);
    Piece {
        title,
        address: CREATE2_FACTORY.create2(salt, init_hash),
        creation: Call {
            function: format!("the creation of {title}"),
            to: CREATE2_FACTORY,
            value: U256::ZERO,
            data: [salt.as_slice(), &init_code].concat().into(),
        },
        creation_hash: init_hash,
        codehash: None,
        size: module.code.len(),
        fee: U256::ZERO,
    }
}

/// Reserve on top of what activation costs now, in percent; what is not used comes back.
const COST_MARGIN_PERCENT: u64 = 20;

/// An amount of wei and the reserve on top.
pub(super) fn with_margin(wei: U256) -> U256 {
    wei * U256::from(100 + COST_MARGIN_PERCENT) / U256::from(100)
}
