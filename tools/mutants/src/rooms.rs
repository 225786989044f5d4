//! Which files have mutants: what compiles to WASM, except the math, which has host tests of its own.

use std::io;
use std::path::Path;

/// Folders with the rooms of the contracts.
const FOLDERS: [&str; 5] = [
    "src",
    "contracts/kit/src",
    "contracts/token/src",
    "contracts/staked-vvv/src",
    "contracts/vvv/src",
];

/// Programs and tests of the host, which never reach the chain.
const OTHERS: [&str; 3] = ["main.rs", "export.rs", "ledger_tests.rs"];

/// The rooms under `root`, in order.
pub fn all(root: &Path) -> io::Result<Vec<String>> {
    let mut rooms = Vec::new();
    for folder in FOLDERS {
        for entry in std::fs::read_dir(root.join(folder))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".rs") && !OTHERS.contains(&name.as_str()) {
                rooms.push(format!("{folder}/{name}"));
            }
        }
    }
    rooms.sort();
    Ok(rooms)
}
