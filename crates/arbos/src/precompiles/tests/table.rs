//! The table against the selectors and topics of the reference.

use std::collections::BTreeSet;

use alloy_primitives::{B256, b256, hex};
use alloy_sol_types::SolEvent;

use crate::precompiles::{
    Fidelity, arb_owner::ArbOwner, arb_sys::ArbSys, arb_wasm::ArbWasm,
    arb_wasm_cache::ArbWasmCache, methods, numbered, precompiles,
};

/// Selectors of the reference by precompile.
#[rustfmt::skip]
const SELECTORS: &[(u32, &str)] = &[
    (0x69, "bb3480f9"),
    (0x71, "58c780c2 c689bad5 a996e0c2 d70c0ca7 cc8f4e88 4089267f 62b688aa aef36be3 c775a62a \
        d1c17abc 8ccfaa70 4490c19d 7af4ba49 11c82ae8 9786f96e 99d0b38d 5fc94c0b 309f6555 \
        0a936455 7af6e819 2278c278"),
    (0x72, "85e2de85 0ec1d773 e73ac9f2 4ceac817 ce972013 a72f179b"),
    (0x70, "481f8dbf 8792701a 26ef7f68 516b4e0f 2b352fae e388b381 8c1d4fda 4567cc8e 3f37a846 \
        aaa619e0 6595381a 8293405e 67e0718f aac68018 2a9cbe3e 380f1457 455ec2eb f1fe1a70 \
        a0a32497 ffdca515 bf197322 d99bc80e a0188cdb 4d7a060d 39673611 ae105c80 3fd62a29 \
        198e7157 68fc808a cc0d556a 2b05bb39 2d9125e9 fcdde2b4 ee95a824 57f585db 718f7805 \
        152db696 775a82e9 934be07d f6739500 fad7f20b 56191cc3 3a930b0b 5399126f 314bcf05 \
        eda73212 8eb911d9 a858dbe2 bdb8f707 aeb3a464 96a3751d c686f4db 3f8601e4 46066e45 \
        59c87acc 67ada089 b32352c3 595fbb5a b79da0e9 3caa5f12"),
    (0x6b, "26ef7f68 516b4e0f 6fe86373 2d9125e9 ee95a824 22d499c7 81ef944c 2aa9551e 49ccdaff \
        e5a7f893 8e34a64d 3fecbab0 c686f4db 3f8601e4 c1d355b8 b32352c3 595fbb5a 3caa5f12"),
    (0xff, "0e5bbc11 1be250d6 7b9963ef 8e5f30ab 7ea89f8b 4700d305 1e48fe82"),
    (0x64, "a3b1b31d 2b407a82 d127f54a 051038f2 a94597ff 08bd624c 4dbbd506 175a260b d74523b3 \
        25e16063 928c169a 7aeecd2a"),
    (0x6c, "41b247a8 ba9c916e 02199f34 7a1ea732 612af178 aae1cd4c 0371fdb4 f918379a f5d6ded7 \
        055f362f 29eb31ee 8a5b1d28 9e6d7e31 c6f7de0e 1d5b5c20 3dfb45b9 25754f91 520acdd7 \
        6ecca45a 7a7d6beb 5b39d23c ad26ce90 138b47b4 963d6002 eff01306 2987d027 232027d1 \
        bbfc0a72 c0e10bbb"),
    (0x65, "f8b2cb4f 7e105ce2"),
    (0x6d, "52f10740 875883f2 e10573a3"),
    (0x6e, "eda1122c 81e6e083 9f1025c6 f0b21a41 ba20dda4 c4d252f5 de4ba2b3"),
    (0x6f, "c59d4847"),
];

#[test]
fn every_method_of_the_reference_is_in_the_table() {
    for (number, selectors) in SELECTORS {
        let known: BTreeSet<[u8; 4]> = methods()
            .filter(|row| row.precompile.address == numbered(*number))
            .map(|row| row.method.selector)
            .collect();
        for selector in selectors.split_whitespace() {
            let bytes: [u8; 4] = hex::decode(selector).unwrap().try_into().unwrap();
            assert!(known.contains(&bytes), "{number:#x} lacks {selector}");
        }
    }
}

#[test]
fn no_selector_or_address_is_taken_twice() {
    let mut addresses = BTreeSet::new();
    for precompile in precompiles() {
        assert!(addresses.insert(precompile.address));
        let mut selectors = BTreeSet::new();
        for method in precompile.methods {
            assert!(selectors.insert(method.selector), "{}", method.signature);
        }
    }
}

#[test]
fn whatever_is_not_exact_says_why() {
    for row in methods() {
        assert_eq!(
            row.method.fidelity == Fidelity::Exact,
            row.method.note.is_empty(),
            "{}.{}",
            row.precompile.name,
            row.method.signature
        );
    }
}

#[test]
fn events_have_the_topics_of_the_reference() {
    let topics: [(B256, B256); 6] = [
        (
            ArbWasm::ProgramActivated::SIGNATURE_HASH,
            b256!("c0e812780707128d9a180db8ee4d1c1f1300b6dd0626d577b5d9ac759b76253c"),
        ),
        (
            ArbWasm::ProgramLifetimeExtended::SIGNATURE_HASH,
            b256!("03802ba32e3bd489d2ab04abb93d10687e0b6883bcb091206ca75172d248f2ec"),
        ),
        (
            ArbWasmCache::UpdateProgramCache::SIGNATURE_HASH,
            b256!("1bfaa29b4618e78f5b398027d530826dbb266dc976a5067f67fdad15434ecfab"),
        ),
        (
            ArbOwner::OwnerActs::SIGNATURE_HASH,
            b256!("3c9e6a772755407311e3b35b3ee56799df8f87395941b3a658eee9e08a67ebda"),
        ),
        (
            ArbSys::L2ToL1Tx::SIGNATURE_HASH,
            b256!("3e7aafa77dbf186b7fd488006beff893744caa3c4f6f299e8a709fa2087374fc"),
        ),
        (
            ArbSys::SendMerkleUpdate::SIGNATURE_HASH,
            b256!("e9e13da364699fb5b0496ff5a0fc70760ad5836e93ba96568a4e42b9914a8b95"),
        ),
    ];
    for (ours, reference) in topics {
        assert_eq!(ours, reference);
    }
}
