//! The client's names for requests: one answer, one charge.

use diem_gateway::{
    ledger::{Actual, Idempotency, Ledger, Repeat, Reserve, ReserveError, SealedAnswer, Want},
    money::{DOLLAR, Usd},
};
use tokio::task::JoinSet;

use super::asking::{
    TODAY, agrees, asks, costs, dollars, key_id, line, new_key, on_both, with_line,
};

const FOREVER: u64 = 1 << 40;

fn named(body: u8) -> Reserve {
    Reserve {
        idempotency: Some(Idempotency {
            name: [9; 32],
            keep_until: FOREVER,
        }),
        body_hash: [body; 32],
        ..asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(DOLLAR / 2)))
    }
}

async fn repeat(ledger: &Ledger, ask: Reserve) -> Repeat {
    match ledger.reserve(ask).await {
        Err(ReserveError::Repeat(repeat)) => repeat,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_same_name_and_body_has_one_answer_and_one_charge() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        let id = ledger.reserve(named(1)).await.unwrap().id;
        assert_eq!(repeat(&ledger, named(1)).await, Repeat::Running { id });
        assert_eq!(repeat(&ledger, named(2)).await, Repeat::OtherBody { id });
        let answer = SealedAnswer(vec![0, 255, 3]);
        let cost = Usd(DOLLAR / 3);
        let actual = Actual {
            answer: Some(answer.clone()),
            ..costs(cost)
        };
        ledger.commit(id, actual).await.unwrap();
        for _ in 0..2 {
            let answered = Repeat::Answered {
                id,
                charged: cost,
                answer: answer.clone(),
                receipt: Some(format!("cost {cost}")),
            };
            assert_eq!(repeat(&ledger, named(1)).await, answered);
            assert_eq!(repeat(&ledger, named(2)).await, Repeat::OtherBody { id });
        }
        assert_eq!(
            ledger.line(line(2), TODAY).await.unwrap().unwrap().held,
            cost
        );
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_with_one_name_one_runs() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(100)).await;
        let mut requests = JoinSet::new();
        for _ in 0..20 {
            let ledger = ledger.clone();
            requests.spawn(async move { ledger.reserve(named(1)).await });
        }
        let outcomes = requests.join_all().await;
        let (served, others): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        let first = served[0].as_ref().unwrap().id;
        assert_eq!((served.len(), others.len()), (1, 19));
        for other in others {
            assert!(
                matches!(other, Err(ReserveError::Repeat(Repeat::Running { id })) if id == first)
            );
        }
        assert_eq!(
            ledger.line(line(2), TODAY).await.unwrap().unwrap().held,
            Usd(DOLLAR / 2)
        );
    })
    .await;
}

#[tokio::test]
async fn a_repeat_is_answered_when_the_line_has_nothing_left() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), Usd(DOLLAR / 2)).await;
        let id = ledger.reserve(named(1)).await.unwrap().id;
        let actual = Actual {
            answer: Some(SealedAnswer(vec![1])),
            ..costs(Usd(DOLLAR / 2))
        };
        ledger.commit(id, actual).await.unwrap();
        assert!(matches!(
            repeat(&ledger, named(1)).await,
            Repeat::Answered { .. }
        ));
        // And what was refused for want of dollars has not used its name up.
        let other = Reserve {
            idempotency: Some(Idempotency {
                name: [8; 32],
                keep_until: FOREVER,
            }),
            ..named(1)
        };
        let poor = ledger
            .reserve(Reserve {
                id: diem_gateway::ledger::RequestId::new(),
                ..other.clone()
            })
            .await;
        assert!(matches!(
            poor,
            Err(ReserveError::InsufficientBalance { .. })
        ));
        ledger
            .observe(super::asking::seen(line(2), TODAY, dollars(1)))
            .await
            .unwrap();
        ledger.reserve(other).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_name_is_free_after_a_release_and_after_its_time_and_is_each_keys_own() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(9)).await;
        let id = ledger.reserve(named(1)).await.unwrap().id;
        ledger
            .release(id, "the upstream was not reached")
            .await
            .unwrap();
        let id = ledger.reserve(named(1)).await.unwrap().id;

        ledger
            .add_key(new_key(
                2,
                line(2),
                None,
                diem_gateway::ledger::Period::Epoch,
            ))
            .await
            .unwrap();
        ledger
            .reserve(Reserve {
                key: key_id(2),
                ..named(2)
            })
            .await
            .unwrap();

        // Without an answer to keep, a repeat learns that it was charged.
        ledger.commit(id, costs(Usd(5))).await.unwrap();
        assert_eq!(
            repeat(&ledger, named(1)).await,
            Repeat::Unkept {
                id,
                charged: Usd(5)
            }
        );

        let past = Idempotency {
            name: [3; 32],
            keep_until: 1,
        };
        let brief = || Reserve {
            idempotency: Some(past),
            ..named(1)
        };
        let first = ledger.reserve(brief()).await.unwrap().id;
        ledger.forget(FOREVER - 1).await.unwrap();
        assert_eq!(
            repeat(&ledger, brief()).await,
            Repeat::Running { id: first }
        );
        ledger.commit(first, costs(Usd(5))).await.unwrap();
        let second = ledger.reserve(brief()).await.unwrap().id;
        ledger.commit(second, costs(Usd(5))).await.unwrap();
        ledger.forget(FOREVER - 1).await.unwrap();
        assert!(matches!(
            repeat(&ledger, named(1)).await,
            Repeat::Unkept { .. }
        ));
        ledger.forget(FOREVER).await.unwrap();
        ledger.reserve(named(2)).await.unwrap();
        agrees(&ledger).await;
    })
    .await;
}
