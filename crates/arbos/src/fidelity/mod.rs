//! What follows Nitro exactly, what only nearly, and what is not there: gathered from the tables that
//! the node runs on, so that the text cannot drift from the code.

mod recorded;
mod rules;

use std::fmt::Write;

use stylus_vm::hostio::{Fidelity, HOST_FUNCTIONS, HostFunction, Type};

pub use recorded::{TRANSCRIPTS, Transcript};
pub use rules::{RULES, Rule};

use crate::precompiles::{Method, Mutability, Precompile, precompiles};

const HEAD: &str = "# Fidelity\n\n\
Generated from the tables in code by `cargo run --release -p arbos --example fidelity` (in `crates/`); \
a test fails when this file drifts. The reference is Nitro at ArbOS 51, and at 60 on debug chains.\n\n\
*exact*: same results, same gas, same failures. *approximate*: differs as the note says. \
*absent*: refused with an error that names it.\n";

/// The whole of `docs/fidelity.md`.
pub fn markdown() -> String {
    let mut text = HEAD.to_owned();
    summary(&mut text);
    transcripts(&mut text);
    rules(&mut text);
    host_functions(&mut text);
    text.push_str("\n## Precompile methods\n");
    for precompile in precompiles().filter(|it| !it.methods.is_empty()) {
        methods(&mut text, precompile);
    }
    text
}

fn summary(text: &mut String) {
    let host = HOST_FUNCTIONS.iter().map(|row| row.fidelity);
    let methods = precompiles()
        .flat_map(|it| it.methods)
        .map(|row| row.fidelity);
    let rules = RULES.iter().map(|row| row.fidelity);
    let kinds: [(&str, Vec<Fidelity>); 3] = [
        ("Rules", rules.collect()),
        ("Host functions", host.collect()),
        ("Precompile methods", methods.collect()),
    ];
    line(
        text,
        "\n| | exact | approximate | absent |\n|---|---|---|---|",
    );
    for (name, rows) in kinds {
        let count = |fidelity| rows.iter().filter(|row| **row == fidelity).count();
        let exact = count(Fidelity::Exact);
        let approximate = count(Fidelity::Approximate);
        let absent = count(Fidelity::Absent);
        line(
            text,
            &format!("| {name} | {exact} | {approximate} | {absent} |"),
        );
    }
}

fn transcripts(text: &mut String) {
    line(
        text,
        "\n## Recorded answers\n\n\
         What a real Nitro node answered (`vectors/nitro`), played to this node by its tests. Every figure of every entry is \
         the same but for these exceptions (`vectors/nitro/exceptions.json`): *texts* differ in the wording of an error \
         alone, *reasons* are answers that depend on a block's hash or are ours on purpose.\n\n\
         | Transcript | ArbOS | Entries | Texts | Reasons |\n|---|---|---|---|---|",
    );
    for it in TRANSCRIPTS {
        let Transcript {
            version,
            file,
            entries,
            texts,
            reasons,
        } = it;
        line(
            text,
            &format!("| {file} | {version} | {entries} | {texts} | {reasons} |"),
        );
    }
}

fn rules(text: &mut String) {
    line(
        text,
        "\n## Rules\n\n| Area | Rule | Fidelity | Note |\n|---|---|---|---|",
    );
    for Rule {
        area,
        rule,
        fidelity,
        note,
    } in RULES
    {
        let fidelity = word(*fidelity);
        line(text, &format!("| {area} | {rule} | {fidelity} | {note} |"));
    }
}

fn host_functions(text: &mut String) {
    line(
        text,
        "\n## Host functions\n\n| Module | Name | Type | Base ink | Besides | EVM | Fidelity |\n\
         |---|---|---|---|---|---|---|",
    );
    for row in HOST_FUNCTIONS {
        let HostFunction {
            module,
            name,
            base_ink,
            dynamic,
            evm,
            ..
        } = row;
        let kind = signature(row);
        let fidelity = word(row.fidelity);
        line(
            text,
            &format!(
                "| {module} | `{name}` | {kind} | {base_ink} | {dynamic} | {evm} | {fidelity} |"
            ),
        );
    }
}

fn methods(text: &mut String, precompile: &Precompile) {
    let Precompile { name, address, .. } = precompile;
    line(
        text,
        &format!(
            "\n### {name} `{address}`\n\n| Selector | Method | Kind | ArbOS | Fidelity | Note |\n\
             |---|---|---|---|---|---|"
        ),
    );
    for method in precompile.methods {
        let selector = alloy_primitives::hex::encode(method.selector);
        let Method {
            signature, note, ..
        } = method;
        let kind = match method.mutability {
            Mutability::Pure => "pure",
            Mutability::View => "view",
            Mutability::Write => "write",
            Mutability::Payable => "payable",
        };
        let since = method.since.max(precompile.since);
        let versions = match method.until {
            u64::MAX if since == 0 => "all".to_owned(),
            u64::MAX => format!("≥{since}"),
            until => format!("{since}…{until}"),
        };
        let fidelity = word(method.fidelity);
        line(
            text,
            &format!(
                "| `{selector}` | `{signature}` | {kind} | {versions} | {fidelity} | {note} |"
            ),
        );
    }
}

fn signature(row: &HostFunction) -> String {
    let name = |kind: &Type| match kind {
        Type::I32 => "i32",
        Type::I64 => "i64",
        Type::F32 => "f32",
        Type::F64 => "f64",
    };
    let params: Vec<&str> = row.params.iter().map(name).collect();
    let result = row.result.as_ref().map(name).unwrap_or_default();
    format!(
        "({}) → {}",
        params.join(", "),
        if result.is_empty() { "()" } else { result }
    )
}

fn word(fidelity: Fidelity) -> &'static str {
    match fidelity {
        Fidelity::Exact => "exact",
        Fidelity::Approximate => "approximate",
        Fidelity::Absent => "absent",
    }
}

/// Writing to a string cannot fail.
fn line(text: &mut String, row: &str) {
    let _ = writeln!(text, "{row}");
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn the_document_says_what_the_tables_say() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/fidelity.md");
        let written = std::fs::read_to_string(path).expect("docs/fidelity.md is there");
        assert!(
            written == markdown(),
            "docs/fidelity.md drifted: in crates/, run \
             cargo run --release -p arbos --example fidelity > ../docs/fidelity.md"
        );
    }

    #[test]
    fn every_rule_that_is_not_exact_has_a_note() {
        for rule in RULES {
            assert!(
                rule.fidelity == Fidelity::Exact || !rule.note.is_empty(),
                "{}",
                rule.rule
            );
        }
    }
}
