//! The journal of statements, and what is left to state.

use alloy::primitives::B256;
use diem_gateway::{
    ledger::{Ledger, SentStatement, StatementError, StatementState, Total, Want},
    line::Line,
    money::{DOLLAR, Usd},
};

use super::{
    asking::{HOME, TODAY, agrees, asks, costs, dollars, key_id, line, on_both, seen, with_line},
    support::{
        folder::{Folder, sqlite},
        postgres::Postgres,
    },
};

fn total(line: Line, total: Usd) -> Total {
    Total {
        line,
        epoch: TODAY,
        total,
    }
}

fn sent(number: u8, nonce: u64, totals: Vec<Total>) -> SentStatement {
    SentStatement {
        hash: B256::repeat_byte(number),
        epoch: TODAY,
        nonce,
        raw: vec![number; 3],
        max_fee: 300_000_000_000,
        tip: 1,
        totals,
        replaces: None,
        sent_at: u64::from(number),
    }
}

async fn spent(url: &str, cost: Usd) -> Ledger {
    let ledger = with_line(url, line(2), dollars(10)).await;
    let id = ledger
        .reserve(asks(key_id(1), line(2), TODAY, Want::Exactly(dollars(1))))
        .await
        .unwrap()
        .id;
    ledger.commit(id, costs(cost)).await.unwrap();
    ledger
}

#[tokio::test]
async fn a_total_is_unsettled_until_it_is_mined_and_again_when_its_block_goes() {
    on_both(async |url| {
        let cost = Usd(DOLLAR / 3);
        let ledger = spent(url, cost).await;
        ledger
            .reserve(asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(7))))
            .await
            .unwrap();
        let open = total(line(2), Usd(cost.0 + 7));
        let committed = vec![total(line(2), cost)];
        assert_eq!(ledger.unsettled(TODAY, false).await.unwrap(), committed);
        assert_eq!(ledger.unsettled(TODAY, true).await.unwrap(), [open]);
        assert_eq!(ledger.unsettled(TODAY + 1, true).await.unwrap(), []);

        let first = sent(1, 5, committed.clone());
        ledger.statement_sent(first.clone()).await.unwrap();
        assert_eq!(ledger.unsettled(TODAY, false).await.unwrap(), committed);
        let known = ledger.pending_statements().await.unwrap();
        assert_eq!(
            (&known[0].sent, &known[0].state, known.len()),
            (&first, &StatementState::Sent, 1)
        );

        ledger.statement_mined(first.hash, 40).await.unwrap();
        assert_eq!(ledger.unsettled(TODAY, false).await.unwrap(), []);
        assert_eq!(ledger.unsettled(TODAY, true).await.unwrap(), [open]);
        ledger.statement_unmined(first.hash).await.unwrap();
        assert_eq!(ledger.unsettled(TODAY, false).await.unwrap(), committed);
        ledger.statement_final(first.hash, 41).await.unwrap();
        assert_eq!(ledger.unsettled(TODAY, false).await.unwrap(), []);
        assert_eq!(ledger.pending_statements().await.unwrap(), []);

        // What is final is not undone by whoever looks at an older block.
        ledger.statement_unmined(first.hash).await.unwrap();
        ledger.statement_failed(first.hash, "late").await.unwrap();
        assert_eq!(
            ledger.statements(TODAY).await.unwrap()[0].state,
            StatementState::Final(41)
        );
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test]
async fn of_the_transactions_of_one_nonce_one_is_mined_and_the_others_wait_behind_it() {
    on_both(async |url| {
        let cost = Usd(DOLLAR / 3);
        let ledger = spent(url, cost).await;
        let totals = vec![total(line(2), cost)];
        let (slow, fast) = (sent(1, 5, totals.clone()), sent(2, 5, totals.clone()));
        let fast = SentStatement {
            replaces: Some(slow.hash),
            max_fee: u128::MAX,
            ..fast
        };
        ledger.statement_sent(slow.clone()).await.unwrap();
        ledger.statement_sent(fast.clone()).await.unwrap();
        let states = async || {
            let all = ledger.statements(TODAY).await.unwrap();
            assert_eq!([&all[0].sent, &all[1].sent], [&slow, &fast]);
            [all[0].state.clone(), all[1].state.clone()]
        };
        assert_eq!(states().await, [StatementState::Sent, StatementState::Sent]);
        ledger.statement_mined(slow.hash, 9).await.unwrap();
        assert_eq!(
            states().await,
            [
                StatementState::Mined(9),
                StatementState::Replaced(slow.hash)
            ]
        );
        ledger.statement_unmined(slow.hash).await.unwrap();
        assert_eq!(states().await, [StatementState::Sent, StatementState::Sent]);
        ledger.statement_final(fast.hash, 12).await.unwrap();
        assert_eq!(
            states().await,
            [
                StatementState::Replaced(fast.hash),
                StatementState::Final(12)
            ]
        );
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test]
async fn a_statement_above_what_its_line_holds_is_not_written() {
    on_both(async |url| {
        let cost = Usd(DOLLAR / 3);
        let ledger = spent(url, cost).await;
        let above = Usd(cost.0 + 1);
        for (unknown, held) in [(line(2), cost), (line(4), Usd::ZERO)] {
            let refused = ledger
                .statement_sent(sent(1, 5, vec![total(unknown, above)]))
                .await;
            assert!(
                matches!(refused, Err(StatementError::AboveHeld { line: l, held: h, total: t, .. })
                    if (l, h, t) == (unknown, held, above))
            );
        }
        assert_eq!(ledger.statements(TODAY).await.unwrap(), []);

        // At the cut-off open reservations are stated; once they ended for less, the same may be said again.
        let id = ledger
            .reserve(asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(9))))
            .await
            .unwrap()
            .id;
        let cutoff = vec![total(line(2), Usd(cost.0 + 9))];
        ledger
            .statement_sent(sent(1, 5, cutoff.clone()))
            .await
            .unwrap();
        ledger.release(id, "not begun").await.unwrap();
        ledger
            .statement_sent(sent(2, 5, cutoff.clone()))
            .await
            .unwrap();
        assert!(matches!(
            ledger.statement_sent(sent(2, 5, cutoff)).await,
            Err(StatementError::Twice(_))
        ));
        let nobody = ledger.statement_mined(B256::repeat_byte(9), 1).await;
        assert!(
            matches!(nobody, Err(StatementError::Unknown(hash)) if hash == B256::repeat_byte(9))
        );
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test]
async fn a_refused_statement_leaves_its_lines_to_be_stated() {
    on_both(async |url| {
        let cost = Usd(DOLLAR / 3);
        let ledger = spent(url, cost).await;
        ledger
            .observe(seen(line(3), TODAY, dollars(1)))
            .await
            .unwrap();
        ledger
            .statement_sent(sent(
                1,
                5,
                vec![total(line(2), cost), total(line(3), Usd::ZERO)],
            ))
            .await
            .unwrap();
        ledger
            .statement_failed(B256::repeat_byte(1), "NotItsGateway")
            .await
            .unwrap();
        assert_eq!(
            ledger.unsettled(TODAY, false).await.unwrap(),
            [total(line(2), cost)]
        );
        assert_eq!(ledger.pending_statements().await.unwrap(), []);
        let failed = StatementState::Failed("NotItsGateway".into());
        assert_eq!(ledger.statements(TODAY).await.unwrap()[0].state, failed);
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test]
async fn one_of_several_processes_settles_and_another_one_follows_it() {
    let server = Postgres::start().await;
    let url = server.database("ledger").await;
    let (one, other) = (
        Ledger::open(&url, &HOME).await.unwrap(),
        Ledger::open(&url, &HOME).await.unwrap(),
    );
    let mut leader = one.lead().await.unwrap().unwrap();
    assert!(leader.stands().await);
    assert!(one.lead().await.unwrap().is_none() && other.lead().await.unwrap().is_none());
    drop(leader);
    // The server learns of the closed connection in its own time.
    let mut next = None;
    while next.is_none() {
        next = other.lead().await.unwrap();
        tokio::task::yield_now().await;
    }
    assert!(next.unwrap().stands().await);

    let folder = Folder::new();
    let alone = Ledger::open(&sqlite(folder.path()), &HOME).await.unwrap();
    let leader = alone.lead().await.unwrap();
    assert!(leader.is_some() && alone.clone().lead().await.unwrap().is_none());
    drop(leader);
    assert!(alone.lead().await.unwrap().is_some());
}
