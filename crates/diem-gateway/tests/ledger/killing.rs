//! A process that dies at any step of the ledger's writes: what it was answered stands, what it was not is whole or
//! absent, and nothing else differs from a process that ended there by itself.

use std::{
    cell::Cell,
    collections::BTreeMap,
    fs::{self, File},
    io::Write as _,
};

use alloy::primitives::B256;
use diem_gateway::{
    ledger::{
        Actual, Idempotency, Key, KeyChange, KeyUse, Ledger, LineAudit, Period, RequestId, Reserve,
        SealedAnswer, SentStatement, Statement, Total, UsageEntry, UsageFilter, UsageSum, Want,
    },
    money::Usd,
    steps::Side,
};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

use super::{
    asking::{HOME, TODAY, account, agrees, asks, costs, dollars, key_id, line, new_key, seen},
    support::{
        folder::{Folder, sqlite},
        kill::{Life, armed, kills_of},
        postgres::Postgres,
    },
};

fn id(number: u128) -> RequestId {
    RequestId(Uuid::from_u128(number))
}

fn ask(number: u128, key: u128, amount: u128) -> Reserve {
    Reserve {
        id: id(number),
        idempotency: Some(Idempotency {
            name: [number as u8; 32],
            keep_until: 1 << 40,
        }),
        ..asks(key_id(key), line(2), TODAY, Want::Exactly(Usd(amount)))
    }
}

fn statement(number: u8, total: u128) -> SentStatement {
    SentStatement {
        hash: B256::repeat_byte(number),
        epoch: TODAY,
        nonce: u64::from(number),
        raw: vec![number],
        max_fee: 9,
        tip: 1,
        totals: vec![Total {
            line: line(2),
            epoch: TODAY,
            total: Usd(total),
        }],
        replaces: None,
        sent_at: 1,
    }
}

/// Every write of the ledger, in an order in which all are possible. Before the one numbered `REOPEN` the journal is
/// opened anew, while a request is open.
const WRITES: usize = 23;
const REOPEN: usize = 9;

async fn write(ledger: &Ledger, number: usize) {
    let hash = B256::repeat_byte;
    match number {
        0 => drop(
            ledger
                .observe(seen(line(2), TODAY, dollars(1)))
                .await
                .unwrap(),
        ),
        1 => ledger
            .add_key(new_key(1, line(2), None, Period::Epoch))
            .await
            .unwrap(),
        2 => ledger
            .add_key(new_key(2, line(2), Some(Usd(5_000)), Period::Month))
            .await
            .unwrap(),
        3 => drop(ledger.reserve(ask(1, 1, 1_000)).await.unwrap()),
        4 => drop(ledger.reserve(ask(2, 2, 2_000)).await.unwrap()),
        5 => drop(ledger.extend(id(2), Usd(2_500)).await.unwrap()),
        6 => {
            let actual = Actual {
                answer: Some(SealedAnswer(vec![3; 99])),
                ..costs(Usd(2_400))
            };
            ledger.commit(id(2), actual).await.unwrap();
        }
        7 => drop(ledger.reserve(ask(3, 2, 700)).await.unwrap()),
        8 => drop(ledger.release(id(3), "not begun").await.unwrap()),
        9 => drop(ledger.reserve(ask(4, 1, 300)).await.unwrap()),
        10 => ledger.statement_sent(statement(1, 2_400)).await.unwrap(),
        11 => ledger.statement_mined(hash(1), 5).await.unwrap(),
        12 => ledger.statement_unmined(hash(1)).await.unwrap(),
        13 => ledger.statement_final(hash(1), 6).await.unwrap(),
        14 => ledger.statement_sent(statement(2, 2_700)).await.unwrap(),
        15 => ledger.statement_failed(hash(2), "reverted").await.unwrap(),
        16 => {
            let change = KeyChange {
                limit: Some(Some(Usd(9_000))),
                ..KeyChange::default()
            };
            ledger.change_key(key_id(1), change, TODAY).await.unwrap();
        }
        17 => drop(ledger.revoke_key(key_id(1), 50).await.unwrap()),
        18 => ledger.give_nonce("nonce", 99).await.unwrap(),
        19 => ledger.take_nonce("nonce", 50).await.unwrap(),
        20 => ledger.forget(100).await.unwrap(),
        21 => {
            assert!(
                ledger
                    .keep_receipt(id(1), "for one whose process died")
                    .await
                    .unwrap()
            );
        }
        _ => drop(
            ledger
                .observe(seen(line(3), TODAY, dollars(2)))
                .await
                .unwrap(),
        ),
    }
}

/// A process of its own, as far as the journal can tell.
fn live<T>(url: &str, life: impl AsyncFnOnce(&Ledger) -> T) -> T {
    let runtime: Runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ledger = Ledger::open(url, &HOME).await.unwrap();
        // PostgreSQL learns of the end of the one before in its own time.
        while ledger
            .audit()
            .await
            .unwrap()
            .lines
            .iter()
            .any(|line| line.open > Usd::ZERO)
        {
            ledger.recover().await.unwrap();
        }
        life(&ledger).await
    })
}

/// All writes up to `end`, in two lives; each is noted once it is answered.
fn run(url: &str, end: usize, note: &mut dyn FnMut()) {
    for writes in [0..end.min(REOPEN), REOPEN..end] {
        live(url, async |ledger| {
            note();
            for number in writes {
                write(ledger, number).await;
                note();
            }
        });
    }
}

/// What a journal says, without the times of this machine.
#[derive(Debug, PartialEq)]
struct Said {
    lines: Vec<LineAudit>,
    statements: Vec<Statement>,
    usage: Vec<UsageEntry>,
    sums: Vec<UsageSum>,
    receipts: Vec<Option<String>>,
    repeats: Vec<String>,
    keys: Vec<Key>,
    held: Vec<Option<KeyUse>>,
    nonce: String,
}

fn said(url: &str) -> Said {
    live(url, async |ledger| {
        agrees(ledger).await;
        let all = UsageFilter::default();
        let mut usage = ledger.usage(&all, None, 100).await.unwrap();
        usage.iter_mut().for_each(|entry| entry.ended_at = 0);
        let (mut receipts, mut repeats, mut held) = (Vec::new(), Vec::new(), Vec::new());
        let mut keys = ledger.list_keys(account(2)).await.unwrap();
        for key in &mut keys {
            key.last_used_at = None;
            held.push(ledger.key_use(key.key.id, TODAY).await.unwrap());
        }
        let statements = ledger.statements(TODAY).await.unwrap();
        let lines = ledger.audit().await.unwrap().lines;
        let sums = ledger.usage_sums(&all).await.unwrap();
        for number in 1..=4 {
            receipts.push(ledger.receipt(id(number)).await.unwrap());
            // Under its name, with another number: what the journal remembers of the first one, or a refusal.
            let again = Reserve {
                id: RequestId::new(),
                ..ask(number, if number == 2 { 2 } else { 1 }, 1 << 100)
            };
            repeats.push(format!("{:?}", ledger.reserve(again).await.err()));
        }
        // The last thing asked, since it is used up by asking.
        let nonce = format!("{:?}", ledger.take_nonce("nonce", 60).await);
        Said {
            lines,
            statements,
            usage,
            sums,
            receipts,
            repeats,
            keys,
            held,
            nonce,
        }
    })
}

/// The test that a process to be killed runs.
const DOOMED: &str = "killing::a_process_that_dies_at_any_write_loses_nothing_that_it_was_answered";

/// Kills a process at each pass of each step in turn (or at the first `most` of them), and compares what it left with
/// what one left that ended after the same write by itself.
fn kill_at_each(most: usize, database: impl Fn(&Folder) -> String) {
    let folder = Folder::new();
    let orders = json!(database(&folder));
    let kills = kills_of(Life::Ledger, DOOMED, folder.path(), &orders);
    let mut ended_by_itself: BTreeMap<usize, Said> = BTreeMap::new();
    for kill in kills.into_iter().filter(|kill| kill.count <= most) {
        let folder = Folder::new();
        let url = database(&folder);
        kill.happens_in(DOOMED, folder.path(), &json!(url));
        let answered = fs::read(folder.path().join(NOTES)).unwrap().len();
        let stands = answered + usize::from(kill.side == Side::After);
        // Both openings are noted too, and write nothing that the next one would not.
        let writes = if stands > REOPEN + 1 {
            stands - 2
        } else {
            stands.saturating_sub(1)
        };
        let expected = ended_by_itself.entry(writes).or_insert_with(|| {
            let folder = Folder::new();
            run(&sqlite(folder.path()), writes, &mut || {});
            said(&sqlite(folder.path()))
        });
        assert_eq!(said(&url), *expected, "{kill:?} after {writes} writes");
    }
}

const NOTES: &str = "notes";

#[test]
fn a_process_that_dies_at_any_write_loses_nothing_that_it_was_answered() {
    let Some(doomed) = armed() else {
        return kill_at_each(usize::MAX, |folder| sqlite(folder.path()));
    };
    let mut notes = File::create(doomed.folder.join(NOTES)).unwrap();
    run(doomed.orders.as_str().unwrap(), WRITES, &mut || {
        notes.write_all(b".").unwrap()
    });
    doomed.survived();
}

#[test]
fn a_process_that_dies_at_any_write_on_postgresql_loses_nothing_that_it_was_answered() {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(Postgres::start());
    let made = Cell::new(0);
    kill_at_each(1, |_| {
        made.set(made.get() + 1);
        runtime.block_on(server.database(&format!("ledger{}", made.get())))
    });
}
