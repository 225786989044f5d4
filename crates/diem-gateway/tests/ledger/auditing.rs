//! The audit names what was changed behind the journal's back; usage tells the same sums.

use alloy::primitives::B256;
use diem_gateway::{
    ledger::{Ledger, Period, RequestId, SentStatement, Total, Usage, UsageFilter, Want},
    money::Usd,
};
use sqlx::{AnyConnection, Connection};

use super::asking::{
    HOME, TODAY, agrees, asks, costs, dollars, key_id, line, new_key, on_both, seen, with_line,
};

/// Two committed requests, an open one, a released one, and a final statement. Answers the first request.
async fn busy(url: &str) -> (Ledger, RequestId) {
    let ledger = with_line(url, line(2), dollars(5)).await;
    ledger
        .add_key(new_key(2, line(2), Some(dollars(2)), Period::Month))
        .await
        .unwrap();
    let ask = |key: u128| asks(key_id(key), line(2), TODAY, Want::Exactly(dollars(1)));
    let first = ledger.reserve(ask(1)).await.unwrap().id;
    ledger.commit(first, costs(Usd(100))).await.unwrap();
    let second = ledger.reserve(ask(2)).await.unwrap().id;
    ledger.commit(second, costs(Usd(50))).await.unwrap();
    ledger.reserve(ask(2)).await.unwrap();
    let released = ledger.reserve(ask(1)).await.unwrap().id;
    ledger.release(released, "not begun").await.unwrap();
    let hash = B256::repeat_byte(1);
    let statement = SentStatement {
        hash,
        epoch: TODAY,
        nonce: 0,
        raw: vec![1],
        max_fee: 1,
        tip: 1,
        totals: vec![Total {
            line: line(2),
            epoch: TODAY,
            total: Usd(150),
        }],
        replaces: None,
        sent_at: 1,
    };
    ledger.statement_sent(statement).await.unwrap();
    ledger.statement_final(hash, 7).await.unwrap();
    agrees(&ledger).await;
    (ledger, first)
}

#[tokio::test]
async fn every_row_changed_by_hand_is_named() {
    on_both(async |url| {
        let (ledger, first) = busy(url).await;
        let mut hand = AnyConnection::connect(url).await.unwrap();
        let place = format!("line {} in epoch {TODAY}: ", line(2));
        let at = format!(" WHERE id = '{first}'");
        let tampered = [
            (
                format!("UPDATE requests SET charged_u = charged_u - 1{at}"),
                format!("UPDATE requests SET charged_u = charged_u + 1{at}"),
                "0.00000000000000015 committed, but 0 at first sight and 0.000000000000000149 charged make \
                 0.000000000000000149",
            ),
            (
                "UPDATE lines SET held_u = held_u + 1".into(),
                "UPDATE lines SET held_u = held_u - 1".into(),
                "1.000000000000000151 held, but 0.00000000000000015 committed and 1 open make 1.00000000000000015",
            ),
            (
                "UPDATE lines SET stated_u = stated_u + 1".into(),
                "UPDATE lines SET stated_u = stated_u - 1".into(),
                "0.000000000000000151 stated, but its transactions make 0.00000000000000015",
            ),
            (
                "UPDATE lines SET confirmed_u = 0".into(),
                "UPDATE lines SET confirmed_u = 150".into(),
                "0 confirmed, but its transactions make 0.00000000000000015",
            ),
            (
                "UPDATE statements SET state = 'sent'".into(),
                "UPDATE statements SET state = 'final'".into(),
                "0.00000000000000015 confirmed, but its transactions make 0",
            ),
            (
                "UPDATE lines SET epoch = epoch + 1".into(),
                "UPDATE lines SET epoch = epoch - 1".into(),
                "requests were charged 0.00000000000000015 and reserve 1, but the line is not in the journal",
            ),
        ];
        for (change, back, what) in tampered {
            sqlx::raw_sql(sqlx::AssertSqlSafe(change.clone())).execute(&mut hand).await.unwrap();
            let named: Vec<String> =
                ledger.audit().await.unwrap().disagreements.iter().map(ToString::to_string).collect();
            assert!(named.contains(&format!("{place}{what}")), "{change}: {named:?}");
            sqlx::raw_sql(sqlx::AssertSqlSafe(back)).execute(&mut hand).await.unwrap();
            agrees(&ledger).await;
        }

        sqlx::raw_sql("UPDATE keys SET held_u = held_u + 1 WHERE limit_d IS NOT NULL").execute(&mut hand).await.unwrap();
        let named = ledger.audit().await.unwrap().disagreements;
        assert_eq!(named.len(), 1);
        let what = format!(
            "key {} counts 1.000000000000000051 against its limit, its requests make 1.00000000000000005",
            key_id(2)
        );
        assert_eq!(named[0].to_string(), what);
    })
    .await;
}

#[tokio::test]
async fn the_database_itself_refuses_what_must_never_stand() {
    on_both(async |url| {
        let (_ledger, first) = busy(url).await;
        let mut hand = AnyConnection::connect(url).await.unwrap();
        for wrong in [
            "UPDATE lines SET held_d = allowance_d + 1".to_owned(),
            "UPDATE lines SET committed_d = held_d + 1".into(),
            "UPDATE lines SET held_u = 1000000000000000000".into(),
            format!("UPDATE requests SET charged_d = reserved_d + 1 WHERE id = '{first}'"),
            format!("UPDATE requests SET state = 'released' WHERE id = '{first}'"),
            format!("UPDATE requests SET ended_at = NULL WHERE id = '{first}'"),
        ] {
            let refused = sqlx::raw_sql(sqlx::AssertSqlSafe(wrong.clone()))
                .execute(&mut hand)
                .await;
            assert!(refused.is_err(), "{wrong}");
        }
    })
    .await;
}

#[tokio::test]
async fn sums_above_64_bits_are_exact() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(2_000)).await;
        // Twenty times just below a dollar: their units alone pass 2^63.
        let price = Usd(999_999_999_999_999_999);
        for _ in 0..20 {
            let id = ledger
                .reserve(asks(key_id(1), line(2), TODAY, Want::Exactly(price)))
                .await
                .unwrap()
                .id;
            ledger.commit(id, costs(price)).await.unwrap();
        }
        let sums = ledger.usage_sums(&UsageFilter::default()).await.unwrap();
        assert_eq!(
            (sums.len(), sums[0].charged, sums[0].requests),
            (1, Usd(20 * price.0), 20)
        );
        assert_eq!(
            ledger
                .key_use(key_id(1), TODAY)
                .await
                .unwrap()
                .unwrap()
                .held,
            Usd(20 * price.0)
        );
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test]
async fn usage_is_told_by_page_day_model_and_key() {
    on_both(async |url| {
        let ledger = Ledger::open(url, &HOME).await.unwrap();
        for (key, paying) in [(1, line(2)), (2, line(2)), (3, line(3))] {
            ledger
                .add_key(new_key(key, paying, None, Period::Epoch))
                .await
                .unwrap();
        }
        let mut ids = Vec::new();
        for epoch in [TODAY, TODAY + 1] {
            for (key, paying, model) in [
                (1, line(2), "a"),
                (1, line(2), "b"),
                (2, line(2), "a"),
                (3, line(3), "a"),
            ] {
                ledger
                    .observe(seen(paying, epoch, dollars(1)))
                    .await
                    .unwrap();
                let ask = asks(key_id(key), paying, epoch, Want::Exactly(Usd(50)));
                let ask = diem_gateway::ledger::Reserve {
                    model: model.into(),
                    ..ask
                };
                let id = ledger.reserve(ask).await.unwrap().id;
                ledger.commit(id, costs(Usd(key * 10))).await.unwrap();
                ids.push(id);
            }
        }
        ids.reverse();
        let all = UsageFilter::default();
        let (mut told, mut after) = (Vec::new(), None);
        loop {
            let page = ledger.usage(&all, after, 3).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            told.extend(page.iter().map(|entry| entry.id));
        }
        assert_eq!(told, ids);

        let of = UsageFilter {
            line: Some(line(2)),
            from: Some(TODAY + 1),
            model: Some("a".into()),
            ..all.clone()
        };
        let sums = ledger.usage_sums(&of).await.unwrap();
        assert_eq!(
            sums.iter()
                .map(|sum| (sum.epoch, sum.key, sum.requests, sum.charged))
                .collect::<Vec<_>>(),
            [
                (TODAY + 1, key_id(1), 1, Usd(10)),
                (TODAY + 1, key_id(2), 1, Usd(20))
            ]
        );
        assert_eq!(
            sums[0].usage,
            Usage {
                input: 10,
                cached: 4,
                output: 20,
                images: 0
            }
        );
        let of = UsageFilter {
            key: Some(key_id(3)),
            to: Some(TODAY),
            ..all
        };
        let entries = ledger.usage(&of, None, 9).await.unwrap();
        assert_eq!(
            (entries.len(), entries[0].charged, entries[0].line),
            (1, Usd(30), line(3))
        );
    })
    .await;
}
