//! Keys from encrypted files and mnemonics, and that no secret ever comes out again.

use crate::desk::{DEV_KEY, Desk, Outcome, outcome};
use alloy::primitives::{Address, U256};
use alloy::signers::local::PrivateKeySigner;
use diem_abi::IVVV;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

const PASSWORD: &str = "correct-horse-battery";
/// Words that everybody knows, and the account of their second key.
const WORDS: &str = "test test test test test test test test test test test junk";
const SECOND: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/// A desk with a directory of key files and a file with their password.
struct Safe {
    desk: Desk,
}

impl Safe {
    fn new(desk: Desk) -> Self {
        let safe = Self { desk };
        std::fs::write(safe.password_file(), format!("{PASSWORD}\n")).unwrap();
        std::fs::write(safe.desk.directory.join("words"), format!("{WORDS}\n")).unwrap();
        safe
    }

    fn keystores(&self) -> PathBuf {
        self.desk.directory.join("keystores")
    }

    fn password_file(&self) -> PathBuf {
        self.desk.directory.join("password")
    }

    fn command(&self, key: Option<&str>, arguments: &[&str]) -> Command {
        let mut command = self.desk.command(key, arguments);
        command.env("DIEM_KEYSTORES", self.keystores());
        command
    }

    fn diem(&self, key: Option<&str>, arguments: &[&str]) -> Outcome {
        outcome(self.command(key, arguments))
    }

    /// Makes a key file by `arguments` and gives its account.
    fn made(&self, key: Option<&str>, arguments: &[&str]) -> Address {
        let arguments = [arguments, &["--password-file", "password", "--json"]].concat();
        address(&self.diem(key, &arguments).json())
    }

    /// Gives an account ETH for gas, and VVV.
    fn fund(&self, account: Address, vvv: u64) {
        let wei = format!("{:#x}", 10_u128.pow(18));
        self.desk.rpc("anvil_setBalance", json!([account, wei]));
        let amount = U256::from(vvv) * U256::from(10).pow(U256::from(18));
        let mint = IVVV::mintCall {
            to: account,
            amount,
        };
        let (chain, vvv) = (self.desk.chain(), self.desk.deployment().vvv);
        let sent = chain.send(crate::desk::dev_account(), vvv, &mint);
        self.desk.runtime.block_on(sent).unwrap();
    }
}

fn address(told: &Value) -> Address {
    told["address"].as_str().unwrap().parse().unwrap()
}

fn cast(arguments: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(root.join("tools/node_modules/.bin/cast"));
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A key that nobody else has.
fn fresh_key() -> (String, Address) {
    let signer = PrivateKeySigner::random();
    (signer.to_bytes().to_string(), signer.address())
}

#[test]
fn a_key_file_made_here_is_read_by_cast_and_one_made_by_cast_is_read_here() {
    let safe = Safe::new(Desk::deployed());
    let ours = safe.made(None, &["wallet", "new", "ours"]);
    let file = safe.keystores().join("ours");
    let password = safe.password_file();
    let (file, password) = (file.to_str().unwrap(), password.to_str().unwrap());
    let read = cast(&[
        "wallet",
        "address",
        "--keystore",
        file,
        "--password-file",
        password,
    ]);
    assert_eq!(read.trim(), ours.to_string());

    let (key, theirs) = fresh_key();
    let directory = safe.keystores();
    let directory = directory.to_str().unwrap();
    cast(&[
        "wallet",
        "import",
        "theirs",
        "--private-key",
        &key,
        "--keystore-dir",
        directory,
        "--unsafe-password",
        PASSWORD,
    ]);
    let address = ["wallet", "address", "theirs", "--password-file", "password"];
    safe.diem(None, &address).answers(&[&theirs.to_string()]);
    // By its path, too, and for signing.
    safe.fund(theirs, 5);
    let path = safe.keystores().join("theirs");
    let stake = [
        "stake",
        "5VVV",
        "--yes",
        "--password-file",
        "password",
        "--wallet",
    ];
    let stake = [&stake[..], &[path.to_str().unwrap()]].concat();
    safe.diem(None, &stake).answers(&["staked 5 VVV"]);
}

#[test]
fn a_key_file_is_its_owners_alone_and_is_never_overwritten() {
    use std::os::unix::fs::PermissionsExt;
    let safe = Safe::new(Desk::bare(412_346));
    let account = safe.made(None, &["wallet", "new", "main"]);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&safe.keystores()), 0o700);
    let file = safe.keystores().join("main");
    assert_eq!(mode(&file), 0o600);
    let before = std::fs::read(&file).unwrap();
    let again = ["wallet", "new", "main", "--password-file", "password"];
    safe.diem(None, &again).fails(
        1,
        &["there is a key file of this name", "never overwritten"],
    );
    assert_eq!(std::fs::read(&file).unwrap(), before);
    for name in ["", "../main", ".hidden", "a b"] {
        safe.diem(None, &["wallet", "new", name])
            .fails(2, &["not a name for a key file"]);
    }
    let left: Vec<_> = std::fs::read_dir(safe.keystores()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    // The account is told without a password.
    safe.diem(None, &["wallet", "list"])
        .answers(&["main", &account.to_string()]);
    let listed = safe.diem(None, &["wallet", "list", "--json"]).json();
    assert_eq!(listed["wallets"][0]["name"], "main");
    assert_eq!(listed["wallets"][0]["address"], json!(account));
    safe.diem(None, &["wallet", "address", "main"])
        .answers(&[&account.to_string()]);
    safe.diem(None, &["wallet", "address", "nowhere"])
        .fails(2, &["no such key file", "diem wallet list"]);
}

#[test]
fn a_dry_run_makes_no_key_file() {
    let safe = Safe::new(Desk::bare(412_346));
    safe.diem(None, &["wallet", "new", "main", "--dry-run"])
        .answers(&["main"]);
    safe.diem(Some(DEV_KEY), &["wallet", "import", "main", "--dry-run"])
        .answers(&["main"]);
    assert!(!safe.keystores().exists());
    safe.diem(None, &["wallet", "list"])
        .answers(&["no key files"]);
}

#[test]
fn a_key_does_not_sign_for_an_account_that_is_another_ones() {
    let safe = Safe::new(Desk::deployed());
    let claim = [
        "claim",
        "--yes",
        "--mnemonic-file",
        "words",
        "--from",
        SECOND,
    ];
    safe.diem(None, &claim)
        .fails(2, &["cannot sign for this account", "--unsigned"]);
    let account: Address = SECOND.parse().unwrap();
    safe.fund(account, 1);
    let stake = [
        "stake",
        "1VVV",
        "--yes",
        "--mnemonic-file",
        "words",
        "--index",
        "1",
        "--from",
        SECOND,
    ];
    safe.diem(None, &stake).answers(&["staked 1 VVV"]);
}

/// The example of the format's own description: its scrypt has r = 1, whose cost N is too large
/// by RFC 7914.
const WITH_R_OF_ONE: &str = r#"{"crypto":{"cipher":"aes-128-ctr",
"cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
"ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt",
"kdfparams":{"dklen":32,"n":262144,"r":1,"p":8,
"salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
"mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},
"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}"#;

/// The same key under PBKDF2, from the same description.
const WITH_PBKDF2: &str = r#"{"crypto":{"cipher":"aes-128-ctr",
"cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
"ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
"kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256",
"salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
"mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}"#;

#[test]
fn the_examples_of_the_format_are_read_or_refused_by_their_name() {
    let safe = Safe::new(Desk::bare(412_346));
    let at = |name: &str| safe.desk.directory.join(name);
    std::fs::write(at("password"), "testpassword").unwrap();
    std::fs::write(at("pbkdf2"), WITH_PBKDF2).unwrap();
    std::fs::write(at("scrypt"), WITH_R_OF_ONE).unwrap();
    let address = |file| ["wallet", "address", file, "--password-file", "password"];
    safe.diem(None, &address("pbkdf2"))
        .answers(&["0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b"]);
    safe.diem(None, &address("scrypt"))
        .fails(2, &["cannot unlock the key", "RFC 7914", "r = 8"]);
}

#[test]
fn a_mnemonic_gives_the_key_of_its_path() {
    let safe = Safe::new(Desk::bare(412_346));
    for path in [
        &["--index", "1"][..],
        &["--derivation-path", "m/44'/60'/0'/0/1"],
    ] {
        let arguments = [&["wallet", "address", "--mnemonic-file", "words"], path].concat();
        safe.diem(None, &arguments).answers(&[SECOND]);
        let mut by_environment = safe.command(None, &["wallet", "address", "--mnemonic"]);
        by_environment.args(path).env("DIEM_MNEMONIC", WORDS);
        outcome(by_environment).answers(&[SECOND]);
    }
    let imported = [
        "wallet",
        "import",
        "second",
        "--mnemonic-file",
        "words",
        "--index",
        "1",
    ];
    assert_eq!(safe.made(None, &imported).to_string(), SECOND);
    let words = [
        "wallet",
        "new",
        "fresh",
        "--words",
        "--json",
        "--password-file",
        "password",
    ];
    let made = safe.diem(None, &words).json();
    std::fs::write(
        safe.desk.directory.join("fresh"),
        made["words"].as_str().unwrap(),
    )
    .unwrap();
    safe.diem(None, &["wallet", "address", "--mnemonic-file", "fresh"])
        .answers(&[&address(&made).to_string()]);
    safe.diem(
        None,
        &[
            "wallet",
            "address",
            "--mnemonic-file",
            "words",
            "--derivation-path",
            "x",
        ],
    )
    .fails(2, &["not a derivation path"]);
}

#[test]
fn no_secret_comes_out_again() {
    let safe = Safe::new(Desk::deployed());
    let (key, account) = fresh_key();
    let bare = key.trim_start_matches("0x");
    let secrets = [bare, PASSWORD, "test test", "junk", "hunter2"];
    let kept = |told: &Outcome| {
        for secret in secrets {
            assert!(!told.answer.contains(secret), "{secret} in {told:#?}");
            assert!(!told.story.contains(secret), "{secret} in {told:#?}");
        }
    };
    let import = ["wallet", "import", "main", "--password-file", "password"];
    let told = safe
        .diem(Some(&key), &import)
        .answers(&[&account.to_string()]);
    kept(&told);
    let file = std::fs::read_to_string(safe.keystores().join("main")).unwrap();
    assert!(!file.contains(bare));
    safe.fund(account, 2);
    for form in [
        &["--yes"][..],
        &["--dry-run"],
        &["--unsigned"],
        &["--safe", "batch.json"],
    ] {
        let stake = [
            "stake",
            "1VVV",
            "--wallet",
            "main",
            "--password-file",
            "password",
        ];
        let told = safe.diem(None, &[&stake[..], form].concat());
        assert_eq!(told.code, Some(0), "{told:#?}");
        kept(&told);
    }
    std::fs::write(safe.desk.directory.join("wrong"), "hunter2").unwrap();
    for (arguments, words) in [
        (
            &["claim", "--wallet", "main", "--password-file", "wrong"][..],
            &["cannot unlock the key", "the password is wrong"][..],
        ),
        (&["claim", "--mnemonic-file", "wrong"], &["not a mnemonic"]),
        (&["claim", "--key-file", "words"], &["not a private key"]),
        (
            &["claim", "--wallet", "words", "--password-file", "wrong"],
            &["no keystore"],
        ),
        (
            &["claim", "--wallet", "main"],
            &["nobody to ask", "DIEM_PASSWORD"],
        ),
        (
            &["claim", "--mnemonic"],
            &["nobody to ask", "DIEM_MNEMONIC"],
        ),
        (
            &["claim", "--private-key", &key],
            &["command line", "diem wallet import"],
        ),
        (
            &["claim", "--mnemonic", WORDS],
            &["command line", "--mnemonic-file"],
        ),
        (
            &["claim", "--password=hunter2"],
            &["command line", "--password-file"],
        ),
    ] {
        kept(&safe.diem(None, arguments).fails(2, words));
    }
    // What only reads asks for no password.
    let zero = Address::ZERO.to_string();
    for command in [
        &["quote", "1DIEM"][..],
        &["status", &zero],
        &["gateway", "list"],
    ] {
        let arguments = [command, &["--wallet", "main"]].concat();
        assert_eq!(safe.diem(None, &arguments).code, Some(0));
    }
}
