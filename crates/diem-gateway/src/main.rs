//! The `diem-gateway` command: parse, run, and turn the result into an exit code.

use std::{io::Write as _, net::SocketAddr, process::ExitCode};

use clap::{Parser, Subcommand, ValueEnum};
use diem_gateway::{
    check::{self, Verdict},
    config::{Config, Flags},
    money::Usd,
    run,
};
use tracing_subscriber::EnvFilter;

/// The reference inference gateway: a line's daily dollars pay for requests to any OpenAI-compatible server.
///
/// A value is taken from the flag, else from the environment, else from the file, else from the default. Exit codes:
/// 0 done, 1 something is not as it should be, 2 wrong use or broken.
#[derive(Debug, Parser)]
#[command(name = "diem-gateway", version)]
struct Args {
    /// How the log on stderr is written.
    #[arg(long, global = true, env = "DIEM_GATEWAY_LOG_FORM", value_enum, default_value_t = LogForm::Text)]
    log_form: LogForm,
    /// What of it: `info`, or by room, such as `warn,diem_gateway::settling=debug`.
    #[arg(long, global = true, env = "DIEM_GATEWAY_LOG", default_value = "info")]
    log: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogForm {
    /// Lines for people.
    Text,
    /// An object a line.
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until told to stop, then end what is open, settle, and exit.
    Serve(Flags),
    /// Say what is missing before the gateway can serve.
    Check(Flags),
    /// Prove from journal, receipts and chain events that the sums of every line agree.
    Audit {
        #[command(flatten)]
        flags: Flags,
        /// The block to read events from; by default the first.
        #[arg(long, value_name = "NUMBER", default_value_t = 0)]
        from_block: u64,
    },
    /// The models sold and what they cost.
    Prices(Flags),
    /// The address of the gateway's account.
    Address(Flags),
    /// Serve made-up answers as an OpenAI-compatible server until told to stop: a stand-in for a model, for devnets,
    /// tests and measurements. Prints its base URL.
    StandIn {
        /// Where to listen; port 0 takes a free one.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8549")]
        listen: SocketAddr,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let filter = match EnvFilter::try_new(&args.log) {
        Ok(filter) => filter,
        Err(error) => return broken(&format!("--log cannot be {:?}: {error}", args.log)),
    };
    let log = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter);
    match args.log_form {
        LogForm::Text => log.init(),
        LogForm::Json => log.json().init(),
    }
    match args.command {
        Command::Serve(flags) => serve(flags).await,
        Command::Check(flags) => look(flags).await,
        Command::Audit { flags, from_block } => audit(flags, from_block).await,
        Command::Prices(flags) => prices(flags),
        Command::Address(flags) => address(flags),
        Command::StandIn { listen } => stand_in(listen).await,
    }
}

async fn serve(flags: Flags) -> ExitCode {
    let config = match Config::new(flags) {
        Ok(config) => config,
        Err(error) => return broken(&error.to_string()),
    };
    match run::serve(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => broken(&error.to_string()),
    }
}

async fn look(flags: Flags) -> ExitCode {
    let config = match Config::new(flags) {
        Ok(config) => config,
        Err(error) => return broken(&error.to_string()),
    };
    let findings = check::check(&config).await;
    for finding in &findings {
        say(&finding.to_string());
    }
    let bad = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Bad)
        .count();
    match bad {
        0 => ExitCode::SUCCESS,
        bad => refused(&format!("{bad} of {} things are missing", findings.len())),
    }
}

async fn audit(flags: Flags, from_block: u64) -> ExitCode {
    let config = match Config::new(flags) {
        Ok(config) => config,
        Err(error) => return broken(&error.to_string()),
    };
    let audit = match run::audit(&config, from_block).await {
        Ok(audit) => audit,
        Err(error) => return broken(&error.to_string()),
    };
    for line in &audit.lines {
        say(&format!(
            "{} epoch {}: charged {}, open {}, stated {}, confirmed {} of {}",
            line.line,
            line.epoch,
            line.charged,
            line.open,
            line.stated,
            line.confirmed,
            line.allowance
        ));
    }
    for found in &audit.disagreements {
        say(&format!("BAD {found}"));
    }
    match audit.disagreements.len() {
        0 => {
            say(&format!("{} sums of lines agree", audit.lines.len()));
            ExitCode::SUCCESS
        }
        count => refused(&format!("{count} sums do not agree")),
    }
}

fn prices(flags: Flags) -> ExitCode {
    let tables = match diem_gateway::config::tables(&flags) {
        Ok(tables) => tables,
        Err(error) => return broken(&error.to_string()),
    };
    match diem_gateway::config::prices(&tables) {
        Ok(prices) => {
            for (model, price) in prices.iter() {
                // A rate's unit is a millionth of a dollar's, so a million tokens cost the same number.
                let [input, cached, output] =
                    [price.input, price.cached, price.output].map(|rate| Usd(rate.0));
                say(&format!(
                    "{model}: ${input} read, ${cached} cached, ${output} written for a million tokens; ${} an image, ${} a request",
                    price.image, price.request
                ));
            }
            ExitCode::SUCCESS
        }
        Err(error) => broken(&error.to_string()),
    }
}

fn address(flags: Flags) -> ExitCode {
    match diem_gateway::config::account(&flags) {
        Ok(account) => {
            say(&account.to_string());
            ExitCode::SUCCESS
        }
        Err(error) => broken(&error.to_string()),
    }
}

async fn stand_in(listen: SocketAddr) -> ExitCode {
    match run::stand_in(listen, say).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => broken(&error.to_string()),
    }
}

/// The answer. A closed pipe ends it silently, as it does for any other tool.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

fn refused(why: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr().lock(), "{why}");
    ExitCode::from(1)
}

fn broken(why: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr().lock(), "error: {why}");
    ExitCode::from(2)
}
