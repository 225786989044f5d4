//! The command line explained, by itself: help, reference, completions, man pages.

mod answers;
mod reference;

pub(crate) use reference::reference;

use crate::args::Args;
use crate::{Failure, Result};
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use std::path::Path;

/// The command line, with what each command answers in JSON told in its help.
#[must_use]
pub fn command() -> Command {
    explained(Args::command(), "")
}

/// `command` and all below it; `path` are the words before it.
fn explained(command: Command, path: &str) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|below| below.get_name().to_owned())
        .collect();
    let mut command = command;
    if let Some(told) = answers::told(path) {
        command = command.after_long_help(told);
    }
    for name in names {
        let path = format!("{path} {name}");
        command = command.mut_subcommand(name, |below| explained(below, path.trim()));
    }
    command
}

/// What makes a shell complete the command line.
pub(crate) fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "diem", &mut script);
    script
}

/// The man page of the whole.
///
/// # Errors
/// None that is known: it is written to memory.
pub(crate) fn page() -> Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command())
        .render(&mut page)
        .map_err(|error| {
            Failure::broken("make the man page", error.to_string()).with("page", "diem")
        })?;
    Ok(page)
}

/// Writes a man page for the whole and for each command.
///
/// # Errors
/// The directory cannot be written.
pub(crate) fn pages(directory: &Path) -> Result<()> {
    let written = std::fs::create_dir_all(directory)
        .and_then(|()| clap_mangen::generate_to(command(), directory));
    written.map_err(|error| {
        Failure::broken("cannot write the man pages", error.to_string())
            .with("directory", directory.display())
            .hint("name a directory that can be written with --dir")
    })
}
