//! Other people's clients, unmodified: cast and viem against the node. Alloy is what all other tests speak.

use crate::prelude::*;
use e2e::deploy::repository;
use std::path::PathBuf;
use std::process::Command;

/// A tool that `scripts/setup` installs.
fn tool(path: &str) -> PathBuf {
    let tool = repository().join("tools/node_modules").join(path);
    assert!(
        tool.exists(),
        "{} is missing: run scripts/setup",
        tool.display()
    );
    tool
}

/// Runs a command to its end and returns what it printed.
fn run(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{command:?} failed:\n{out}\n{err}");
    out.trim().to_owned()
}

struct Cast<'w> {
    world: &'w World,
    binary: PathBuf,
}

impl Cast<'_> {
    fn command(&self, verb: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .arg(verb)
            .args(arguments)
            .args(["--rpc-url", self.world.chain.url()]);
        command
    }

    fn call(&self, to: Address, arguments: &[&str]) -> String {
        run(&mut self.command("call", &[&[to.to_string().as_str()], arguments].concat()))
    }

    fn send(&self, to: Address, arguments: &[&str]) -> String {
        let key = Erin.signer().to_bytes().to_string();
        let to = to.to_string();
        run(&mut self.command(
            "send",
            &[&[to.as_str()], arguments, &["--private-key", &key]].concat(),
        ))
    }
}

#[test]
fn cast_stakes_mints_and_reads() {
    let world = World::of(TARGET);
    let at = world.contracts;
    let cast = Cast {
        world: &world,
        binary: tool(".bin/cast"),
    };
    let (erin, s_vvv) = (Erin.address().to_string(), at.s_vvv.to_string());
    let (purse, locked) = (tokens(1_000).to_string(), tokens(900).to_string());
    cast.send(at.vvv, &["mint(address,uint256)", &erin, &purse]);
    cast.send(at.vvv, &["approve(address,uint256)", &s_vvv, &purse]);
    cast.send(at.s_vvv, &["stake(address,uint256)", &erin, &purse]);
    let quote = cast.call(at.diem, &["previewMint(uint256)(uint256)", &locked]);
    let quote = quote.split(' ').next().unwrap();
    let sent = cast.send(at.diem, &["mint(uint256,uint256)", &locked, quote]);
    assert!(sent.contains("status               1"), "{sent}");
    let balance = cast.call(at.diem, &["balanceOf(address)(uint256)", &erin]);
    assert_eq!(balance.split(' ').next().unwrap(), quote);
    assert_eq!(
        run(&mut cast.command("chain-id", &[])),
        world.chain.chain_id().to_string()
    );
}

#[test]
fn cast_shows_the_typed_error() {
    let world = World::of(TARGET);
    let cast = Cast {
        world: &world,
        binary: tool(".bin/cast"),
    };
    let to = world.contracts.diem.to_string();
    let output = cast
        .command("call", &[&to, "mint(uint256,uint256)", "0", "0"])
        .output()
        .unwrap();
    let selector = hex_selector::<IDiem::ZeroAmount>();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        text.contains(&selector) || text.contains("ZeroAmount"),
        "{text}"
    );
}

fn hex_selector<E: alloy::sol_types::SolError>() -> String {
    alloy_primitives::hex::encode(E::SELECTOR)
}

#[test]
fn viem_stakes_mints_simulates_and_decodes() {
    let world = World::of(TARGET);
    let at = world.contracts;
    tool("viem");
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("clients/viem.mjs");
    let key = Erin.signer().to_bytes().to_string();
    let addresses = [at.vvv, at.s_vvv, at.diem].map(|address| address.to_string());
    let said = run(Command::new("node")
        .arg(script)
        .arg(world.chain.url())
        .args(addresses)
        .arg(key));
    assert!(said.ends_with("all checks hold"), "{said}");
}
