//! Parse, run, and turn the result into an exit code.

use clap::FromArgMatches;
use diem_cli::{Args, output};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::story(&failure.to_string());
            ExitCode::from(failure.exit_code())
        }
    }
}

async fn run() -> diem_cli::Result<()> {
    diem_cli::refuse_secrets(std::env::args_os())?;
    let matches = diem_cli::command().get_matches();
    match Args::from_arg_matches(&matches) {
        Ok(args) => diem_cli::run(args).await,
        Err(error) => error.exit(),
    }
}
