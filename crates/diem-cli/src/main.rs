//! Parse, run, and turn the result into an exit code.

use clap::Parser;
use diem_cli::{Args, output};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    match diem_cli::run(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::story(&failure.to_string());
            ExitCode::from(failure.exit_code())
        }
    }
}
