//! The command line explains itself, and what it says is so.

use crate::desk::{Desk, outcome};
use std::path::Path;

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
        "Also named `give`.",
        "Also named `take`.",
        "Also named `pause`.",
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
