//! The owner's acts through OpenZeppelin's TimelockController, by their names.

use crate::desk::{DEV_KEY, Desk, dev_account};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, hex};
use alloy::providers::{Provider, ProviderBuilder};
use alloy::rpc::types::TransactionRequest;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{SolCall, SolValue};
use diem_abi::openzeppelin::ITimelockController as Timelock;
use diem_abi::{IDiem, IStakedVvv};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

/// Two days, as a deployment has it.
const DELAY: u64 = 172_800;

/// Compiles the contract that the argument names from tools/node_modules; answers its bytecode.
const COMPILE: &str = r"
const { readFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const tools = process.argv[1]
const solc = createRequire(tools + '/package.json')('solc')
const file = '@openzeppelin/contracts/governance/TimelockController.sol'
const read = (path) => ({ contents: readFileSync(tools + '/node_modules/' + path, 'utf8') })
const input = {
  language: 'Solidity',
  sources: { [file]: { content: read(file).contents } },
  settings: {
    optimizer: { enabled: true },
    evmVersion: 'cancun',
    outputSelection: { [file]: { TimelockController: ['evm.bytecode.object'] } },
  },
}
const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read }))
const wrong = (output.errors ?? []).filter((error) => error.severity === 'error')
if (wrong.length > 0) throw new Error(JSON.stringify(wrong))
console.log(output.contracts[file].TimelockController.evm.bytecode.object)
";

fn bytecode() -> &'static [u8] {
    static CODE: OnceLock<Vec<u8>> = OnceLock::new();
    CODE.get_or_init(|| {
        let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools");
        let mut node = Command::new("node");
        node.args(["-e", COMPILE])
            .arg(tools.canonicalize().unwrap());
        let output = node.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        hex::decode(String::from_utf8(output.stdout).unwrap().trim()).unwrap()
    })
}

/// Puts a timelock on the chain: `proposer` proposes and cancels, anybody executes.
pub(crate) fn deploy(desk: &Desk, proposer: Address) -> Address {
    let signer: PrivateKeySigner = DEV_KEY.parse().unwrap();
    let url = desk.node.http_url().parse().unwrap();
    let provider = ProviderBuilder::new().wallet(signer).connect_http(url);
    let given = (
        U256::from(DELAY),
        vec![proposer],
        vec![Address::ZERO],
        Address::ZERO,
    );
    let code: Bytes = [bytecode(), &given.abi_encode_params()].concat().into();
    let made = desk.runtime.block_on(async {
        let request = TransactionRequest::default().with_deploy_code(code);
        let sent = provider.send_transaction(request).await.unwrap();
        sent.get_receipt().await.unwrap()
    });
    made.contract_address.unwrap()
}

/// A desk whose contracts are offered to a timelock: the dev account proposes and cancels,
/// anybody executes.
struct Owned {
    desk: Desk,
    timelock: Address,
}

impl Owned {
    fn new() -> Self {
        let desk = Desk::bare(412_346);
        let timelock = deploy(&desk, dev_account());
        desk.diem(&["deploy", "--owner", &timelock.to_string()])
            .answers(&[]);
        Self { desk, timelock }
    }

    /// The same after the timelock has taken the contracts over.
    fn accepted() -> Self {
        let owned = Self::new();
        owned.act(&["accept-ownership"]);
        owned
    }

    fn schedule(&self, act: &[&str]) -> String {
        let arguments = [&["timelock", "schedule"], act, &["--json"]].concat();
        let told = self.desk.diem(&arguments).json();
        told["id"].as_str().unwrap().to_owned()
    }

    /// Announces, waits and carries out.
    fn act(&self, act: &[&str]) -> String {
        let id = self.schedule(act);
        self.desk.days(2);
        self.desk
            .diem(&["timelock", "execute", &id])
            .answers(&["carried out"]);
        id
    }

    fn read<C: SolCall>(&self, at: Address, call: &C) -> C::Return {
        let chain = self.desk.chain();
        self.desk.runtime.block_on(chain.call(at, call)).unwrap()
    }

    fn listed(&self) -> Vec<Value> {
        let told = self.desk.diem(&["timelock", "list", "--json"]).json();
        told["operations"].as_array().unwrap().clone()
    }
}

#[test]
fn ownership_is_accepted_by_a_timelock_after_its_delay() {
    let owned = Owned::new();
    let (desk, at) = (&owned.desk, owned.desk.deployment());
    desk.diem(&["timelock", "list"])
        .answers(&["nothing was ever announced"]);
    let schedule = ["timelock", "schedule", "accept-ownership"];
    // Nothing is announced by who only looks, or may not.
    let before = desk.sent_by(dev_account());
    for form in [
        &["--dry-run"][..],
        &["--unsigned"],
        &["--safe", "batch.json"],
    ] {
        desk.diem(&[&schedule[..], form].concat()).answers(&[]);
    }
    desk.diem(&[&schedule[..], &["--delay", "60"]].concat())
        .fails(1, &["wants a longer delay", "2 d"]);
    let (stranger, _) = desk.somebody(1, 10_u128.pow(18));
    desk.diem_as(Some(&stranger), &schedule)
        .fails(1, &["no proposer", "--unsigned"]);
    desk.diem(&[&schedule[..], &["--timelock", &at.diem.to_string()]].concat())
        .fails(1, &["there is none at this address", "--timelock"]);
    assert_eq!(desk.sent_by(dev_account()), before);
    assert!(owned.listed().is_empty());

    let id = owned.schedule(&["accept-ownership"]);
    let told = desk.diem(&["timelock", "list"]);
    told.answers(&[
        &id,
        "ready in",
        "sVVV.acceptOwnership(), DIEM.acceptOwnership()",
    ]);
    let execute = ["timelock", "execute", &id];
    desk.diem(&execute).fails(
        1,
        &["cannot execute this operation", "ready in", "timelock list"],
    );
    desk.days(2);
    desk.diem(&["timelock", "list"]).answers(&["  ready  "]);
    desk.diem(&[&execute[..], &["--dry-run"]].concat())
        .answers(&[]);
    // Anybody is an executor here.
    desk.diem_as(Some(&stranger), &execute)
        .answers(&["carried out sVVV.acceptOwnership()"]);
    assert_eq!(owned.read(at.diem, &IDiem::ownerCall {}), owned.timelock);
    assert_eq!(
        owned.read(at.s_vvv, &IStakedVvv::ownerCall {}),
        owned.timelock
    );
    desk.diem(&execute).fails(1, &["it is done"]);
    let unknown = B256::repeat_byte(7).to_string();
    desk.diem(&["timelock", "execute", &unknown])
        .fails(1, &["no such operation", &unknown]);
}

#[test]
fn every_act_of_the_owner_is_done_by_its_name() {
    let owned = Owned::accepted();
    let (desk, at) = (&owned.desk, owned.desk.deployment());
    let (guardian, guardian_address) = desk.somebody(2, 10_u128.pow(18));
    let other = Address::repeat_byte(0x42);
    let name = other.to_string();

    owned.act(&["set-treasury", &name]);
    assert_eq!(owned.read(at.diem, &IDiem::treasuryCall {}), other);
    owned.act(&["set-guardian", &guardian_address.to_string()]);
    assert_eq!(
        owned.read(at.diem, &IDiem::guardianCall {}),
        guardian_address
    );
    owned.act(&["set-gateway", &name]);
    let registered = IDiem::isGatewayCall { account: other };
    assert!(owned.read(at.diem, &registered));
    owned.act(&["set-default-gateway", &name]);
    assert_eq!(
        owned.read(at.diem, &IDiem::defaultGatewayCall {}).next,
        other
    );
    owned.act(&["revoke-gateway", &name]);
    assert!(!owned.read(at.diem, &registered));
    owned.act(&["set-emission", "0.125VVV"]);
    let rate = owned.read(at.s_vvv, &IStakedVvv::emissionRatePerSecondCall {});
    assert_eq!(rate, U256::from(125) * U256::from(10).pow(U256::from(15)));

    let signer: PrivateKeySigner = guardian.parse().unwrap();
    let chain = desk.chain().signed_by(&[signer]);
    let pause = chain.send(guardian_address, at.diem, &IDiem::pauseMintCall {});
    desk.runtime.block_on(pause).unwrap();
    assert!(owned.read(at.diem, &IDiem::mintPausedCall {}));
    owned.act(&["unpause-mint"]);
    assert!(!owned.read(at.diem, &IDiem::mintPausedCall {}));

    owned.act(&["transfer-ownership", &name]);
    assert_eq!(owned.read(at.diem, &IDiem::pendingOwnerCall {}), other);
    assert_eq!(
        owned.read(at.s_vvv, &IStakedVvv::pendingOwnerCall {}),
        other
    );
    owned.act(&["renounce-ownership"]);
    assert_eq!(owned.read(at.diem, &IDiem::ownerCall {}), Address::ZERO);
    assert_eq!(
        owned.read(at.s_vvv, &IStakedVvv::ownerCall {}),
        Address::ZERO
    );
    owned.act(&["set-delay", "259200"]);
    let least = owned.read(owned.timelock, &Timelock::getMinDelayCall {});
    assert_eq!(least, U256::from(259_200));
    let states: Vec<_> = owned
        .listed()
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert!(
        states.len() == 11 && states.iter().all(|state| state == "done"),
        "{states:?}"
    );
}

#[test]
fn what_was_announced_is_taken_back_and_may_be_announced_again() {
    let owned = Owned::accepted();
    let desk = &owned.desk;
    let act = ["set-treasury", "0x00000000000000000000000000000000000000aa"];
    let id = owned.schedule(&act);
    let cancel = ["timelock", "cancel", &id];
    let (stranger, _) = desk.somebody(1, 10_u128.pow(18));
    desk.diem_as(Some(&stranger), &cancel)
        .fails(1, &["no canceller"]);
    desk.diem(&[&cancel[..], &["--dry-run"]].concat())
        .answers(&[]);
    desk.diem(&cancel).answers(&["took back DIEM.setTreasury"]);
    desk.diem(&["timelock", "list"]).answers(&["cancelled"]);
    desk.diem(&["timelock", "execute", &id])
        .fails(1, &["it is cancelled"]);
    desk.diem(&cancel).fails(1, &["it is cancelled"]);
    // Never carried out: the same operation. Carried out: another one that does the same.
    assert_eq!(owned.act(&act), id);
    let again = owned.act(&act);
    assert_ne!(again, id);
    assert_eq!(owned.listed().len(), 3);
}

#[test]
fn an_operation_that_another_tool_announced_is_carried_out() {
    let owned = Owned::accepted();
    let (desk, at) = (&owned.desk, owned.desk.deployment());
    let treasury = Address::repeat_byte(0x55);
    let data = IDiem::setTreasuryCall {
        newTreasury: treasury,
    };
    // A single call with a salt of its own, and a call that is none of ours.
    let call = Timelock::scheduleCall {
        target: at.diem,
        value: U256::ZERO,
        data: data.abi_encode().into(),
        predecessor: B256::ZERO,
        salt: B256::repeat_byte(9),
        delay: U256::from(DELAY),
    };
    let chain = desk.chain();
    let sent = chain.send(dev_account(), owned.timelock, &call);
    desk.runtime.block_on(sent).unwrap();
    let foreign = Timelock::scheduleCall {
        target: Address::repeat_byte(0x66),
        data: Bytes::from_static(&[1, 2, 3, 4]),
        ..call
    };
    let sent = chain.send(dev_account(), owned.timelock, &foreign);
    desk.runtime.block_on(sent).unwrap();
    desk.days(2);
    let listed = owned.listed();
    let told = listed
        .iter()
        .map(|one| one["does"].as_str().unwrap())
        .collect::<Vec<_>>();
    assert!(
        told[1].starts_with("DIEM.setTreasury(newTreasury=0x5555"),
        "{told:?}"
    );
    assert!(told[2].starts_with("0x01020304 on 0x6666"), "{told:?}");
    let id = listed[1]["id"].as_str().unwrap();
    desk.diem(&["timelock", "execute", id])
        .answers(&["carried out"]);
    assert_eq!(owned.read(at.diem, &IDiem::treasuryCall {}), treasury);
}
