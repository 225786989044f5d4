//! `diem verify` tells these sources' code from any other.

use crate::desk::{Desk, Outcome, dev_account, evm_directory, wasm_directory};
use alloy::primitives::{Address, Bytes, hex};
use serde_json::{Value, json};

fn verify(desk: &Desk, further: &[&str]) -> Outcome {
    let (wasm, evm) = (wasm_directory(), evm_directory());
    desk.diem(&[&["verify", "--wasm-dir", &wasm, "--evm-dir", &evm], further].concat())
}

/// The verdict on a contract in an answer in JSON.
fn verdict(told: &Outcome, name: &str) -> Value {
    let value: Value = serde_json::from_str(&told.answer).unwrap();
    let contracts = value["contracts"].as_array().unwrap();
    let contract = contracts.iter().find(|contract| contract["name"] == name);
    contract.unwrap()["verdict"].clone()
}

/// The answer tells of every contract, the error of the one that differs.
fn differs(told: &Outcome, words: &[&str]) {
    assert_eq!(told.code, Some(1), "{told:#?}");
    for word in words {
        assert!(told.story.contains(word), "no `{word}` in {told:#?}");
    }
    for name in ["vvv", "staked_vvv", "diem"] {
        assert!(told.answer.contains(name), "no `{name}` in {told:#?}");
    }
}

fn code(desk: &Desk, address: Address) -> Vec<u8> {
    let code = desk.rpc("eth_getCode", json!([address, "latest"]));
    hex::decode(code.as_str().unwrap()).unwrap()
}

fn put(desk: &Desk, address: Address, code: &[u8]) {
    let code = Bytes::copy_from_slice(code).to_string();
    desk.rpc("anvil_setCode", json!([address, code]));
}

#[test]
fn what_was_deployed_is_the_builds_and_its_file_has_both_digests() {
    let desk = Desk::deployed();
    let before = desk.sent_by(dev_account());
    verify(&desk, &[]).answers(&["diem", "staked_vvv", "vvv", "byte for byte", "rustc"]);
    let told = verify(&desk, &["--json", "--out", "verify.json"]).answers(&[]);
    let written = std::fs::read_to_string(desk.directory.join("verify.json")).unwrap();
    let written: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(
        written,
        serde_json::from_str::<Value>(&told.answer).unwrap()
    );
    assert_eq!(written["verified"], true);
    assert_eq!(written["chainId"], desk.node.node().chain_id());
    for contract in written["contracts"].as_array().unwrap() {
        let made = &written["build"]["modules"][contract["name"].as_str().unwrap()];
        assert_eq!(contract["verdict"], "same");
        assert_eq!(contract["sha256"], made["sha256"]);
        assert_eq!(contract["compressedSha256"], made["compressedSha256"]);
    }
    let flags = written["build"]["flags"].to_string();
    assert!(flags.contains("--remap-path-prefix=…=/diem"), "{flags}");
    assert_eq!(desk.sent_by(dev_account()), before);
}

#[test]
fn a_module_compressed_by_another_compressor_is_the_builds_all_the_same() {
    let desk = Desk::deployed();
    let at = desk.deployment();
    let mut plain = std::fs::read(format!("{}/diem.wasm", wasm_directory())).unwrap();
    let mut other = vec![0xef, 0xf0, 0x00, 0x00];
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 5,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut plain.as_slice(), &mut other, &parameters).unwrap();
    assert_ne!(other, code(&desk, at.diem));
    put(&desk, at.diem, &other);
    let told = verify(&desk, &["--json"]).answers(&[]);
    assert_eq!(verdict(&told, "diem"), "sameModule");

    // One byte of it is another.
    *plain.last_mut().unwrap() ^= 1;
    other.truncate(4);
    brotli::BrotliCompress(&mut plain.as_slice(), &mut other, &parameters).unwrap();
    put(&desk, at.diem, &other);
    let told = verify(&desk, &["--json"]);
    differs(&told, &["not what these sources make", "another module"]);
    assert_eq!(verdict(&told, "diem"), "different");
    assert_eq!(verdict(&told, "staked_vvv"), "same");
}

#[test]
fn code_that_is_no_program_is_told_as_such() {
    let desk = Desk::deployed();
    let at = desk.deployment();
    let whole = code(&desk, at.s_vvv);
    let mut with_dictionary = whole.clone();
    with_dictionary[3] = 1;
    for (code, words) in [
        (&[][..], "there is no code"),
        (&[0x60, 0x00], "no Stylus program"),
        (&with_dictionary, "with a dictionary"),
        (&whole[..whole.len() / 2], "cannot be decompressed"),
    ] {
        put(&desk, at.s_vvv, code);
        differs(&verify(&desk, &[]), &["staked_vvv", words]);
    }
}

#[test]
fn a_build_that_is_not_there_or_not_whole_is_no_judge() {
    let desk = Desk::deployed();
    desk.diem(&["verify", "--wasm-dir", "nowhere"])
        .fails(2, &["build.json", "scripts/build-wasm"]);
    std::fs::create_dir(desk.directory.join("wasm")).unwrap();
    let description = desk.directory.join("wasm/build.json");
    std::fs::write(&description, "{}").unwrap();
    desk.diem(&["verify", "--wasm-dir", "wasm"])
        .fails(2, &["build.json", "missing field"]);
    let whole = std::fs::read_to_string(format!("{}/build.json", wasm_directory())).unwrap();
    std::fs::write(&description, whole).unwrap();
    desk.diem(&["verify", "--wasm-dir", "wasm"])
        .fails(2, &["cannot read a contract's module"]);
    verify(&desk, &["--out", "no/such/folder/verify.json"])
        .fails(2, &["cannot write what was verified", "--out"]);
}

/// A chain on which the twin was deployed.
fn twin() -> Desk {
    let desk = Desk::bare(412_346);
    desk.diem(&["deploy", "--target", "evm"]).answers(&["DIEM"]);
    desk
}

#[test]
fn the_twin_is_the_builds_and_its_immutables_are_shown() {
    let desk = twin();
    let at = desk.deployment();
    verify(&desk, &[]).answers(&["byte for byte, with", "solc"]);
    let told = verify(&desk, &["--json", "--out", "verify.json"]).answers(&[]);
    let written = std::fs::read_to_string(desk.directory.join("verify.json")).unwrap();
    let written: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(
        written,
        serde_json::from_str::<Value>(&told.answer).unwrap()
    );
    assert_eq!(written["verified"], true);
    assert_eq!(written["build"], Value::Null);
    for name in ["vvv", "staked_vvv", "diem"] {
        let contracts = written["contracts"].as_array().unwrap();
        let contract = contracts.iter().find(|contract| contract["name"] == name);
        let made = &written["solidity"]["contracts"][name];
        assert_eq!(contract.unwrap()["verdict"], "sameButImmutables");
        assert_eq!(contract.unwrap()["sha256"], made["sha256"]);
    }
    let held = |contract: usize, name: &str| {
        let all = written["contracts"][contract]["immutables"].as_array();
        let one = all.unwrap().iter().find(|held| held["name"] == name);
        one.unwrap()["value"].clone()
    };
    let arguments = &at.arguments;
    for (contract, name, value) in [
        (0, "_name", "\"Venice Token\"".to_owned()),
        (1, "_venice", at.vvv.to_string()),
        (
            1,
            "maxEmissionRatePerSecond",
            arguments.max_emission_rate.to_string(),
        ),
        (2, "_sVvv", at.s_vvv.to_string()),
        (2, "_baseRate", arguments.base_rate.to_string()),
        (2, "_targetSupply", arguments.target_supply.to_string()),
        (2, "_cachedThis", at.diem.to_string()),
    ] {
        assert_eq!(held(contract, name), value, "{name}");
    }
}

#[test]
fn one_byte_of_the_twin_that_is_another_is_found_and_an_immutable_is_read() {
    let desk = twin();
    let at = desk.deployment();
    let whole = code(&desk, at.s_vvv);
    let mut other = whole.clone();
    other[0] ^= 1;
    for (code, words) in [
        (&other[..], "other code"),
        (&whole[..whole.len() - 1], "other code"),
        (&[], "there is no code"),
    ] {
        put(&desk, at.s_vvv, code);
        let told = verify(&desk, &["--json"]);
        differs(&told, &["not what these sources make", words]);
        assert_eq!(verdict(&told, "staked_vvv"), "different");
        assert_eq!(verdict(&told, "diem"), "sameButImmutables");
    }
    // Another VVV than the one that was deployed: these sources, and told.
    let (from, to) = (at.vvv, Address::repeat_byte(0x42));
    let mut wired = whole.clone();
    for start in 0..whole.len() - 20 {
        if whole[start..start + 20] == from[..] {
            wired[start..start + 20].copy_from_slice(&to[..]);
        }
    }
    put(&desk, at.s_vvv, &wired);
    verify(&desk, &[]).answers(&[&format!("_venice = {to}")]);
}

#[test]
fn a_compilation_that_is_not_there_or_not_whole_is_no_judge() {
    let desk = twin();
    let verify = ["verify", "--evm-dir", "evm"];
    desk.diem(&verify)
        .fails(2, &["build.json", "node evm/build.mjs"]);
    std::fs::create_dir(desk.directory.join("evm")).unwrap();
    for name in ["build.json", "vvv.runtime", "staked_vvv.runtime"] {
        let from = std::path::Path::new(&evm_directory()).join(name);
        std::fs::copy(from, desk.directory.join("evm").join(name)).unwrap();
    }
    desk.diem(&verify).fails(2, &["diem.runtime"]);
    let file = desk.directory.join("evm/staked_vvv.runtime");
    let mut code = std::fs::read(&file).unwrap();
    code[0] ^= 1;
    std::fs::write(&file, code).unwrap();
    desk.diem(&verify)
        .fails(2, &["staked_vvv.runtime", "not what the build made"]);
}
