//! The clients people use, unmodified, against a gateway of this process. `scripts/setup-gateway-clients` installs them.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use alloy::primitives::hex;

use crate::house::House;

fn clients() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "clients"].iter().collect()
}

/// Runs a client's tests with a holder's key and the gateway's address, and shows what it said where it failed.
async fn run(program: &str, arguments: &[&str], folder: &str, installed: &str) {
    assert!(
        clients().join(folder).join(installed).exists(),
        "{folder} is not installed: run scripts/setup-gateway-clients"
    );
    let house = House::new().await;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(clients().join(folder))
        .env("DIEM_GATEWAY", &house.url)
        .env(
            "DIEM_HOLDER_KEY",
            hex::encode_prefixed(house.holders[0].to_bytes()),
        )
        .stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap();
    let output = output.unwrap_or_else(|error| panic!("{program} does not start: {error}"));
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}\n{said}",
        output.status
    );
    let state = house.state(0).await;
    assert_eq!(
        state.reserved,
        diem_gateway::money::Usd::ZERO,
        "a reservation was left open"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn openais_javascript_client_and_viem_work_unmodified() {
    run(
        "node",
        &["--test", "openai.test.mjs"],
        "javascript",
        "node_modules",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vercel_ai_sdk_works_unmodified() {
    run(
        "node",
        &["--test", "ai.test.mjs"],
        "javascript",
        "node_modules",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn openais_python_client_and_eth_account_work_unmodified() {
    let python = clients().join("python/.venv/bin/python");
    run(
        python.to_str().unwrap(),
        &["-m", "unittest", "-q", "client_test"],
        "python",
        ".venv/ready",
    )
    .await;
}
