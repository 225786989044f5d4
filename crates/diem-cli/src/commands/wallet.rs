//! Key files: made, brought in, listed.

use crate::args::{Common, WalletCommand};
use crate::output::{answer, columns, story};
use crate::wallet::{self, Keystore, Secret};
use crate::{Failure, Result};
use alloy::primitives::Address;
use alloy::signers::local::PrivateKeySigner;
use serde_json::{Value, json};
use std::path::Path;

pub(super) async fn run(common: &Common, command: WalletCommand) -> Result<()> {
    match command {
        WalletCommand::New { name, words } => new(common, &name, words),
        WalletCommand::Import { name } => import(common, &name),
        WalletCommand::List => list(common),
        WalletCommand::Address { name } => address(common, name.as_deref()).await,
    }
}

fn new(common: &Common, name: &str, words: bool) -> Result<()> {
    let path = Keystore::vacant(name)?;
    let (signer, phrase) = if words {
        let phrase = wallet::fresh()?;
        (wallet::derive(&phrase, &common.keys.path())?, Some(phrase))
    } else {
        (PrivateKeySigner::random(), None)
    };
    if common.sending.dry_run {
        return dry(common, &path);
    }
    let keystore = Keystore::create(name, &signer, &new_password(common)?)?;
    let mut rows = kept(&keystore, signer.address());
    let mut value = json!({ "address": signer.address(), "file": keystore.path() });
    if let Some(phrase) = phrase {
        story("these words are shown once, and whoever has them has the key");
        value["words"] = json!(phrase.as_str());
        rows.push(("words", phrase.to_string()));
    }
    answer(common.json, &value, &columns(&rows));
    Ok(())
}

fn import(common: &Common, name: &str) -> Result<()> {
    let path = Keystore::vacant(name)?;
    let keys = &common.keys;
    let signer = if keys.mnemonic || keys.mnemonic_file.is_some() {
        let phrase = Secret::mnemonic(keys.mnemonic_file.as_deref()).read("mnemonic: ")?;
        wallet::derive(&phrase, &keys.path())?
    } else {
        let secret = Secret::key(keys.key_file.as_deref());
        wallet::parse(
            &secret.read("private key: ")?,
            "--key-file, DIEM_PRIVATE_KEY or the prompt",
        )?
    };
    if common.sending.dry_run {
        return dry(common, &path);
    }
    let keystore = Keystore::create(name, &signer, &new_password(common)?)?;
    let value = json!({ "address": signer.address(), "file": keystore.path() });
    answer(
        common.json,
        &value,
        &columns(&kept(&keystore, signer.address())),
    );
    Ok(())
}

fn list(common: &Common) -> Result<()> {
    let directory = wallet::directory()?;
    let (mut lines, mut values) = (Vec::new(), Vec::<Value>::new());
    for keystore in wallet::list()? {
        let name = keystore.path().file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let account = keystore.address();
        let told = account.map_or_else(|| "not told by the file".to_owned(), |it| it.to_string());
        values.push(json!({ "name": name, "address": account }));
        lines.push(format!("{name}  {told}"));
    }
    if lines.is_empty() {
        lines.push(format!("no key files in {}", directory.display()));
    }
    let value = json!({ "directory": directory, "wallets": values });
    answer(common.json, &value, &lines.join("\n"));
    Ok(())
}

async fn address(common: &Common, name: Option<&Path>) -> Result<()> {
    let mut keys = common.keys.clone();
    if let Some(name) = name {
        keys.wallet = Some(name.to_owned());
    }
    let told = match &keys.wallet {
        Some(name) => Keystore::find(name)?.address(),
        None => None,
    };
    let account = match told {
        Some(account) => account,
        None => wallet::signing(&keys)
            .await?
            .map(|signer| signer.address())
            .ok_or_else(|| {
                Failure::broken("do not know whose account", "there is no key")
                    .with("variable", wallet::KEY_VARIABLE)
                    .hint("name a key file, or say --mnemonic or --key-file")
            })?,
    };
    answer(
        common.json,
        &json!({ "address": account }),
        &account.to_string(),
    );
    Ok(())
}

fn new_password(common: &Common) -> Result<zeroize::Zeroizing<String>> {
    Secret::password(common.keys.password_file.as_deref()).read_new("password of the new file: ")
}

fn kept(keystore: &Keystore, account: Address) -> Vec<(&'static str, String)> {
    vec![
        ("address", account.to_string()),
        ("file", keystore.path().display().to_string()),
    ]
}

fn dry(common: &Common, path: &Path) -> Result<()> {
    story("a dry run: nothing is written");
    let value = json!({ "file": path });
    answer(
        common.json,
        &value,
        &columns(&[("file", path.display().to_string())]),
    );
    Ok(())
}
