//! The reference, in Markdown: docs/cli.md.

use super::{answers, command};
use clap::{Arg, Command};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const HEAD: &str = "# The `diem` command

Generated from the command line itself by `scripts/export-cli`; `scripts/export-cli --check` fails when it is stale.

";

const ANSWERS: &str = "## Answers in JSON

With `--json` each command answers with one document, whose fields stand with the command. Amounts are strings of whole
numbers: wei of their token, or 1e-18 dollars; so are epochs and the numbers of leases. Addresses and hashes are hex.
A field may be added; none changes its meaning. A failure answers nothing on stdout, whatever the form.

";

/// All of it.
pub(crate) fn reference() -> String {
    let mut command = command();
    command.build();
    let mut text = HEAD.to_owned();
    prose(&mut text, &command);
    text.push_str("## Options of every command\n\n");
    let everywhere = options_of(&command, &BTreeSet::new());
    options(&mut text, &everywhere);
    let everywhere = everywhere
        .iter()
        .map(|argument| argument.get_id().as_str())
        .collect();
    text.push_str(ANSWERS);
    for (title, name) in [
        (
            "With `--dry-run` or `--unsigned`, of what is only shown",
            "--unsigned",
        ),
        ("With `--safe`", "--safe"),
        ("Each of the `transactions` shown", "transactions"),
    ] {
        let told = answers::told(name).unwrap_or_default();
        let fields = told.split_once(": ").map_or("", |(_, fields)| fields);
        let _ = writeln!(text, "- {title}: {fields}");
    }
    text.push('\n');
    sections(&mut text, &command, "diem", &everywhere);
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// All commands below `command`; what stands in `everywhere` is not said again.
fn sections(text: &mut String, command: &Command, path: &str, everywhere: &BTreeSet<&str>) {
    for below in command.get_subcommands() {
        if below.is_hide_set() || below.get_name() == "help" {
            continue;
        }
        let path = format!("{path} {}", below.get_name());
        let _ = writeln!(text, "## `{path}`\n");
        prose(text, below);
        let aliases: Vec<String> = below
            .get_visible_aliases()
            .map(|alias| format!("`{}`", alias))
            .collect();
        if !aliases.is_empty() {
            let _ = writeln!(text, "Also named {}.\n", aliases.join(", "));
        }
        if !below.has_subcommands() {
            let _ = writeln!(text, "```text\n{}\n```\n", usage(below, &path));
            options(text, &options_of(below, everywhere));
            if let Some(told) = below.get_after_long_help() {
                let _ = writeln!(text, "{told}\n");
            }
        }
        sections(text, below, &path, everywhere);
    }
}

fn prose(text: &mut String, command: &Command) {
    if let Some(about) = command.get_long_about().or_else(|| command.get_about()) {
        let _ = writeln!(text, "{}\n", ended(&about.to_string()));
    }
}

fn usage(command: &Command, path: &str) -> String {
    let mut usage = format!("{path} [OPTIONS]");
    for argument in command.get_positionals() {
        let name = argument.get_id().as_str().to_uppercase();
        let _ = match (
            argument.is_required_set(),
            argument.is_trailing_var_arg_set(),
        ) {
            (true, _) => write!(usage, " <{name}>"),
            (false, true) => write!(usage, " [{name}]..."),
            (false, false) => write!(usage, " [{name}]"),
        };
    }
    usage
}

/// What a command takes, but for what stands in `known`.
fn options_of<'a>(command: &'a Command, known: &BTreeSet<&str>) -> Vec<&'a Arg> {
    command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
        .filter(|argument| {
            let id = argument.get_id().as_str();
            !matches!(id, "help" | "version") && !known.contains(id)
        })
        .collect()
}

/// A table of them, if there are any.
fn options(text: &mut String, shown: &[&Arg]) {
    if shown.is_empty() {
        return;
    }
    text.push_str("| option | meaning |\n| --- | --- |\n");
    for argument in shown {
        let _ = writeln!(text, "| {} | {} |", name(argument), meaning(argument));
    }
    text.push('\n');
}

fn name(argument: &Arg) -> String {
    let value = argument
        .get_value_names()
        .filter(|_| argument.get_action().takes_values())
        .and_then(|names| names.first())
        .map_or(String::new(), |name| format!(" <{name}>"));
    match (argument.get_long(), argument.get_short()) {
        (Some(long), Some(short)) => format!("`--{long}{value}`, `-{short}`"),
        (Some(long), None) => format!("`--{long}{value}`"),
        _ => format!("`{}`", argument.get_id().as_str().to_uppercase()),
    }
}

fn meaning(argument: &Arg) -> String {
    let help = argument.get_long_help().or_else(|| argument.get_help());
    let help = help.map(ToString::to_string).unwrap_or_default();
    let mut told = ended(&help.replace('\n', " ").replace('|', "\\|"));
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|_| argument.get_action().takes_values())
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if !values.is_empty() {
        let _ = write!(told, " One of {}.", values.join(", "));
    }
    if let Some(variable) = argument.get_env() {
        let _ = write!(told, " Else `{}`.", variable.to_string_lossy());
    }
    let defaults: Vec<String> = argument
        .get_default_values()
        .iter()
        .filter(|_| argument.get_action().takes_values())
        .map(|value| format!("`{}`", value.to_string_lossy()))
        .collect();
    if !defaults.is_empty() {
        let _ = write!(told, " By default {}.", defaults.join(", "));
    }
    told
}

/// The help of one line has no point at its end; a sentence has.
fn ended(text: &str) -> String {
    let text = text.trim().replace('<', "\\<");
    if text.is_empty() || text.ends_with(['.', ':']) {
        text
    } else {
        format!("{text}.")
    }
}
