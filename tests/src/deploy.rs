//! Puts the three contracts on a chain, with any parameters and any VVV: the tests' own deployment, so that
//! they can build worlds that no user would.

use crate::abi::IStakedVvv;
use crate::actors::Who;
use crate::chain::Chain;
use crate::model::{Contracts, Parameters};
use alloy::sol_types::abi::TokenSeq;
use alloy::sol_types::{SolCall, SolEvent, SolType, SolValue};
use alloy_primitives::{Address, B256, Bytes, U256};
use brotli::enc::BrotliEncoderParams;
use diem_abi::arbitrum::{IStylusDeployer, STYLUS_CONSTRUCTOR, STYLUS_DEPLOYER};
use std::path::PathBuf;

/// First bytes of a program's code: Stylus, no dictionary.
pub(crate) const PROGRAM_PREFIX: [u8; 4] = [0xef, 0xf0, 0x00, 0x00];
/// Length of the init code in front of a program's code.
const PRELUDE: u8 = 43;
/// More than any activation costs; the rest comes back.
pub(crate) const ACTIVATION_VALUE: u128 = 1_000_000_000_000_000_000;

/// Deploys all three Stylus contracts and wires them, as [`Who::Owner`] does.
pub fn stylus(chain: &Chain, parameters: &Parameters) -> Contracts {
    stylus_from(chain, parameters, compressed)
}

/// As [`stylus`], from other modules than the built ones: `module` compresses what is named.
pub fn stylus_from(
    chain: &Chain,
    parameters: &Parameters,
    module: impl Fn(&str) -> Vec<u8>,
) -> Contracts {
    // The stand-in has nothing to construct.
    let vvv = must(chain, "vvv", &module("vvv"), Bytes::new());
    around(chain, vvv, parameters, module)
}

/// Deploys sVVV and DIEM around an existing VVV.
pub fn stylus_around(chain: &Chain, vvv: Address, parameters: &Parameters) -> Contracts {
    around(chain, vvv, parameters, compressed)
}

fn around(
    chain: &Chain,
    vvv: Address,
    p: &Parameters,
    module: impl Fn(&str) -> Vec<u8>,
) -> Contracts {
    let arguments = construct(&(vvv, p.owner, p.emission_rate, p.max_emission_rate));
    let s_vvv = must(chain, "staked_vvv", &module("staked_vvv"), arguments);
    let arguments = (s_vvv, p.owner, p.treasury, p.base_rate, p.target_supply);
    let diem = must(chain, "diem", &module("diem"), construct(&arguments));
    chain.send(Who::Owner, s_vvv, &IStakedVvv::setDiemCall { diem });
    Contracts { vvv, s_vvv, diem }
}

/// Deploys, activates and constructs one program, in one transaction.
///
/// # Panics
/// When that is refused.
pub fn program(chain: &Chain, name: &str, construction: Bytes) -> Address {
    must(chain, name, &compressed(name), construction)
}

/// As [`program`]; `None` when the constructor refuses.
pub fn try_program(chain: &Chain, name: &str, construction: Bytes) -> Option<Address> {
    module(chain, &compressed(name), construction)
}

fn must(chain: &Chain, name: &str, compressed: &[u8], construction: Bytes) -> Address {
    module(chain, compressed, construction)
        .unwrap_or_else(|| panic!("deployment of {name} was refused"))
}

/// Deploys, activates and constructs a compressed module; `None` when any of it is refused.
pub fn module(chain: &Chain, compressed: &[u8], construction: Bytes) -> Option<Address> {
    let call = IStylusDeployer::deployCall {
        bytecode: init_code(compressed),
        initData: construction,
        initValue: U256::ZERO,
        salt: B256::ZERO,
    };
    let value = U256::from(ACTIVATION_VALUE);
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

/// Selector and arguments of a constructor.
pub fn construct<A: SolValue>(arguments: &A) -> Bytes
where
    for<'a> <A::SolType as SolType>::Token<'a>: TokenSeq<'a>,
{
    [&STYLUS_CONSTRUCTOR[..], &arguments.abi_encode_params()]
        .concat()
        .into()
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

fn built(file: &str) -> Vec<u8> {
    let path = repository().join("target/wasm").join(file);
    std::fs::read(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; run scripts/build-wasm", path.display()))
}

/// Root of the repository.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Deploys one Solidity artifact.
pub fn artifact<A: SolValue>(chain: &Chain, name: &str, arguments: &A) -> Address
where
    for<'a> <A::SolType as SolType>::Token<'a>: TokenSeq<'a>,
{
    let path = repository().join(format!("target/solidity/{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; run node bench/solidity/build.mjs",
            path.display()
        )
    });
    let json: serde_json::Value = serde_json::from_str(&text).expect("an artifact is JSON");
    let bytecode: Bytes = json["bytecode"]
        .as_str()
        .expect("bytecode is hex")
        .parse()
        .expect("bytecode is hex");
    chain.create(
        Who::Owner,
        [&bytecode[..], &arguments.abi_encode_params()]
            .concat()
            .into(),
    )
}
