//! The chains that the CLI knows.

use crate::Result;
use crate::args::Common;
use crate::deploy::Target;
use crate::networks::{self, Network, TEMPLATE};
use crate::output::{answer, raw};
use serde_json::json;

pub(super) fn run(common: &Common, template: bool) -> Result<()> {
    if template {
        raw(TEMPLATE.as_bytes());
        return Ok(());
    }
    let known = networks::all(common.networks.as_deref())?;
    let head = [
        "network",
        "chain id",
        "runs",
        "guarded by",
        "endpoint",
        "explorer",
    ];
    let rows: Vec<[String; 6]> = std::iter::once(head.map(str::to_owned))
        .chain(known.iter().map(row))
        .collect();
    let widths: [usize; 6] = std::array::from_fn(|column| {
        let lengths = rows.iter().map(|row| row[column].len());
        lengths.max().unwrap_or_default()
    });
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let cells = row.iter().zip(widths);
            let line: String = cells
                .map(|(cell, width)| format!("{cell:width$}  "))
                .collect();
            line.trim_end().to_owned()
        })
        .collect();
    answer(common.json, &json!(known), &lines.join("\n"));
    Ok(())
}

fn row(network: &Network) -> [String; 6] {
    let runs = match network.target {
        Some(Target::Stylus) => "Stylus",
        Some(Target::Evm) => "the twin",
        None => "?",
    };
    let guard = match network.genesis {
        Some(_) => "id and genesis",
        None => "id alone",
    };
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    [
        network.key().to_owned(),
        network.chain_id.to_string(),
        runs.to_owned(),
        guard.to_owned(),
        shown(&network.rpc),
        shown(&network.explorer),
    ]
}
