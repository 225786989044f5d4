//! Every command, found in the command line itself: none can be added that nobody tried. What it
//! answers, what it refuses, who signs it, and that what only shows changes nothing.

use crate::desk::{DEV_KEY, Desk, outcome};
use crate::timelock;
use alloy::dyn_abi::{DynSolValue, JsonAbiExt};
use alloy::json_abi::{Function, JsonAbi, StateMutability};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, Selector, U256};
use alloy::providers::{Provider, ProviderBuilder};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{SolCall, SolError};
use diem_abi::openzeppelin::ITimelockController as Timelock;
use diem_abi::{IDiem, IStakedVvv, IVVV};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const PASSWORD: &str = "correct-horse-battery";
const WORDS: &str = "test test test test test test test test test test test junk";
/// The second key of these words.
const SECOND_KEY: &str = "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const FRIEND: &str = "0x00000000000000000000000000000000000000aa";
const NOBODY: &str = "0x0000000000000000000000000000000000000000";
const UNKNOWN: &str = "0x0707070707070707070707070707070707070707070707070707070707070707";

/// A command that sends what can be told beforehand.
struct Sends {
    path: &'static str,
    /// Days that pass before it.
    days: u64,
    /// What works, a day apart. Names in braces stand for what a desk has.
    given: &'static [&'static str],
    /// What a stranger is refused, and a word of why.
    refused: (&'static str, &'static str),
}

const fn sends(
    path: &'static str,
    given: &'static [&'static str],
    refused: (&'static str, &'static str),
) -> Sends {
    Sends {
        path,
        days: 0,
        given,
        refused,
    }
}

const fn after(days: u64, row: Sends) -> Sends {
    Sends { days, ..row }
}

const NOT_OWNER: &str = "OwnableUnauthorizedAccount";
const NO_PROPOSER: &str = "this is no proposer of it";

/// In an order in which all of them work.
const SENDS: &[Sends] = &[
    sends(
        "mint",
        &["1DIEM", "100sVVV"],
        ("1DIEM", "InsufficientUnlocked"),
    ),
    sends("burn", &["1DIEM"], ("1DIEM", "InsufficientOutstanding")),
    sends(
        "stake",
        &["10VVV", "1DIEM"],
        ("1VVV", "the VVV balance is 0"),
    ),
    sends(
        "unstake",
        &["1sVVV", "1DIEM"],
        ("1DIEM", "InsufficientStake"),
    ),
    after(
        8,
        sends("withdraw", &[""], ("", "nothing has cooled down yet")),
    ),
    sends("claim", &["", "--restake"], ("", "nothing is pending")),
    sends(
        "transfer",
        &["1DIEM {friend}", "1VVV {friend}", "0.01ETH {friend}"],
        ("1DIEM {friend}", "ERC20InsufficientBalance"),
    ),
    sends(
        "approve",
        &["1DIEM {friend}", "1VVV {friend}"],
        ("1DIEM {nobody}", "ERC20InvalidSpender"),
    ),
    sends("fund-rewards", &["5VVV"], ("5VVV", "the VVV balance is 0")),
    sends(
        "credit settle",
        &["{me} 1USD"],
        ("{me} 1USD", "OnlyGateway"),
    ),
    sends("credit choose", &["{me}"], ("{friend}", "UnknownGateway")),
    sends(
        "lease open",
        &["{friend} 1DIEM 3"],
        ("{friend} 1DIEM 3", "InsufficientStake"),
    ),
    sends("lease settle", &["2 1USD"], ("2 1USD", "OnlyGateway")),
    sends("lease choose", &["2 {me}"], ("2 {me}", "OnlyLessee")),
    sends("lease transfer", &["2 {me}"], ("2 {me}", "OnlyLessee")),
    sends("lease close", &["1"], ("2", "LeaseNotOver")),
    sends("gateway set", &["{friend}"], ("{friend}", NOT_OWNER)),
    sends("gateway default", &["{me}"], ("{me}", NOT_OWNER)),
    sends(
        "gateway revoke",
        &["{me}"],
        ("{friend}", "it is no registered gateway"),
    ),
    sends("pause-mint", &[""], ("", "OnlyGuardian")),
    sends("unpause-mint", &[""], ("", NOT_OWNER)),
    sends("set-treasury", &["{friend}"], ("{friend}", NOT_OWNER)),
    sends("set-guardian", &["{friend}"], ("{friend}", NOT_OWNER)),
    sends("set-emission", &["0.125VVV"], ("0.125VVV", NOT_OWNER)),
    sends("transfer-ownership", &["{me}"], ("{friend}", NOT_OWNER)),
    sends("accept-ownership", &[""], ("", NOT_OWNER)),
    sends("renounce-ownership", &[""], ("", NOT_OWNER)),
    sends(
        "timelock schedule set-treasury",
        &["{friend} {by}"],
        ("{friend} {by}", NO_PROPOSER),
    ),
    sends(
        "timelock schedule set-guardian",
        &["{friend} {by}"],
        ("{friend} {by}", NO_PROPOSER),
    ),
    sends(
        "timelock schedule unpause-mint",
        &["{by}"],
        ("{by}", NO_PROPOSER),
    ),
    sends(
        "timelock schedule set-emission",
        &["0.125VVV {by}"],
        ("0.125VVV {by}", NO_PROPOSER),
    ),
    sends(
        "timelock schedule accept-ownership",
        &["{by}"],
        ("{by}", NO_PROPOSER),
    ),
    sends(
        "timelock schedule transfer-ownership",
        &["{friend} {by}"],
        ("{friend} {by}", NO_PROPOSER),
    ),
    sends(
        "timelock schedule renounce-ownership",
        &["{by}"],
        ("{by}", NO_PROPOSER),
    ),
    sends(
        "timelock schedule set-gateway",
        &["{friend} {by}"],
        ("{friend} {by}", NO_PROPOSER),
    ),
    sends(
        "timelock schedule revoke-gateway",
        &["{friend} {by}"],
        ("{friend} {by}", NO_PROPOSER),
    ),
    sends(
        "timelock schedule set-default-gateway",
        &["{friend} {by}"],
        ("{friend} {by}", NO_PROPOSER),
    ),
    sends(
        "timelock schedule set-delay",
        &["259200 {by}"],
        ("259200 {by}", NO_PROPOSER),
    ),
    sends(
        "timelock cancel",
        &["{second} {by}"],
        ("{second} {by}", "this is no canceller of it"),
    ),
    sends(
        "timelock execute",
        &["{first} {by}"],
        ("{unknown} {by}", "it was never announced"),
    ),
    sends("cache-bid", &[""], ("--bid 1000ETH", "insufficient")),
    sends("keepalive", &[""], ("", "insufficient")),
    after(400, sends("activate", &[""], ("", "insufficient"))),
];

/// What sends as it goes, or signs no transaction: it cannot be told beforehand.
const GOES: [&str; 3] = ["deploy", "tour", "key create"];

/// What changes nothing on the chain.
const LOOKS: [(&str, &str); 17] = [
    ("networks", ""),
    ("quote", "1DIEM"),
    ("status", ""),
    ("position", ""),
    ("history", ""),
    ("curve", ""),
    ("credit show", ""),
    ("lease list", ""),
    ("lease show", "2"),
    ("gateway list", ""),
    ("gateway show", "{me}"),
    ("timelock list", "{by}"),
    ("verify", "--wasm-dir {wasm}"),
    ("wallet new", "fresh --password-file {password}"),
    (
        "wallet import",
        "known --password-file {password} --key-file {key}",
    ),
    ("wallet list", ""),
    ("wallet address", "--key-file {key}"),
];

/// What has a test of its own, for it needs a gateway, a pool, a shell, or goes on.
const ELSEWHERE: [&str; 10] = [
    "replace",
    "watch",
    "monitor",
    "completions",
    "man",
    "reference",
    "gateway run",
    "key list",
    "key revoke",
    "usage",
];

/// A key by which a desk signs.
#[derive(Clone, Copy, Debug)]
enum By {
    DevAccount,
    KeyFile,
    Mnemonic,
}

/// A desk on which every command works, and the names of what is there.
struct Whole {
    desk: Desk,
    names: BTreeMap<&'static str, String>,
}

impl Whole {
    fn new(by: By) -> Self {
        let mut desk = Desk::bare(412_346);
        let at = |name: &str| desk.directory.join(name).display().to_string();
        let (password, key, words) = (at("password"), at("key"), at("words"));
        std::fs::write(&password, PASSWORD).unwrap();
        std::fs::write(&key, DEV_KEY).unwrap();
        std::fs::write(&words, WORDS).unwrap();
        match by {
            By::DevAccount => {}
            By::KeyFile => {
                let kept = "7a".repeat(32);
                let import = ["wallet", "import", "main", "--password-file", &password];
                outcome(desk.command(Some(&kept), &import)).answers(&["0x"]);
                let file = at("keystores/main");
                desk.signs(&kept, &["--wallet", &file, "--password-file", &password]);
            }
            By::Mnemonic => {
                desk.signs(SECOND_KEY, &["--mnemonic-file", &words, "--index", "1"]);
            }
        }
        let (me, hundred) = (desk.me(), format!("{:#x}", 10_u128.pow(20)));
        desk.rpc("anvil_setBalance", json!([me, hundred]));
        desk.diem(&["deploy", "--no-cache"]).answers(&["DIEM"]);
        let timelock = timelock::deploy(&desk, me);
        let mut whole = Self {
            names: BTreeMap::from([
                ("me", me.to_string()),
                ("friend", FRIEND.to_owned()),
                ("nobody", NOBODY.to_owned()),
                ("unknown", UNKNOWN.to_owned()),
                ("by", format!("--timelock {timelock}")),
                ("wasm", crate::desk::wasm_directory()),
                ("password", password),
                ("key", key),
            ]),
            desk,
        };
        whole.furnish();
        whole
    }

    /// VVV, sVVV, DIEM and credit, something cooled down, rewards to claim, a gateway that settles,
    /// a lease that is over and one that is not, an offered ownership, operations of a timelock.
    fn furnish(&mut self) {
        let desk = &self.desk;
        let (chain, me, at) = (desk.chain(), desk.me(), desk.deployment());
        let amount = U256::from(2_300_000) * U256::from(10).pow(U256::from(18));
        let mint = IVVV::mintCall { to: me, amount };
        desk.runtime
            .block_on(chain.send(me, at.vvv, &mint))
            .unwrap();
        for line in [
            "fund-rewards 2000000VVV",
            "stake 100000VVV",
            "set-guardian {me}",
            "mint 200DIEM",
            "gateway set {me}",
            "credit choose {me}",
            "stake 50DIEM",
            "lease open {me} 5DIEM 1",
            "lease open {me} 5DIEM 365",
            "lease choose 2 {me}",
            "unstake 5DIEM",
            "transfer-ownership {me}",
        ] {
            self.run(line).answers(&[]);
        }
        let delays = ["259200", "345600"].map(|delay| {
            let line = format!("timelock schedule set-delay {delay} {{by}} --json");
            let told = self.run(&line).json();
            told["id"].as_str().unwrap().to_owned()
        });
        let [first, second] = delays;
        self.names.insert("first", first);
        self.names.insert("second", second);
        self.desk.days(40);
    }

    /// The words of a line, with what the names stand for.
    fn words(&self, line: &str) -> Vec<String> {
        let mut line = line.to_owned();
        for (name, value) in &self.names {
            line = line.replace(&format!("{{{name}}}"), value);
        }
        line.split_whitespace().map(str::to_owned).collect()
    }

    fn run(&self, line: &str) -> crate::desk::Outcome {
        self.run_as(None, line, &[])
    }

    fn run_as(&self, key: Option<&str>, line: &str, more: &[&str]) -> crate::desk::Outcome {
        let words = self.words(line);
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        words.extend(more);
        self.desk.diem_as(key, &words)
    }

    /// All that a transaction could change.
    fn state(&self) -> [Value; 4] {
        let desk = &self.desk;
        [
            desk.rpc("eth_getBlockByNumber", json!(["latest", false])),
            desk.rpc("anvil_dumpState", json!([])),
            desk.rpc("txpool_status", json!([])),
            desk.sent_by(desk.me()),
        ]
    }
}

/// The commands that can be run, by their words.
fn leaves(command: &clap::Command, path: &str) -> BTreeSet<String> {
    if !command.has_subcommands() {
        return BTreeSet::from([path.to_owned()]);
    }
    command
        .get_subcommands()
        .filter(|below| below.get_name() != "help")
        .flat_map(|below| leaves(below, format!("{path} {}", below.get_name()).trim()))
        .collect()
}

/// The fields that a command's help tells of its JSON answer, and whether many are in one.
fn documented(desk: &Desk, path: &str) -> (bool, BTreeSet<String>) {
    let words: Vec<&str> = path.split(' ').chain(["--help"]).collect();
    let help = desk.diem(&words).answers(&["--json, "]);
    let text = help.answer.replace('\n', " ");
    let (before, fields) = text.split_once("with --json, ").unwrap();
    let names = fields.split('`').skip(1).step_by(2).map(str::to_owned);
    (before.ends_with("An array "), names.collect())
}

/// Holds an answer against what the help of its command tells.
fn holds(desk: &Desk, path: &str, answer: &Value) {
    let (many, told) = documented(desk, path);
    let answers = if many {
        answer.as_array().unwrap().iter().collect()
    } else {
        vec![answer]
    };
    assert!(!answers.is_empty(), "{path}");
    for answer in answers {
        assert_eq!(fields(answer), told, "{path}");
    }
}

fn fields(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn every_command_is_tried() {
    let tried: Vec<&str> = (SENDS.iter().map(|row| row.path))
        .chain(GOES)
        .chain(LOOKS.map(|(path, _)| path))
        .chain(ELSEWHERE)
        .collect();
    let tried: BTreeSet<String> = tried.into_iter().map(str::to_owned).collect();
    assert_eq!(leaves(&diem_cli::command(), ""), tried);
}

#[test]
fn what_is_only_shown_printed_or_written_changes_nothing() {
    let whole = Whole::new(By::DevAccount);
    let desk = &whole.desk;
    for (path, given) in LOOKS {
        let before = whole.state();
        let told = whole.run_as(None, &format!("{path} {given}"), &["--dry-run", "--json"]);
        assert_eq!(told.code, Some(0), "{told:#?}");
        assert!(whole.state() == before, "{path} changed something");
    }
    let mut number = 0;
    for row in SENDS {
        desk.days(row.days);
        for given in row.given {
            let line = format!("{} {given}", row.path);
            let before = whole.state();
            whole.run_as(None, &line, &["--dry-run"]).answers(&[
                "would be",
                "gas, about 0.",
                "ETH, at most 0.",
                "data      0x",
            ]);
            let dry = whole.run_as(None, &line, &["--dry-run", "--json"]).json();
            let unsigned = whole.run_as(None, &line, &["--unsigned"]).json();
            assert_eq!(fields(&dry), fields(&unsigned), "{line}");
            assert_eq!(dry["transactions"], unsigned["transactions"], "{line}");
            assert_eq!(unsigned["from"], json!(desk.me()));
            assert_eq!(unsigned["chainId"], 412_346);
            number += 1;
            let file = format!("batch-{number}.json");
            let told = whole.run_as(None, &line, &["--safe", &file]);
            told.answers(&[&file, "Transaction Builder"]);
            let batch = std::fs::read_to_string(desk.directory.join(&file)).unwrap();
            let batch: Value = serde_json::from_str(&batch).unwrap();
            let form = (&batch["version"], &batch["chainId"]);
            assert_eq!(form, (&json!("1.0"), &json!("412346")));
            let one = unsigned["transactions"].as_array().unwrap();
            let other = batch["transactions"].as_array().unwrap();
            assert!(!one.is_empty() && one.len() == other.len(), "{line}");
            for (one, other) in one.iter().zip(other) {
                let text = |field: &str| other[field].as_str().unwrap();
                assert_eq!(one["to"], json!(text("to").parse::<Address>().unwrap()));
                assert_eq!(one["value"], text("value"), "{line}");
                assert_eq!(one["data"], text("data"), "{line}");
            }
            assert!(whole.state() == before, "{line} changed something");
        }
    }
    let before = whole.state();
    for path in GOES {
        for form in [&["--dry-run"][..], &["--unsigned"], &["--safe", "x.json"]] {
            let told = whole.run_as(None, path, form);
            if path != "deploy" {
                told.fails(2, &["sends as it goes"]);
            }
            assert!(whole.state() == before, "{path} {form:?} changed something");
        }
    }
    desk.diem(&["activate", "--safe", "batch-1.json"])
        .fails(2, &["it is there already", "new file"]);
    let told = desk.diem(&["claim", "--dry-run", "--unsigned"]);
    assert_eq!(told.code, Some(2), "{told:#?}");
}

/// Signs whatever sends, and holds its answer against its help.
fn sign_all(by: By) {
    let whole = Whole::new(by);
    let desk = &whole.desk;
    let sent = || {
        let count = desk.sent_by(desk.me());
        count.as_str().unwrap().parse::<U256>().unwrap()
    };
    for row in SENDS {
        desk.days(row.days);
        for (position, given) in row.given.iter().enumerate() {
            if position > 0 {
                desk.days(1);
            }
            let line = format!("{} {given}", row.path);
            let before = sent();
            let told = whole.run_as(None, &line, &["--json"]);
            holds(desk, row.path, &told.json());
            assert!(sent() > before, "{line} sent nothing by {by:?}");
        }
    }
}

#[test]
fn whatever_sends_is_signed_by_the_dev_account_and_answers_as_its_help_tells() {
    sign_all(By::DevAccount);
}

#[test]
fn whatever_sends_is_signed_by_a_key_file() {
    sign_all(By::KeyFile);
}

#[test]
fn whatever_sends_is_signed_by_a_mnemonic() {
    sign_all(By::Mnemonic);
}

#[test]
fn whatever_looks_answers_as_its_help_tells() {
    let whole = Whole::new(By::DevAccount);
    for (path, given) in LOOKS {
        let told = whole.run_as(None, &format!("{path} {given}"), &["--json"]);
        holds(&whole.desk, path, &told.json());
    }
}

#[test]
fn whatever_sends_refuses_strangers_and_asks_before_it_signs() {
    let whole = Whole::new(By::DevAccount);
    let desk = &whole.desk;
    let (stranger, address) = desk.somebody(9, 10_u128.pow(15));
    for row in SENDS {
        desk.days(row.days);
        let (given, word) = row.refused;
        let line = format!("{} {given}", row.path);
        whole.run_as(Some(&stranger), &line, &[]).fails(1, &[word]);
        let line = format!("{} {}", row.path, row.given[0]);
        let words = whole.words(&line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let before = desk.sent_by(desk.me());
        let told = outcome(desk.command(None, &words));
        let told = told.fails(2, &["there is nobody to ask", "--yes"]);
        for part in [" from 0x", " gas, about 0.", " ETH, at most 0."] {
            assert!(told.story.contains(part), "no `{part}` in {told:#?}");
        }
        assert_eq!(desk.sent_by(desk.me()), before, "{line}");
    }
    assert_eq!(desk.sent_by(address), json!("0x0"));
}

/// What a role alone may call, by the refusal that a stranger gets.
struct Role {
    contract: Address,
    function: Function,
    owners: bool,
}

/// Calls every function that is no view as a stranger.
fn roles(whole: &Whole) -> Vec<Role> {
    let (desk, at) = (&whole.desk, whole.desk.deployment());
    let url = desk.node.http_url().parse().unwrap();
    let provider = ProviderBuilder::new().connect_http(url);
    let mut roles = Vec::new();
    for (contract, abi) in [
        (at.s_vvv, diem_abi::json::STAKED_VVV),
        (at.diem, diem_abi::json::DIEM),
    ] {
        let abi: JsonAbi = serde_json::from_slice(abi).unwrap();
        for function in abi.functions() {
            let looks = [StateMutability::View, StateMutability::Pure];
            if looks.contains(&function.state_mutability) {
                continue;
            }
            let given: Vec<DynSolValue> = function
                .inputs
                .iter()
                .map(|input| something(&input.ty))
                .collect();
            let request = TransactionRequest::default()
                .with_from(Address::repeat_byte(0x57))
                .with_to(contract)
                .with_input(function.abi_encode_input(&given).unwrap());
            let answer = desk
                .runtime
                .block_on(async { provider.call(request).await });
            let data = match answer {
                Ok(_) => continue,
                Err(error) => error
                    .as_error_resp()
                    .and_then(|error| error.as_revert_data()),
            };
            let selector = data.as_deref().and_then(|data| data.get(..4));
            let owners = selector == Some(&IDiem::OwnableUnauthorizedAccount::SELECTOR);
            if owners || selector == Some(&IDiem::OnlyGuardian::SELECTOR) {
                roles.push(Role {
                    contract,
                    function: function.clone(),
                    owners,
                });
            }
        }
    }
    roles
}

fn something(kind: &str) -> DynSolValue {
    match kind {
        "address" => DynSolValue::Address(Address::repeat_byte(0x11)),
        "bool" => DynSolValue::Bool(true),
        "bytes32" => DynSolValue::FixedBytes(B256::repeat_byte(0x11), 32),
        list if list.ends_with("[]") => DynSolValue::Array(Vec::new()),
        number if number.starts_with("uint") => {
            DynSolValue::Uint(U256::ONE, number["uint".len()..].parse().unwrap())
        }
        other => panic!("nothing of {other}"),
    }
}

#[test]
fn every_act_of_a_role_has_a_command_and_the_owners_one_through_a_timelock_too() {
    let whole = Whole::new(By::DevAccount);
    let desk = &whole.desk;
    let (mut direct, mut announced) = (BTreeSet::new(), BTreeSet::new());
    let keep = |set: &mut BTreeSet<(Address, Selector)>, to: Address, data: &Bytes| {
        if let Some(selector) = data.get(..4) {
            set.insert((to, Selector::from_slice(selector)));
        }
    };
    for row in SENDS.iter().filter(|row| row.days < 400) {
        for given in row.given {
            let line = format!("{} {given}", row.path);
            let told = whole.run_as(None, &line, &["--unsigned"]).json();
            for transaction in told["transactions"].as_array().unwrap() {
                let to = transaction["to"].as_str().unwrap().parse().unwrap();
                let data: Bytes = transaction["data"].as_str().unwrap().parse().unwrap();
                keep(&mut direct, to, &data);
                if let Ok(batch) = Timelock::scheduleBatchCall::abi_decode(&data) {
                    for (to, data) in batch.targets.iter().zip(&batch.payloads) {
                        keep(&mut announced, *to, data);
                    }
                }
            }
        }
    }
    let roles = roles(&whole);
    // The wiring, three acts around ownership of two contracts, and what the interfaces say of
    // owner and guardian.
    assert_eq!(roles.len(), 15);
    for role in roles {
        let name = role.function.signature();
        let act = (role.contract, role.function.selector());
        // `diem deploy` does it, once and for good.
        if act.1 == IStakedVvv::setDiemCall::SELECTOR {
            let again = IStakedVvv::setDiemCall {
                diem: desk.deployment().diem,
            };
            let chain = desk.chain();
            let sent = chain.send(desk.me(), role.contract, &again);
            let failure = desk.runtime.block_on(sent).unwrap_err().to_string();
            assert!(failure.contains("AlreadyWired"), "{failure}");
            continue;
        }
        assert!(direct.contains(&act), "no command for {name}");
        if role.owners {
            assert!(announced.contains(&act), "no timelock's act for {name}");
        }
    }
}

#[test]
fn whatever_goes_on_by_itself_answers_as_its_help_tells() {
    let desk = Desk::bare(412_346);
    for path in ["deploy", "tour"] {
        holds(&desk, path, &desk.diem(&[path, "--json"]).json());
    }
    let told = desk.diem(&["monitor", "--json"]);
    holds(
        &desk,
        "monitor",
        &serde_json::from_str(&told.answer).unwrap(),
    );
}
