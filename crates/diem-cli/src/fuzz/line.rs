//! Whole command lines, put together of the commands, flags and values that the command line itself has: each is taken,
//! or refused with a reason and the exit code of wrong use.

use super::try_cases;
use crate::{Args, command, refuse_secrets};
use clap::{Arg, ArgAction, Command, FromArgMatches};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::cell::Cell;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

const CASES: u32 = 1_500;
/// What is a good value somewhere, and what should be none anywhere.
const VALUES: [&str; 30] = [
    "1VVV",
    "2.5sVVV",
    "100DIEM",
    "3USD",
    "0.01ETH",
    "1",
    "0",
    "365",
    "18446744073709551616",
    "-1",
    "1e18DIEM",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
    "0x0000000000000000000000000000000000000000",
    "nobody",
    "0x0707070707070707070707070707070707070707070707070707070707070707",
    "http://127.0.0.1:1",
    "127.0.0.1:0",
    "bash",
    "latest",
    "safe",
    "name",
    "true",
    "",
    " ",
    "--",
    "-",
    "-y",
    "\u{202e}",
    "٣VVV",
];

/// A command and what it can be told.
struct Way {
    words: Vec<String>,
    flags: Vec<(String, bool)>,
    positionals: usize,
}

/// All commands, each with its own flags and those of the commands above it.
fn ways(command: &Command, words: &[String], above: &[(String, bool)], all: &mut Vec<Way>) {
    let takes =
        |argument: &Arg| matches!(argument.get_action(), ArgAction::Set | ArgAction::Append);
    let mut flags = above.to_vec();
    for argument in command.get_arguments().filter(|it| !it.is_positional()) {
        let long = argument.get_long().map(|long| format!("--{long}"));
        let short = argument.get_short().map(|short| format!("-{short}"));
        flags.extend(
            long.into_iter()
                .chain(short)
                .map(|flag| (flag, takes(argument))),
        );
    }
    all.push(Way {
        words: words.to_vec(),
        positionals: command.get_positionals().count(),
        flags: flags.clone(),
    });
    for below in command.get_subcommands() {
        let words = [words, &[below.get_name().to_owned()]].concat();
        ways(below, &words, &flags, all);
    }
}

/// A word of a line.
#[derive(Clone, Debug)]
enum Word {
    Flag(Index, OsString, bool),
    Value(OsString),
}

fn value() -> impl Strategy<Value = OsString> {
    prop_oneof![
        8 => select(&VALUES[..]).prop_map(OsString::from),
        1 => any::<String>().prop_map(OsString::from),
        1 => vec(any::<u8>(), 0..12).prop_map(OsString::from_vec),
    ]
}

fn line() -> impl Strategy<Value = (Index, Vec<OsString>, Vec<(Index, Word)>)> {
    let flag = (any::<Index>(), value(), any::<bool>());
    let word = prop_oneof![
        3 => flag.prop_map(|(flag, value, joined)| Word::Flag(flag, value, joined)),
        1 => value().prop_map(Word::Value),
    ];
    let more = option::weighted(0.6, vec((any::<Index>(), word), 1..4));
    let more = more.prop_map(Option::unwrap_or_default);
    (any::<Index>(), vec(value(), 4), more)
}

#[test]
fn any_command_line_is_taken_or_refused_as_wrong_use() {
    let whole = command();
    let mut all = Vec::new();
    ways(&whole, &[], &[], &mut all);
    assert!(all.len() > 60, "{} commands", all.len());
    let (taken, refused) = (Cell::new(0_u32), Cell::new(0_u32));
    try_cases(CASES, &line(), |(way, values, more)| {
        let way = way.get(&all);
        let mut line: Vec<OsString> = way.words.iter().map(OsString::from).collect();
        line.extend(values.into_iter().take(way.positionals));
        for (place, word) in more {
            let at = place.index(line.len() + 1);
            match word {
                Word::Value(value) => line.insert(at, value),
                Word::Flag(flag, value, joined) if !way.flags.is_empty() => {
                    let (flag, takes) = flag.get(&way.flags);
                    let mut word = OsString::from(flag);
                    if *takes && joined {
                        word.push("=");
                        word.push(&value);
                    } else if *takes {
                        line.insert(at, value);
                    }
                    line.insert(at, word);
                }
                Word::Flag(..) => {}
            }
        }
        line.insert(0, "diem".into());
        if let Err(failure) = refuse_secrets(line.clone()) {
            prop_assert_eq!(failure.exit_code(), 2);
        }
        match whole.clone().try_get_matches_from(&line) {
            Ok(matches) => {
                taken.set(taken.get() + 1);
                let args = Args::from_arg_matches(&matches);
                prop_assert!(args.is_ok(), "{:?}: {:?}", line, args);
            }
            Err(error) => {
                refused.set(refused.get() + 1);
                prop_assert!([0, 2].contains(&error.exit_code()), "{:?}", line);
                prop_assert!(!error.to_string().trim().is_empty(), "{:?}", line);
            }
        }
        Ok(())
    });
    let (taken, refused) = (taken.get(), refused.get());
    let all = taken + refused;
    assert!(
        taken > all / 20 && refused > all / 4,
        "{taken} taken, {refused} refused"
    );
}
