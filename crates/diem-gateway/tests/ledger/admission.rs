//! Who gets the dollars when more is asked than there is.

use std::{collections::BTreeSet, future::poll_fn, task::Poll};

use diem_gateway::{
    ledger::{
        EndError, Ending, Ledger, LedgerError, LineSeen, Period, RequestId, ReserveError, Want,
    },
    money::{DOLLAR, Usd},
};
use tokio::task::JoinSet;

use super::{
    asking::{
        HOME, TODAY, agrees, asks, costs, dollars, key_id, line, new_key, on_both, seen, with_line,
    },
    support::{
        folder::{Folder, sqlite},
        postgres::Postgres,
    },
};

/// 76 of these fit into a dollar, and leave some units over.
const PRICE: Usd = Usd(13_000_000_000_000_007);

/// A hundred requests of `PRICE` at once, taken in turns by ledgers on one database.
async fn hundred_at_once(ledgers: &[Ledger]) {
    let mut requests = JoinSet::new();
    for number in 0..100 {
        let ledger = ledgers[number % ledgers.len()].clone();
        requests.spawn(async move {
            ledger
                .reserve(asks(key_id(1), line(2), TODAY, Want::Exactly(PRICE)))
                .await
        });
    }
    let (mut served, mut refused) = (Vec::new(), 0);
    while let Some(outcome) = requests.join_next().await {
        match outcome.unwrap() {
            Ok(reservation) => {
                assert_eq!(reservation.amount, PRICE);
                served.push(reservation.id);
            }
            Err(ReserveError::InsufficientBalance { remaining, wanted }) => {
                assert!(
                    remaining < wanted,
                    "{wanted} was refused with {remaining} left"
                );
                refused += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    let fit = DOLLAR / PRICE.0;
    assert_eq!((served.len() as u128, refused), (fit, 100 - fit));
    assert_eq!(served.iter().collect::<BTreeSet<_>>().len(), served.len());

    let state = ledgers[0].line(line(2), TODAY).await.unwrap().unwrap();
    assert_eq!(
        (state.held, state.committed),
        (Usd(fit * PRICE.0), Usd::ZERO)
    );
    assert_eq!(state.remaining(), Usd(DOLLAR - fit * PRICE.0));

    // To the last unit: what is left serves a request of that much, and then none of one unit.
    let rest = Want::UpTo {
        least: Usd(1),
        most: dollars(5),
    };
    let last = ledgers[0]
        .reserve(asks(key_id(1), line(2), TODAY, rest))
        .await
        .unwrap();
    assert_eq!(last.amount, state.remaining());
    assert_eq!(last.line.remaining(), Usd::ZERO);
    let none = ledgers[0]
        .reserve(asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(1))))
        .await;
    assert!(matches!(
        none,
        Err(ReserveError::InsufficientBalance {
            remaining: Usd::ZERO,
            wanted: Usd(1)
        })
    ));

    for id in served {
        ledgers[0].commit(id, costs(PRICE)).await.unwrap();
    }
    let state = ledgers[0].line(line(2), TODAY).await.unwrap().unwrap();
    assert_eq!(
        (state.committed, state.held),
        (Usd(fit * PRICE.0), dollars(1))
    );
    agrees(&ledgers[0]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_requests_do_not_pass_the_budget() {
    let folder = Folder::new();
    hundred_at_once(&[with_line(&sqlite(folder.path()), line(2), dollars(1)).await]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_postgresql_do_not_pass_the_budget_together() {
    let server = Postgres::start().await;
    let url = server.database("ledger").await;
    let one = with_line(&url, line(2), dollars(1)).await;
    let other = Ledger::open(&url, &HOME).await.unwrap();
    hundred_at_once(&[one, other]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_want_many_lines_and_keys_at_once_do_not_block_each_other_for_good() {
    let server = Postgres::start().await;
    let url = server.database("ledger").await;
    let ledgers = [
        Ledger::open(&url, &HOME).await.unwrap(),
        Ledger::open(&url, &HOME).await.unwrap(),
    ];
    // The keys' limits bind across the lines of two days, so that what is locked has no order by itself.
    for number in 0..6 {
        for epoch in [TODAY, TODAY + 1] {
            ledgers[0]
                .observe(seen(line(number), epoch, dollars(1)))
                .await
                .unwrap();
        }
        let key = new_key(
            u128::from(number),
            line(number),
            Some(Usd(DOLLAR * 3 / 2)),
            Period::Lifetime,
        );
        ledgers[0].add_key(key).await.unwrap();
    }
    let mut requests = JoinSet::new();
    for turn in 0..600_u32 {
        let ledger = ledgers[turn as usize % 2].clone();
        let number = u8::try_from(turn * 7 % 6).unwrap();
        let epoch = TODAY + (turn / 3) % 2;
        requests.spawn(async move {
            let ask = asks(
                key_id(u128::from(number)),
                line(number),
                epoch,
                Want::Exactly(Usd(DOLLAR / 40)),
            );
            match ledger.reserve(ask).await {
                Ok(reservation) if turn % 5 == 0 => {
                    ledger.release(reservation.id, "not begun").await.unwrap();
                }
                Ok(reservation) => {
                    ledger
                        .commit(reservation.id, costs(Usd(DOLLAR / 50)))
                        .await
                        .unwrap();
                }
                Err(ReserveError::InsufficientBalance { .. } | ReserveError::KeyLimit { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        });
    }
    while let Some(outcome) = requests.join_next().await {
        outcome.unwrap();
    }
    agrees(&ledgers[1]).await;
    assert!(
        ledgers[1]
            .audit()
            .await
            .unwrap()
            .lines
            .iter()
            .all(|line| line.open == Usd::ZERO)
    );
}

#[tokio::test]
async fn an_allowance_rises_within_its_epoch_and_never_falls() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(3)).await;
        ledger
            .reserve(asks(key_id(1), line(2), TODAY, Want::Exactly(dollars(3))))
            .await
            .unwrap();
        let lower = ledger
            .observe(LineSeen {
                block: 9,
                ..seen(line(2), TODAY, dollars(1))
            })
            .await
            .unwrap();
        assert_eq!(lower.allowance, dollars(3));
        let higher = ledger
            .observe(LineSeen {
                block: 5,
                ..seen(line(2), TODAY, dollars(4))
            })
            .await
            .unwrap();
        assert_eq!(
            (higher.allowance, higher.remaining()),
            (dollars(4), dollars(1))
        );
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test]
async fn what_the_chain_had_settled_before_the_journal_began_is_not_given_twice() {
    on_both(async |url| {
        let ledger = Ledger::open(url, &HOME).await.unwrap();
        let before = LineSeen {
            used: Usd(DOLLAR / 4),
            ..seen(line(2), TODAY, dollars(1))
        };
        let state = ledger.observe(before).await.unwrap();
        assert_eq!(
            (state.committed, state.held, state.reserved),
            (Usd(DOLLAR / 4), Usd(DOLLAR / 4), Usd::ZERO)
        );
        assert_eq!(ledger.unsettled(TODAY, true).await.unwrap(), []);
        // Another one with the gateway's key states more than this journal ever did.
        let strange = LineSeen {
            used: Usd(DOLLAR / 2),
            block: 2,
            ..before
        };
        assert_eq!(ledger.observe(strange).await.unwrap().held, Usd(DOLLAR / 2));
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test]
async fn a_request_ends_once() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        let ask = || asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(100)));
        let (one, other) =
            (ledger.reserve(ask()).await.unwrap().id, ledger.reserve(ask()).await.unwrap().id);
        assert_eq!(ledger.commit(one, costs(Usd(60))).await.unwrap().charged, Usd(60));
        ledger.release(other, "the upstream refused the connection").await.unwrap();
        for (id, ending) in [(one, Ending::Committed(Usd(60))), (other, Ending::Released)] {
            let again = [
                ledger.commit(id, costs(Usd(10))).await.map(|_| ()),
                ledger.release(id, "again").await.map(|_| ()),
                ledger.extend(id, dollars(1)).await.map(|_| ()),
            ];
            for again in again {
                assert!(matches!(again, Err(EndError::Ended { id: i, ending: e }) if (i, e) == (id, ending)));
            }
        }
        let stranger = RequestId::new();
        assert!(matches!(ledger.commit(stranger, costs(Usd(1))).await, Err(EndError::Unknown(id)) if id == stranger));
        let state = ledger.line(line(2), TODAY).await.unwrap().unwrap();
        assert_eq!((state.held, state.committed), (Usd(60), Usd(60)));
        assert_eq!(ledger.receipt(one).await.unwrap(), Some(format!("cost {}", Usd(60))));
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test]
async fn a_cost_above_the_reservation_is_charged_as_far_as_the_line_carries() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        let small = || asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(DOLLAR / 2)));
        let (one, other) = (
            ledger.reserve(small()).await.unwrap().id,
            ledger.reserve(small()).await.unwrap().id,
        );
        ledger.commit(one, costs(Usd(DOLLAR / 4))).await.unwrap();
        // A receipt over what will be charged can be signed before it is.
        let raised = ledger.extend(other, Usd(u128::MAX)).await.unwrap();
        assert_eq!(raised.amount, Usd(DOLLAR * 3 / 4));
        let ended = ledger.commit(other, costs(dollars(2))).await.unwrap();
        assert_eq!(
            (ended.charged, ended.loss),
            (Usd(DOLLAR * 3 / 4), Usd(DOLLAR * 5 / 4))
        );
        assert_eq!(
            (ended.line.committed, ended.line.remaining()),
            (dollars(1), Usd::ZERO)
        );
        let audit = ledger.audit().await.unwrap();
        assert_eq!(
            (audit.lines[0].loss, audit.disagreements),
            (Usd(DOLLAR * 5 / 4), vec![])
        );
    })
    .await;
}

#[tokio::test]
async fn a_line_that_was_not_read_in_an_epoch_pays_nothing_in_it() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        let tomorrow = ledger
            .reserve(asks(key_id(1), line(2), TODAY + 1, Want::Exactly(Usd(1))))
            .await;
        assert!(
            matches!(tomorrow, Err(ReserveError::UnknownLine { epoch, .. }) if epoch == TODAY + 1)
        );
        ledger
            .observe(seen(line(3), TODAY, dollars(1)))
            .await
            .unwrap();
        let strange = ledger
            .reserve(asks(key_id(1), line(3), TODAY, Want::Exactly(Usd(1))))
            .await;
        assert!(matches!(strange, Err(ReserveError::KeyGone(key)) if key == key_id(1)));
        for state in [line(2), line(3)] {
            assert_eq!(
                ledger.line(state, TODAY).await.unwrap().unwrap().held,
                Usd::ZERO
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_amount_beyond_all_lines_is_refused_and_not_wrapped() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        let ask = asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(u128::MAX)));
        assert!(matches!(
            ledger.reserve(ask).await,
            Err(ReserveError::InsufficientBalance { .. })
        ));
        let ask = asks(
            key_id(1),
            line(2),
            TODAY,
            Want::UpTo {
                least: Usd::ZERO,
                most: Usd(u128::MAX),
            },
        );
        assert_eq!(ledger.reserve(ask).await.unwrap().amount, dollars(1));
        let absurd = ledger.observe(seen(line(4), TODAY, Usd(u128::MAX))).await;
        assert!(matches!(absurd, Err(LedgerError::Amount(Usd(u128::MAX)))));
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test]
async fn a_reservation_whose_asker_has_gone_is_released() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        let ask = asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(5)));
        let id = ask.id;
        {
            let mut asking = Box::pin(ledger.reserve(ask));
            // Polled once it waits in the writer's inbox; then its asker goes.
            assert!(
                poll_fn(|context| Poll::Ready(asking.as_mut().poll(context).is_pending())).await
            );
        }
        let end = loop {
            match ledger.extend(id, Usd::ZERO).await {
                Err(EndError::Ended { ending, .. }) => break ending,
                Ok(_) | Err(EndError::Unknown(_)) => tokio::task::yield_now().await,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(end, Ending::Released);
        assert_eq!(
            ledger.line(line(2), TODAY).await.unwrap().unwrap().held,
            Usd::ZERO
        );
        agrees(&ledger).await;
    })
    .await;
}

// On one thread all have asked before the first is answered, so that most of them share a transaction.
#[tokio::test]
async fn what_a_refused_request_held_is_undone_and_what_others_held_beside_it_is_not() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        ledger
            .observe(seen(line(4), TODAY, dollars(1)))
            .await
            .unwrap();
        ledger
            .add_key(new_key(2, line(4), None, Period::Epoch))
            .await
            .unwrap();
        let mut requests = JoinSet::new();
        for number in 0..40 {
            // A key of another line is noticed when the line's dollars are held already.
            let key = key_id(1 + number % 2);
            let ledger = ledger.clone();
            requests.spawn(async move {
                let ask = asks(key, line(2), TODAY, Want::Exactly(PRICE));
                (key, ledger.reserve(ask).await)
            });
        }
        while let Some(outcome) = requests.join_next().await {
            match outcome.unwrap() {
                (key, Ok(reservation)) => {
                    assert_eq!((key, reservation.amount), (key_id(1), PRICE))
                }
                (key, Err(ReserveError::KeyGone(gone))) => {
                    assert_eq!((key, gone), (key_id(2), key_id(2)))
                }
                (_, Err(other)) => panic!("{other}"),
            }
        }
        let state = ledger.line(line(2), TODAY).await.unwrap().unwrap();
        assert_eq!(state.held, Usd(20 * PRICE.0));
        agrees(&ledger).await;
    })
    .await;
}
