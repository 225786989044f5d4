//! What every test of the ledger asks.

use alloy::primitives::{Address, address};
use diem_gateway::{
    ledger::{
        Actual, CountedBy, Home, KeyId, KeyKind, Ledger, LineSeen, NewKey, Period, RequestId,
        Reserve, Usage, Want,
    },
    line::{Epoch, Line},
    money::{DOLLAR, Usd},
};
use uuid::Uuid;

use super::support::{
    folder::{Folder, sqlite},
    postgres::Postgres,
};

pub(crate) const HOME: Home = Home {
    chain_id: 412_346,
    diem: address!("00000000000000000000000000000000000000d1"),
    gateway: address!("000000000000000000000000000000000000006a"),
};

pub(crate) const TODAY: Epoch = 20_783;

pub(crate) fn account(number: u8) -> Address {
    Address::repeat_byte(number)
}

pub(crate) fn line(number: u8) -> Line {
    if number.is_multiple_of(2) {
        Line::Account(account(number))
    } else {
        Line::Lease(u64::from(number))
    }
}

pub(crate) fn dollars(whole: u128) -> Usd {
    Usd(whole * DOLLAR)
}

pub(crate) fn key_id(number: u128) -> KeyId {
    KeyId(Uuid::from_u128(number))
}

pub(crate) fn new_key(number: u128, line: Line, limit: Option<Usd>, period: Period) -> NewKey {
    NewKey {
        id: key_id(number),
        hash: [u8::try_from(number).unwrap(); 32],
        tail: "abcdef".into(),
        account: account(2),
        line,
        kind: KeyKind::Inference,
        description: format!("key {number}"),
        limit,
        period,
        expires_at: None,
        created_at: 1,
    }
}

pub(crate) fn seen(line: Line, epoch: Epoch, allowance: Usd) -> LineSeen {
    LineSeen {
        line,
        epoch,
        allowance,
        used: Usd::ZERO,
        block: 1,
    }
}

pub(crate) fn asks(key: KeyId, line: Line, epoch: Epoch, want: Want) -> Reserve {
    Reserve {
        id: RequestId::new(),
        key,
        line,
        epoch,
        model: "stand-in".into(),
        want,
        idempotency: None,
        body_hash: [7; 32],
    }
}

pub(crate) fn costs(cost: Usd) -> Actual {
    Actual {
        cost,
        usage: Usage {
            input: 10,
            cached: 4,
            output: 20,
            images: 0,
        },
        counted_by: CountedBy::Upstream,
        answer: None,
        receipt: Some(format!("cost {cost}")),
    }
}

/// A ledger with one key, numbered 1, on a line of today.
pub(crate) async fn with_line(url: &str, line: Line, allowance: Usd) -> Ledger {
    let ledger = Ledger::open(url, &HOME).await.unwrap();
    ledger.observe(seen(line, TODAY, allowance)).await.unwrap();
    ledger
        .add_key(new_key(1, line, None, Period::Epoch))
        .await
        .unwrap();
    ledger
}

/// No sum disagrees with its parts.
pub(crate) async fn agrees(ledger: &Ledger) {
    let audit = ledger.audit().await.unwrap();
    assert_eq!(audit.disagreements, []);
}

/// Runs a test on SQLite, then on PostgreSQL.
pub(crate) async fn on_both(test: impl AsyncFn(&str)) {
    let folder = Folder::new();
    test(&sqlite(folder.path())).await;
    let server = Postgres::start().await;
    test(&server.database("ledger").await).await;
}
