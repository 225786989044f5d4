//! The command line explains itself, and what it says is so.

use crate::desk::{Desk, dev_account, outcome};
use crate::sending::{acts, rich};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// The fields that a command's help tells of its JSON answer, and whether many are in one.
fn documented(desk: &Desk, command: &[&str]) -> (bool, BTreeSet<String>) {
    let help = desk
        .diem(&[command, &["--help"]].concat())
        .answers(&["--json, "]);
    let text = help.answer.replace('\n', " ");
    let (before, fields) = text.split_once("with --json, ").unwrap();
    let names = fields.split('`').skip(1).step_by(2).map(str::to_owned);
    (before.ends_with("An array "), names.collect())
}

fn fields(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

fn holds(desk: &Desk, command: &[&str], answer: &Value) {
    // Words of the command alone, without what it is given.
    let words = command
        .iter()
        .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
    let words: Vec<&str> = words
        .copied()
        .filter(|word| !word.starts_with("--"))
        .collect();
    let (many, told) = documented(desk, &words);
    let answers: Vec<&Value> = if many {
        answer.as_array().unwrap().iter().collect()
    } else {
        vec![answer]
    };
    assert!(!answers.is_empty(), "{command:?}");
    for answer in answers {
        assert_eq!(fields(answer), told, "{command:?}");
    }
}

#[test]
fn answers_in_json_have_the_fields_that_the_help_tells() {
    let desk = rich();
    let me = dev_account().to_string();
    for command in [
        &["quote", "1DIEM"][..],
        &["status"],
        &["position"],
        &["history"],
        &["curve"],
        &["credit", "show"],
        &["lease", "list"],
        &["lease", "show", "1"],
        &["gateway", "list"],
        &["gateway", "show", &me],
        &["wallet", "list"],
        &["wallet", "address", "--key-file", "key"],
        &["activate"],
        &["cache-bid"],
        &["verify", "--wasm-dir", &crate::desk::wasm_directory()],
        &["tour"],
    ] {
        std::fs::write(desk.directory.join("key"), crate::desk::DEV_KEY).unwrap();
        let answer = desk.diem(&[command, &["--json"]].concat()).json();
        holds(&desk, command, &answer);
    }
    let desk = rich();
    for act in acts() {
        let act: Vec<&str> = act.iter().map(String::as_str).collect();
        // What an earlier one has done needs its time.
        match act[..] {
            ["withdraw"] => desk.days(8),
            ["claim", "--restake"] => desk.days(1),
            _ => {}
        }
        let told = desk.diem(&[&act[..], &["--json"]].concat());
        holds(&desk, &act, &told.json());
    }
}

#[test]
fn the_reference_is_what_the_command_line_says() {
    let desk = Desk::bare(412_346);
    let told = outcome(desk.command(None, &["reference"]))
        .answers(&[])
        .answer;
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cli.md");
    let page = std::fs::read_to_string(page).unwrap();
    assert!(told == page, "docs/cli.md is stale: run scripts/export-cli");
    for part in [
        "## `diem mint`",
        "## `diem timelock schedule set-treasury`",
        "`--unsigned`",
    ] {
        assert!(page.contains(part), "no {part}");
    }
}

#[test]
fn completions_and_man_pages_come_without_a_node() {
    let desk = Desk::bare(412_346);
    for (shell, part) in [
        ("bash", "complete -F _diem"),
        ("zsh", "#compdef diem"),
        ("fish", "complete -c diem"),
    ] {
        let told = desk.diem(&["completions", shell, "--rpc", "http://127.0.0.1:1"]);
        told.answers(&[part, "timelock", "unsigned"]);
    }
    desk.diem(&["man"]).answers(&[".TH", "diem"]);
    desk.diem(&["man", "--dir", "pages"]).answers(&["pages"]);
    for page in ["diem.1", "diem-mint.1", "diem-lease-open.1"] {
        let page = std::fs::read_to_string(desk.directory.join("pages").join(page)).unwrap();
        assert!(page.contains(".TH"), "{page}");
    }
    assert_eq!(desk.diem(&["completions", "nosuchshell"]).code, Some(2));
}
