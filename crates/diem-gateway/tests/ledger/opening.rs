//! Whose journal it is, and what it finds when it opens.

use std::slice::from_ref;

use diem_gateway::{
    ledger::{
        CountedBy, EndError, Ending, Home, Idempotency, Ledger, LedgerError, LedgerView, Repeat,
        Reserve, ReserveError, UsageFilter, Want,
    },
    money::{DOLLAR, Usd},
};
use sqlx::{AnyConnection, Connection};

use super::{
    asking::{HOME, TODAY, agrees, asks, costs, dollars, key_id, line, on_both, with_line},
    support::{
        folder::{Folder, sqlite},
        postgres::Postgres,
    },
};

#[tokio::test]
async fn the_journal_of_another_gateway_chain_or_contract_is_refused() {
    on_both(async |url| {
        Ledger::open(url, &HOME).await.unwrap().close().await;
        let others = [
            Home { chain_id: 1, ..HOME },
            Home { diem: HOME.gateway, ..HOME },
            Home { gateway: HOME.diem, ..HOME },
        ];
        for other in others {
            let refused = Ledger::open(url, &other).await.err().unwrap();
            assert!(
                matches!(&refused, LedgerError::OtherHome { recorded: HOME, asked } if *asked == other),
                "{refused}"
            );
        }
        Ledger::open(url, &HOME).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_second_process_on_one_sqlite_file_is_refused() {
    let folder = Folder::new();
    let first = Ledger::open(&sqlite(folder.path()), &HOME).await.unwrap();
    let second = Ledger::open(&sqlite(folder.path()), &HOME)
        .await
        .err()
        .unwrap();
    assert!(
        matches!(&second, LedgerError::InUse { path } if path.ends_with("ledger.db.lock")),
        "{second}"
    );
    first.close().await;
    assert!(matches!(first.forget(1).await, Err(LedgerError::Closed)));
    drop(first);
    Ledger::open(&sqlite(folder.path()), &HOME).await.unwrap();
}

#[tokio::test]
async fn a_journal_is_audited_while_its_gateway_writes() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        let ask = asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(9)));
        let request = ledger.reserve(ask).await.unwrap().id;
        let looked = async || {
            let view = LedgerView::open(url, &HOME).await.unwrap();
            let audit = view.audit().await.unwrap();
            view.close().await;
            assert_eq!(audit.disagreements, []);
            (audit.lines[0].charged, audit.lines[0].open)
        };
        assert_eq!(looked().await, (Usd::ZERO, Usd(9)));
        // What is open is its gateway's to end, whoever looks.
        ledger.commit(request, costs(Usd(7))).await.unwrap();
        assert_eq!(looked().await, (Usd(7), Usd::ZERO));
        let other = Home {
            chain_id: 1,
            ..HOME
        };
        let refused = LedgerView::open(url, &other).await.err().unwrap();
        assert!(
            matches!(refused, LedgerError::OtherHome { .. }),
            "{refused}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_journal_that_is_not_there_is_not_made_by_looking() {
    let folder = Folder::new();
    let url = sqlite(folder.path());
    assert!(LedgerView::open(&url, &HOME).await.is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_journal_of_a_newer_program_is_refused() {
    on_both(async |url| {
        Ledger::open(url, &HOME).await.unwrap().close().await;
        let mut connection = AnyConnection::connect(url).await.unwrap();
        sqlx::query("UPDATE about SET version = 1000")
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        let newer = Ledger::open(url, &HOME).await.err().unwrap();
        assert!(
            matches!(newer, LedgerError::OtherSchema { found: 1000, .. }),
            "{newer}"
        );
    })
    .await;
}

#[tokio::test]
async fn an_address_of_no_known_kind_is_refused_without_its_password() {
    let refused = Ledger::open("mysql://me:secret@there/db", &HOME)
        .await
        .err()
        .unwrap();
    assert_eq!(
        refused.to_string(),
        "the ledger's address must begin with sqlite: or postgres:, not with \"mysql\""
    );
    let missing = Ledger::open("sqlite:/nowhere/at/all.db", &HOME)
        .await
        .err()
        .unwrap();
    assert!(matches!(missing, LedgerError::File { .. }), "{missing}");
}

#[tokio::test]
async fn a_reservation_that_a_dead_process_left_is_committed_in_full_and_not_dropped() {
    on_both(async |url| {
        let first = with_line(url, line(2), dollars(1)).await;
        let name = Some(Idempotency { name: [1; 32], keep_until: 1 << 40 });
        let ask = Reserve {
            idempotency: name,
            ..asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(DOLLAR / 4)))
        };
        let open = first.reserve(ask.clone()).await.unwrap().id;
        first.close().await;
        drop(first);

        let second = Ledger::open(url, &HOME).await.unwrap();
        // PostgreSQL learns of the first one's end in its own time.
        while second.line(line(2), TODAY).await.unwrap().unwrap().reserved > Usd::ZERO {
            second.recover().await.unwrap();
        }
        let state = second.line(line(2), TODAY).await.unwrap().unwrap();
        assert_eq!((state.committed, state.held), (Usd(DOLLAR / 4), Usd(DOLLAR / 4)));
        let entry = &second.usage(&UsageFilter::default(), None, 10).await.unwrap()[0];
        assert_eq!((entry.id, entry.charged, entry.counted_by), (open, Usd(DOLLAR / 4), CountedBy::Reservation));
        let late = second.commit(open, costs(Usd(1))).await;
        assert!(matches!(late, Err(EndError::Ended { ending: Ending::Committed(c), .. }) if c == Usd(DOLLAR / 4)));
        let repeat = second.reserve(Reserve { id: diem_gateway::ledger::RequestId::new(), ..ask }).await;
        let charged = Usd(DOLLAR / 4);
        assert!(matches!(repeat, Err(ReserveError::Repeat(r)) if r == Repeat::Unkept { id: open, charged }));
        assert_eq!(second.recover().await.unwrap(), 0);

        // Its receipt is signed later, once.
        assert_eq!(second.without_receipt(9).await.unwrap(), from_ref(entry));
        assert!(second.keep_receipt(open, "late").await.unwrap());
        assert!(!second.keep_receipt(open, "again").await.unwrap());
        assert_eq!(second.receipt(open).await.unwrap(), Some("late".into()));
        assert_eq!(second.without_receipt(9).await.unwrap(), []);
        agrees(&second).await;
    })
    .await;
}

#[tokio::test]
async fn a_living_process_keeps_its_reservations_when_another_one_opens() {
    let server = Postgres::start().await;
    let url = server.database("ledger").await;
    let one = with_line(&url, line(2), dollars(1)).await;
    let open = one
        .reserve(asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(5))))
        .await
        .unwrap()
        .id;
    let other = Ledger::open(&url, &HOME).await.unwrap();
    assert_eq!(other.recover().await.unwrap(), 0);
    one.commit(open, costs(Usd(3))).await.unwrap();
    assert_eq!(
        other.line(line(2), TODAY).await.unwrap().unwrap().committed,
        Usd(3)
    );
    agrees(&other).await;
}

#[tokio::test]
async fn broken_connections_cost_no_request() {
    let server = Postgres::start().await;
    let url = server.database("ledger").await;
    let ledger = with_line(&url, line(2), dollars(1)).await;
    let open = ledger
        .reserve(asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(5))))
        .await
        .unwrap()
        .id;
    let mut hand = AnyConnection::connect(&url).await.unwrap();
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .execute(&mut hand)
    .await
    .unwrap();
    ledger.commit(open, costs(Usd(3))).await.unwrap();
    ledger
        .reserve(asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(7))))
        .await
        .unwrap();
    let state = ledger.line(line(2), TODAY).await.unwrap().unwrap();
    assert_eq!((state.committed, state.held), (Usd(3), Usd(10)));
    agrees(&ledger).await;
}
