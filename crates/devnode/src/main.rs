//! The binary: parse, build, serve.

mod banner;
mod cli;

use std::process::ExitCode;

use clap::Parser;
use stylus_devnode::{Node, StartError};

use cli::Args;

/// Wrong use, or the node could not start.
const BROKEN: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("cannot start threads: {error}")),
    };
    match runtime.block_on(serve(args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

async fn serve(args: Args) -> Result<(), StartError> {
    let silent = args.silent;
    if !silent {
        tracing_subscriber::fmt()
            .with_writer(std::io::stderr)
            .with_target(false)
            .init();
    }
    let node = Node::start(args.into_config()).await?;
    if !silent {
        banner::print(&node);
    }
    until_told_to_stop().await;
    node.stop().await;
    Ok(())
}

/// Waits for Ctrl-C, or for a service manager's request.
async fn until_told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler the default action ends the process, which is what was asked for.
    let _ = tokio::signal::ctrl_c().await;
}

#[allow(clippy::print_stderr)] // the binary's own voice
fn fail(message: &str) -> ExitCode {
    eprintln!("stylus-devnode: {message}");
    ExitCode::from(BROKEN)
}
