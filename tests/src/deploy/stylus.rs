//! The protocol as Stylus programs, from the modules that `scripts/build-wasm` leaves.

use super::{contracts_with, repository};
use crate::actors::Who;
use crate::chain::Chain;
use crate::model::{Contracts, Parameters};
use alloy::sol_types::{SolCall, SolEvent};
use alloy_primitives::{Address, B256, Bytes, U256};
use brotli::enc::BrotliEncoderParams;
use diem_abi::arbitrum::{
    ARB_WASM, IArbWasm, IStylusDeployer, STYLUS_CONSTRUCTOR, STYLUS_DEPLOYER,
};

/// First bytes of a program's code: Stylus, no dictionary.
pub(crate) const PROGRAM_PREFIX: [u8; 4] = [0xef, 0xf0, 0x00, 0x00];
/// Length of the init code in front of a program's code.
const PRELUDE: u8 = 43;

/// Deploys and wires all three from other modules than the built ones: `module` compresses what is named.
pub fn from_modules(
    chain: &Chain,
    parameters: &Parameters,
    module: impl Fn(&str) -> Vec<u8>,
) -> Contracts {
    contracts_with(parameters, chain, None, |name, arguments| {
        program(chain, &module(name), initialisation(name, arguments))
    })
}

/// Deploys, activates and constructs one contract, in one transaction; `None` when any of it is refused.
pub(crate) fn contract(chain: &Chain, name: &str, arguments: Bytes) -> Option<Address> {
    program(chain, &compressed(name), initialisation(name, arguments))
}

/// The call that constructs; the stand-in for VVV has nothing to construct.
fn initialisation(name: &str, arguments: Bytes) -> Bytes {
    if name == "vvv" {
        return arguments;
    }
    construction(&arguments)
}

/// Deploys, activates and constructs a compressed module; `None` when any of it is refused.
pub fn program(chain: &Chain, compressed: &[u8], initialisation: Bytes) -> Option<Address> {
    if chain.code(STYLUS_DEPLOYER).is_empty() {
        return by_hand(chain, compressed, initialisation);
    }
    let call = IStylusDeployer::deployCall {
        bytecode: init_code(compressed),
        initData: initialisation,
        initValue: U256::ZERO,
        salt: B256::ZERO,
    };
    let value = chain.activation_value();
    let receipt = chain.transact(
        Who::Owner,
        STYLUS_DEPLOYER.into(),
        call.abi_encode().into(),
        value,
    );
    receipt.status().then(|| {
        let event = receipt
            .logs()
            .iter()
            .find_map(|log| IStylusDeployer::ContractDeployed::decode_log(&log.inner).ok());
        event.expect("a deployment is announced").deployedContract
    })
}

/// Likewise in steps, on a chain without a StylusDeployer: a bare Nitro node has none.
fn by_hand(chain: &Chain, compressed: &[u8], initialisation: Bytes) -> Option<Address> {
    let program = chain.create(Who::Owner, init_code(compressed));
    let done = |to: Address, data: Bytes, value| {
        let receipt = chain.transact(Who::Owner, to.into(), data, value);
        receipt.status()
    };
    // The same code may be active already.
    let left = IArbWasm::programTimeLeftCall { program };
    if chain.call(Who::Owner, ARB_WASM, &left).is_err() {
        let call = IArbWasm::activateProgramCall { program };
        let activated = done(ARB_WASM, call.abi_encode().into(), chain.activation_value());
        if !activated {
            return None;
        }
    }
    let constructed = initialisation.is_empty() || done(program, initialisation, U256::ZERO);
    constructed.then_some(program)
}

/// Selector and arguments of a constructor.
pub fn construction(arguments: &[u8]) -> Bytes {
    [&STYLUS_CONSTRUCTOR[..], arguments].concat().into()
}

/// Init code that stores a program's code.
fn init_code(compressed: &[u8]) -> Bytes {
    let code = [&PROGRAM_PREFIX[..], compressed].concat();
    let mut init = vec![0x7f];
    init.extend(U256::from(code.len()).to_be_bytes::<32>());
    init.extend([
        0x80, 0x60, PRELUDE, 0x60, 0x00, 0x39, 0x60, 0x00, 0xf3, 0x00,
    ]);
    init.extend(code);
    init.into()
}

/// The compressed module as `scripts/build-wasm` leaves it.
fn compressed(name: &str) -> Vec<u8> {
    built(&format!("{name}.wasm.br"))
}

/// The module itself.
pub fn wasm(name: &str) -> Vec<u8> {
    built(&format!("{name}.wasm"))
}

/// A module as it is deployed.
///
/// # Panics
/// Never: memory takes every write.
pub fn compress(module: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    let params = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: module.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &module[..], &mut compressed, &params).expect("memory takes it");
    compressed
}

/// Names another folder of modules than what `scripts/build-wasm` leaves: `scripts/mutants` tries wrong ones.
const MODULES: &str = "DIEM_MODULES";

fn built(file: &str) -> Vec<u8> {
    let folder = std::env::var_os(MODULES).map_or_else(
        || repository().join("target/wasm"),
        std::path::PathBuf::from,
    );
    let path = folder.join(file);
    std::fs::read(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; run scripts/build-wasm", path.display()))
}
