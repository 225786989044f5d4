//! A gateway that dies at any write or send of a settlement: what was spent is settled once, to the last unit, and
//! journal and chain agree.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
    time::Duration,
};

use alloy::{
    primitives::{Address, hex},
    providers::{Provider, ProviderBuilder},
    signers::local::PrivateKeySigner,
};
use diem_gateway::{
    chain::{Chain, Lines},
    check,
    ledger::{Home, Ledger, StatementState},
    line::Line,
    money::Usd,
    settling::{Progress, Settings, Settler},
};
use serde_json::{Value, json};

use crate::{
    folder::{Folder, sqlite},
    kill::{Doomed, Kill, Life, armed, kills_of},
    proxy::{Proxy, Way},
    world::{World, place, spend, usd},
};

/// The test that a process to be killed runs.
const DOOMED: &str =
    "killing::a_settlement_killed_at_any_step_loses_nothing_and_states_nothing_twice";
/// What the process has spent, a number of dollars a line.
const SPENT: &str = "spent";
const SEND: &str = "eth_sendRawTransaction";

/// What a process needs to know of the world.
struct Orders {
    rpc: String,
    home: Home,
    signer: PrivateKeySigner,
    holder: Address,
}

impl Orders {
    fn write(world: &World) -> Value {
        let home = world.home();
        json!({
            "rpc": world.node_url(), "chain_id": home.chain_id, "diem": home.diem,
            "signer": hex::encode(world.gateway.to_bytes()), "holder": world.holders[0],
        })
    }

    fn read(orders: &Value) -> Self {
        let text = |name: &str| orders[name].as_str().unwrap();
        let signer: PrivateKeySigner = text("signer").parse().unwrap();
        let home = Home {
            chain_id: orders["chain_id"].as_u64().unwrap(),
            diem: text("diem").parse().unwrap(),
            gateway: signer.address(),
        };
        Self {
            rpc: text("rpc").into(),
            home,
            signer,
            holder: text("holder").parse().unwrap(),
        }
    }

    async fn ledger(&self, folder: &Path) -> Ledger {
        Ledger::open(&sqlite(folder), &self.home).await.unwrap()
    }

    async fn rpc(&self, method: &'static str, params: Value) -> Value {
        let provider = ProviderBuilder::new().connect_http(self.rpc.parse().unwrap());
        provider.raw_request(method.into(), params).await.unwrap()
    }
}

/// Nothing is final for now.
fn nothing_final(method: &str, params: &Value) -> Way {
    match (method, params[0].as_str()) {
        ("eth_getBlockByNumber", Some("finalized")) => Way::Answer(json!(null)),
        _ => Way::Pass,
    }
}

/// A life in which a statement is sent, sent again, replaced, mined, thrown out of the chain, mined again and final, and
/// another one is refused by the node. Each look at it is a step of its own, so that every life passes the same.
async fn live(doomed: Doomed) {
    let orders = Orders::read(&doomed.orders);
    let line = Line::Account(orders.holder);
    let proxy = Proxy::start(orders.rpc.clone()).await;
    let chain = Chain::connect(place(proxy.url(), orders.home))
        .await
        .unwrap();
    let ledger = orders.ledger(&doomed.folder).await;
    let mut notes = File::create(doomed.folder.join(SPENT)).unwrap();
    let mut spends = async |dollars: u64| {
        spend(&chain, &ledger, line, usd(dollars)).await;
        writeln!(notes, "{dollars}").unwrap();
    };
    let settler = |replace_after: Duration| {
        let settings = Settings {
            replace_after,
            ..World::settings()
        };
        let (chain, ledger) = (chain.clone(), ledger.clone());
        Settler::new(chain, ledger, orders.signer.clone(), settings)
    };
    let mut patient = settler(Duration::from_secs(3_600));
    let mut hasty = settler(Duration::ZERO);

    proxy.meddle(nothing_final);
    let before = orders.rpc("evm_snapshot", json!([])).await;
    orders.rpc("evm_setAutomine", json!([false])).await;
    spends(1).await;
    // Sent, and sent again.
    for _ in 0..2 {
        assert_eq!(patient.step().await.unwrap(), Progress::Waiting);
    }
    let dear = json!(["0x4a817c800"]); // 20 gwei: two hundred times what it was.
    orders
        .rpc("anvil_setNextBlockBaseFeePerGas", dear.clone())
        .await;
    orders.rpc("evm_mine", json!([])).await;
    spends(2).await;
    // Replaced by one that states more.
    assert_eq!(hasty.step().await.unwrap(), Progress::Waiting);
    orders.rpc("anvil_setNextBlockBaseFeePerGas", dear).await;
    orders.rpc("evm_mine", json!([])).await;
    orders.rpc("evm_setAutomine", json!([true])).await;
    assert_eq!(patient.step().await.unwrap(), Progress::Moved, "mined");
    assert_eq!(patient.step().await.unwrap(), Progress::Idle);
    // Its block falls out of the chain; it is sent again, mined and final.
    orders.rpc("evm_revert", json!([before])).await;
    assert_eq!(patient.step().await.unwrap(), Progress::Moved, "unmined");
    assert_eq!(patient.step().await.unwrap(), Progress::Waiting);
    assert_eq!(patient.step().await.unwrap(), Progress::Moved, "mined");
    proxy.calm();
    assert_eq!(patient.step().await.unwrap(), Progress::Idle, "final");
    // The node refuses one; the next takes its nonce.
    spends(3).await;
    let mut refusal = Some(Way::Refuse("the sequencer is closed"));
    proxy.meddle(move |method, _| match method {
        SEND => refusal.take().unwrap_or(Way::Pass),
        _ => Way::Pass,
    });
    assert!(patient.step().await.is_err());
    assert_eq!(patient.step().await.unwrap(), Progress::Waiting);
    assert_eq!(patient.step().await.unwrap(), Progress::Moved, "mined");
    assert_eq!(patient.step().await.unwrap(), Progress::Idle, "final");
    doomed.survived();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_settlement_killed_at_any_step_loses_nothing_and_states_nothing_twice() {
    if let Some(doomed) = armed() {
        return live(doomed).await;
    }
    let world = World::new(1).await;
    let orders = Orders::write(&world);
    let mut before = world.rpc("evm_snapshot", json!([])).await;
    let folder = Folder::new();
    let kills = kills_of(Life::Settlement, DOOMED, folder.path(), &orders);
    for kill in kills {
        world.rpc("evm_revert", json!([before])).await;
        before = world.rpc("evm_snapshot", json!([])).await;
        let folder = Folder::new();
        kill.happens_in(DOOMED, folder.path(), &orders);
        after(kill, &world, &Orders::read(&orders), folder.path()).await;
    }
}

/// What stands after a kill, once another process has gone on.
async fn after(kill: Kill, world: &World, orders: &Orders, folder: &Path) {
    world.rpc("evm_setAutomine", json!([true])).await;
    world.rpc("evm_mine", json!([])).await;
    let (chain, ledger) = (world.chain().await, orders.ledger(folder).await);
    let mut settler = world.settler(&chain, &ledger);
    let mut rounds = 1;
    while settler.round().await.unwrap() != Progress::Idle {
        rounds += 1;
        assert!(rounds < 100, "{kill:?} is never settled");
    }

    let spent = fs::read_to_string(folder.join(SPENT)).unwrap();
    let spent = usd(spent.lines().map(|line| line.parse::<u64>().unwrap()).sum());
    let (line, epoch) = (world.line(0), chain.clock().epoch);
    let journal = ledger.line(line, epoch).await.unwrap().unwrap();
    assert_eq!(
        (journal.committed, journal.reserved),
        (spent, Usd::ZERO),
        "{kill:?}"
    );
    assert_eq!(world.used(line).await, spent, "{kill:?}");

    // Whatever was signed is over, and each nonce was used by one statement.
    let statements = ledger.statements(epoch).await.unwrap();
    let mut used: Vec<u64> = Vec::new();
    for statement in &statements {
        match statement.state {
            StatementState::Final(_) => used.push(statement.sent.nonce),
            StatementState::Failed(_) | StatementState::Replaced(_) => {}
            StatementState::Sent | StatementState::Mined(_) => panic!("{kill:?}: {statement:?}"),
        }
    }
    let nonce = chain.node().nonce(world.gateway.address()).await.unwrap();
    assert_eq!(
        used,
        (0..nonce).collect::<Vec<_>>(),
        "{kill:?}: {statements:?}"
    );

    let events = check::settled(chain.node(), world.at.diem, world.gateway.address(), 0)
        .await
        .unwrap();
    let mut audit = ledger.audit().await.unwrap();
    check::audit(&mut audit, &events, &events, epoch);
    let said: Vec<_> = audit
        .disagreements
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(said, Vec::<String>::new(), "{kill:?}");
    assert_eq!(audit.lines[0].confirmed, spent, "{kill:?}");
    ledger.close().await;
}
