//! Keys for accounts whose signature is not, or not only, that of a key: contract wallets, and delegated accounts.

use alloy::{
    network::TransactionBuilder as _,
    primitives::{Address, Bytes, U256, hex},
    providers::{Provider as _, ProviderBuilder},
    rpc::types::TransactionRequest,
    signers::{SignerSync as _, local::PrivateKeySigner},
    sol_types::SolCall,
};
use diem_abi::IDiem;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::{House, Plans, cents};

const DOOR: &str = "/api/v1/api_keys/generate_web3_key";
/// `return(word(1626ba7e << 224))`.
const SAYS_YES: [u8; 16] = hex!("631626ba7e60e01b60005260206000f3");

/// A contract wallet of one owner: says by ERC-1271 whether the owner's key signed, and passes on any other call, an
/// address as a word and what to call it with.
fn wallet(owner: Address) -> Vec<u8> {
    let is_asked = hex!("60003560e01c631626ba7e14"); // the selector is isValidSignature's
    let pass_on = hex!("602036038060206000376000600082600060006000355af1"); // call(word 0, the rest)
    let end = hex!("5760006000fd5b00"); // stop where it went well, else revert
    // ecrecover(hash, v, r, s), as they stand in the call.
    let recover = hex!("600435600052" "60a43560f81c602052" "606435604052" "608435606052");
    let recovered = hex!("602060806080600060015afa50608051");
    let says_no = hex!("63ffffffff60e01b60005260206000f3");
    let jump = |to: usize| [0x60, u8::try_from(to).unwrap()];

    let begin = is_asked.len() + 3;
    let stop = begin + pass_on.len() + 2 + end.len() - 2;
    let asked = begin + pass_on.len() + 2 + end.len();
    let yes = asked + 1 + recover.len() + recovered.len() + 22 + 3 + says_no.len();
    [
        &is_asked[..],
        &jump(asked),
        &[0x57],
        &pass_on,
        &jump(stop),
        &end,
        &[0x5b],
        &recover,
        &recovered,
        &[0x73],
        owner.as_slice(),
        &[0x14],
        &jump(yes),
        &[0x57],
        &says_no,
        &[0x5b],
        &SAYS_YES,
    ]
    .concat()
}

/// Deploys code in a transaction of an account's.
async fn deployed(house: &House, by: &PrivateKeySigner, code: &[u8]) -> Address {
    let length = u16::try_from(code.len()).unwrap().to_be_bytes();
    // PUSH2 length, DUP1, PUSH1 12, PUSH1 0, CODECOPY, PUSH1 0, RETURN
    let maker = [&[0x61][..], &length, &hex!("80600c6000396000f3"), code].concat();
    let made = sent(
        house,
        by,
        TransactionRequest::default().with_deploy_code(maker),
    )
    .await;
    made.unwrap()
}

/// Sends a transaction; answers the contract that it made.
async fn sent(house: &House, by: &PrivateKeySigner, what: TransactionRequest) -> Option<Address> {
    let provider = ProviderBuilder::new()
        .wallet(by.clone())
        .connect_http(house.node.http_url().parse().unwrap());
    let sent = provider.send_transaction(what).await.unwrap();
    let receipt = sent.get_receipt().await.unwrap();
    assert!(receipt.status(), "{receipt:?}");
    receipt.contract_address
}

/// Has a wallet call a contract.
async fn through<C: SolCall>(house: &House, wallet: Address, to: Address, call: &C) {
    let passed = [to.into_word().as_slice(), &call.abi_encode()].concat();
    let request = TransactionRequest::default()
        .with_to(wallet)
        .with_input(passed);
    sent(house, &house.holders[0], request).await;
}

/// Asks for a key for an account with a signature; the key, or the refusal's status and code.
async fn asked(
    house: &House,
    account: Address,
    sign: impl Fn(&str) -> Bytes,
) -> Result<String, (StatusCode, String)> {
    let token = house.token(Some(account)).await;
    let body = json!({
        "address": account, "signature": sign(&token), "token": token, "apiKeyType": "INFERENCE",
    });
    let answer = house.post(DOOR, &body).send().await.unwrap();
    let status = answer.status();
    let body: Value = answer.json().await.unwrap();
    match body["data"]["apiKey"].as_str() {
        Some(key) => Ok(key.to_owned()),
        None => Err((status, body["error"]["code"].as_str().unwrap().to_owned())),
    }
}

fn by(signer: &PrivateKeySigner) -> impl Fn(&str) -> Bytes {
    |text| {
        let signature = signer.sign_message_sync(text.as_bytes()).unwrap();
        signature.as_bytes().into()
    }
}

/// The refusal of a signature.
fn not_signed() -> Result<String, (StatusCode, String)> {
    Err((StatusCode::UNAUTHORIZED, "invalid_signature".into()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_wallet_signs_by_its_owner_and_spends_its_own_dollar() {
    let house = House::new().await;
    let (owner, stranger) = (PrivateKeySigner::random(), PrivateKeySigner::random());
    let code = wallet(owner.address());
    let wallet = deployed(&house, &house.holders[0], &code).await;
    let (diem, gateway) = (house.at.diem, house.signer.address());
    let amount = U256::from(cents(3).0);
    let given = IDiem::transferCall {
        to: wallet,
        value: amount,
    };
    house.send(house.dev, diem, &given).await;
    through(&house, wallet, diem, &IDiem::chooseGatewayCall { gateway }).await;
    through(&house, wallet, diem, &IDiem::stakeCall { amount }).await;

    let key = asked(&house, wallet, by(&owner)).await.unwrap();
    let flat = json!({"model": "flat"});
    assert_eq!(
        house.chat(&key, flat.clone()).await.status(),
        StatusCode::OK
    );
    assert_eq!(
        house.chat(&key, flat).await.status(),
        StatusCode::PAYMENT_REQUIRED,
        "the wallet has three cents"
    );
    assert_eq!(asked(&house, wallet, by(&stranger)).await, not_signed());
    // A text that names one of an owner's wallets makes no key for the other.
    let other = deployed(&house, &house.holders[0], &code).await;
    let token = house.token(Some(wallet)).await;
    let body = json!({
        "address": other, "signature": by(&owner)(&token), "token": token, "apiKeyType": "INFERENCE",
    });
    let answer = house.post(DOOR, &body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert!(asked(&house, other, by(&owner)).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_that_does_anything_but_say_yes_has_not_signed() {
    let house = House::new().await;
    let signer = &house.holders[0];
    let magic = "631626ba7e";
    for (number, (what, code)) in [
        ("reverts", "60006000fd".to_owned()),
        (
            "reverts with the magic value",
            format!("{magic}60e01b60005260206000fd"),
        ),
        (
            "answers another value",
            "63ffffffff60e01b60005260206000f3".to_owned(),
        ),
        (
            "answers the magic value at the wrong end",
            format!("{magic}60005260206000f3"),
        ),
        ("answers true", "600160005260206000f3".to_owned()),
        (
            "answers four bytes",
            format!("{magic}60e01b60005260046000f3"),
        ),
        ("answers nothing", "00".to_owned()),
        (
            "answers what it was asked",
            "366000600037366000f3".to_owned(),
        ),
        ("burns all gas", "5b600056".to_owned()),
        ("breaks", "fe".to_owned()),
        ("answers a megabyte", "621000006000f3".to_owned()),
        ("reverts with a megabyte", "621000006000fd".to_owned()),
        (
            "writes first",
            format!("6001600055{magic}60e01b60005260206000f3"),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let wallet = Address::with_last_byte(0xa0 + u8::try_from(number).unwrap());
        house
            .rpc("anvil_setCode", json!([wallet, format!("0x{code}")]))
            .await;
        assert_eq!(
            asked(&house, wallet, by(signer)).await,
            not_signed(),
            "{what}"
        );
    }
    // The precompile that answers what it was asked, an account without code, and a signature longer than any.
    for account in [Address::with_last_byte(4), Address::repeat_byte(0x66)] {
        assert_eq!(asked(&house, account, by(signer)).await, not_signed());
    }
    let yes = Address::repeat_byte(0x67);
    let code = hex::encode_prefixed(SAYS_YES);
    house.rpc("anvil_setCode", json!([yes, code])).await;
    assert!(asked(&house, yes, |_| vec![0; 8_192].into()).await.is_ok());
    assert!(asked(&house, yes, |_| vec![0; 8_193].into()).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegated_account_signs_by_its_key_and_by_what_it_delegated_to() {
    let house = House::built(Plans {
        holders: 2,
        ..Plans::default()
    })
    .await;
    let session = PrivateKeySigner::random();
    let delegate = deployed(&house, &house.holders[1], &wallet(session.address())).await;
    let holder = house.holders[0].address();
    let code = format!("0xef0100{}", hex::encode(delegate));
    house.rpc("anvil_setCode", json!([holder, code])).await;
    for signer in [&house.holders[0], &session] {
        let key = asked(&house, holder, by(signer)).await.unwrap();
        assert_eq!(house.chat(&key, json!({})).await.status(), StatusCode::OK);
    }
    assert_eq!(
        asked(&house, holder, by(&house.holders[1])).await,
        not_signed()
    );
}
