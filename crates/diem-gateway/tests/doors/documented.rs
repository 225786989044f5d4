//! What the documents say is shown by tests that there are.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The name of every function below a folder.
fn functions(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions(&path, names);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let declared = text.split("fn ").skip(1);
            names.extend(declared.filter_map(|rest| rest.split('(').next().map(str::to_owned)));
        }
    }
}

/// The last cell's names of each row of a table under a heading, or of all rows that begin with `mark`.
fn shown(document: &str, heading: &str, mark: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(here("../../docs").join(document)).unwrap();
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with(mark));
    let names = |row: &str| -> Vec<String> {
        let cell = row.trim_end_matches('|').rsplit('|').next().unwrap();
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    rows.filter(|row| !row.starts_with("| ---") && !row.ends_with("| test |"))
        .map(names)
        .collect()
}

#[test]
fn every_failure_fault_and_invariant_of_the_documents_is_shown_by_a_test_that_there_is() {
    let mut known = BTreeSet::new();
    functions(&here("tests"), &mut known);
    functions(&here("src"), &mut known);
    for (document, heading, mark, rows) in [
        ("gateway.md", "What happens when something fails", "| ", 18),
        ("gateway.md", "What goes wrong elsewhere", "| ", 12),
        ("invariants.md", "The gateway", "| G-", 9),
    ] {
        let shown = shown(document, heading, mark);
        assert_eq!(shown.len(), rows, "{heading}");
        for row in shown {
            assert!(!row.is_empty(), "a row of {heading:?} names no test");
            for name in row {
                assert!(
                    known.contains(&name),
                    "{document} names {name}, which is no test"
                );
            }
        }
    }
}
