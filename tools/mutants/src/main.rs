//! Writes one version of the contracts that holds all their mutants, each behind a switch.
//!
//! `mutants ROOT COPY STATE` reads the rooms of the contracts in the repository ROOT, writes those of COPY where they
//! change, and prints a line of JSON for each mutant. STATE is a file of JSON, `{"dropped": [names], "constant":
//! [functions]}`: mutants to leave out because they do not compile, and functions that must stay `const`.
//!
//! A mutant is named by its room, its function and its change, whatever its line and its number in this build.

mod defaults;
mod mutation;
mod render;
mod rooms;
mod sites;

use mutation::Mutant;
use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let mut argument = || arguments.next().ok_or("usage: mutants ROOT COPY STATE");
    let (root, copy, state) = (argument()?, argument()?, argument()?);
    let state = State::read(&state)?;
    let mut first = 1;
    for room in rooms::all(&root)? {
        let source = std::fs::read_to_string(root.join(&room))?;
        let (text, mutants) = rewrite(&room, &source, first, &state)?;
        write(&copy.join(&room), &render::with_switch(&room, text))?;
        for mutant in &mutants {
            println!("{}", mutant.json(&room));
            first = mutant.id + 1;
        }
    }
    Ok(())
}

/// Leaves a file alone that holds the text already: cargo goes by the time of the last change.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if std::fs::read_to_string(path).is_ok_and(|before| before == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}

/// What earlier builds have taught.
struct State {
    dropped: BTreeSet<String>,
    constant: BTreeSet<String>,
}

impl State {
    fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        let state: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
        let names = |key: &str| {
            let list = state[key].as_array().into_iter().flatten();
            list.filter_map(|name| name.as_str().map(String::from))
                .collect()
        };
        Ok(Self {
            dropped: names("dropped"),
            constant: names("constant"),
        })
    }
}

/// A room with its mutants behind switches, numbered from `first` on. What is dropped keeps its number, so that the
/// others have the same in every build of the same sources.
fn rewrite(
    room: &str,
    source: &str,
    first: u32,
    state: &State,
) -> Result<(String, Vec<Mutant>), syn::Error> {
    let mut sites = sites::find(source, &state.constant)?;
    let mut mutants = Vec::new();
    for site in &mut sites {
        site.keep(|mutant| {
            mutant.id = first + mutants.len() as u32;
            mutant.dropped |= state.dropped.contains(&mutant.name(room));
            mutants.push(mutant.clone());
            !mutant.dropped
        });
    }
    Ok((render::render(source, &sites), mutants))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str) -> (String, Vec<String>) {
        let state = State {
            dropped: BTreeSet::new(),
            constant: BTreeSet::new(),
        };
        let (text, mutants) =
            rewrite("room.rs", source, 1, &state).unwrap_or_else(|error| panic!("{error}"));
        (
            text,
            mutants
                .iter()
                .map(|mutant| mutant.name("room.rs"))
                .collect(),
        )
    }

    #[test]
    fn what_is_written_parses_and_holds_every_mutant() {
        let source = "fn f(a: u64, b: u64) -> bool { if a < b && !(a == 1) { g(a); } a + b > 2 }";
        let (text, names) = of(source);
        assert!(syn::parse_file(&text).is_ok(), "{text}");
        for id in 1..=names.len() {
            assert!(
                text.contains(&format!("on({id})")),
                "{id} is missing: {text}"
            );
        }
        for change in [
            "replace f with true",
            "replace a < b with a <= b",
            "replace a < b && !(a == 1) with a < b || !(a == 1)",
            "replace the condition a < b && !(a == 1) with false",
            "delete ! in !(a == 1)",
            "delete g(a);",
            "replace a + b with a - b",
            "replace 2 with 3",
        ] {
            assert!(
                names.iter().any(|name| name.ends_with(change)),
                "{change}: {names:#?}"
            );
        }
    }

    #[test]
    fn nothing_that_must_be_constant_is_touched() {
        let source = "const A: u64 = 1 + 2; static B: [u8; 3] = [0; 3]; fn f() { let x = const { 1 + 1 }; let y = [0; 4]; }";
        let (_, names) = of(source);
        assert_eq!(
            names,
            [
                "room.rs f: replace f with ()",
                "room.rs f: replace 0 with 1"
            ]
        );
    }

    #[test]
    fn tests_and_host_code_are_left_alone() {
        let source = "#[cfg(test)] mod tests { fn f() -> u8 { 4 } } #[cfg(not(target_arch = \"wasm32\"))] fn g() -> u8 { 4 }";
        assert_eq!(of(source).1, [""; 0]);
    }

    #[test]
    fn an_arm_is_deleted_only_where_another_takes_its_cases() {
        let (text, names) = of("fn f(a: u8) { match a { 1 => g(), _ if a > 7 => h(), _ => i() } }");
        assert!(syn::parse_file(&text).is_ok(), "{text}");
        let deleted = names
            .iter()
            .filter(|name| name.contains("delete the arm"))
            .count();
        assert_eq!(deleted, 2, "{names:#?}");
    }

    #[test]
    fn a_function_that_stays_constant_keeps_the_numbers_of_the_others() {
        let source = "const fn f() -> u8 { 1 } fn g() -> u8 { 2 }";
        let state = |constant: &[&str]| State {
            dropped: BTreeSet::new(),
            constant: constant.iter().map(|name| (*name).to_owned()).collect(),
        };
        let of =
            |state| rewrite("room.rs", source, 1, &state).unwrap_or_else(|error| panic!("{error}"));
        let (free, all) = of(state(&[]));
        let (fixed, kept) = of(state(&["f"]));
        assert!(!free.contains("const fn") && fixed.contains("const fn f() -> u8 { 1 }"));
        let numbers = |mutants: &[Mutant]| -> Vec<_> {
            mutants
                .iter()
                .map(|mutant| (mutant.id, mutant.name("room.rs")))
                .collect()
        };
        assert_eq!(numbers(&all), numbers(&kept));
        let alive: Vec<_> = kept
            .iter()
            .filter(|mutant| !mutant.dropped)
            .map(|mutant| &mutant.function)
            .collect();
        assert!(!alive.is_empty() && alive.iter().all(|function| *function == "g"));
    }

    #[test]
    fn equal_changes_of_a_function_are_told_apart() {
        let (_, names) = of("fn f() { g(1); g(1); }");
        assert_eq!(
            names.last().map(String::as_str),
            Some("room.rs f: replace 1 with 2 #2")
        );
    }

    #[test]
    fn a_dropped_mutant_stays_out_and_the_others_keep_their_numbers() {
        let source = "fn f(a: u64) -> bool { a > 2 }";
        let (_, all) = of(source);
        let state = State {
            dropped: BTreeSet::from([all[0].clone()]),
            constant: BTreeSet::new(),
        };
        let (text, rest) =
            rewrite("room.rs", source, 1, &state).unwrap_or_else(|error| panic!("{error}"));
        assert!(!text.contains("on(1)") && text.contains("on(2)"), "{text}");
        let rest: Vec<_> = rest.iter().map(|mutant| mutant.name("room.rs")).collect();
        assert_eq!(rest, all);
    }
}
