//! What a real Nitro node answered, asked again here: see `vectors/nitro/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests fail by panicking, and print what they count"
)]

mod compare;
mod exceptions;
mod play;

use std::{fs::File, io::Read, path::PathBuf};

use arbos::fidelity::{TRANSCRIPTS, Transcript};
use flate2::read::GzDecoder;
use serde_json::Value;
use stylus_devnode::{Node, NodeConfig};

use exceptions::{Count, Exceptions};

/// Where the recordings are.
fn vectors() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/nitro"))
}

fn entries(version: u64, file: &str) -> Vec<Value> {
    let path = vectors().join(format!("{version}/{file}.jsonl.gz"));
    let mut text = String::new();
    GzDecoder::new(File::open(path).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Plays one recording to a fresh node: all as recorded but for the exceptions, and those as many
/// as docs/fidelity.md says.
async fn play(version: u64, file: &str) {
    let node = Node::start(NodeConfig {
        arbos_version: version,
        ..NodeConfig::bare()
    })
    .await
    .unwrap();
    let mut exceptions = Exceptions::of(version, file);
    let mut unexcused = Vec::new();
    let entries = entries(version, file);
    for entry in &entries {
        let differences = compare::differences(&play::answer(&node, entry).await);
        if !differences.is_empty() && !exceptions.excuse(entry, &differences) {
            unexcused.push(format!("{}\n    {differences:?}", entry["name"]));
        }
    }
    assert!(
        unexcused.is_empty(),
        "{} of {} entries differ:\n{}",
        unexcused.len(),
        entries.len(),
        unexcused[..unexcused.len().min(20)].join("\n")
    );
    let Count { texts, reasons } = exceptions.finish();
    let measured = Transcript {
        version,
        file,
        entries: entries.len(),
        texts,
        reasons,
    };
    println!("{measured:?}");
    let told = TRANSCRIPTS
        .iter()
        .find(|it| (it.version, it.file) == (version, file));
    assert_eq!(
        told,
        Some(&measured),
        "correct the table in arbos::fidelity, and docs/fidelity.md with it"
    );
}

macro_rules! transcripts {
    ($($name:ident: $version:literal $file:literal,)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                play($version, $file).await;
            }
        )*

        /// What is played.
        const PLAYED: &[(u64, &str)] = &[$(($version, $file),)*];
    };
}

transcripts! {
    evm_at_51: 51 "evm",
    evm_at_60: 60 "evm",
    protocol_at_51: 51 "protocol",
    protocol_at_60: 60 "protocol",
    l1_at_51: 51 "l1",
    l1_at_60: 60 "l1",
    precompiles_at_51: 51 "precompiles",
    precompiles_at_60: 60 "precompiles",
    owner_at_51: 51 "owner",
    owner_at_60: 60 "owner",
    programs_at_51: 51 "programs",
    programs_at_60: 60 "programs",
    modules_at_51: 51 "modules",
    rpc_at_51: 51 "rpc",
    rpc_at_60: 60 "rpc",
    traces_at_51: 51 "traces",
    traces_at_60: 60 "traces",
}

#[test]
fn exceptions_and_the_table_speak_of_what_is_played() {
    let mut told: Vec<_> = TRANSCRIPTS.iter().map(|it| (it.version, it.file)).collect();
    let mut played = PLAYED.to_vec();
    told.sort_unstable();
    played.sort_unstable();
    assert_eq!(told, played);
    for (version, file) in exceptions::named() {
        assert!(
            PLAYED.contains(&(version, file.as_str())),
            "exceptions of {version}/{file}, which is not played"
        );
    }
}
