//! Keys: their limits, and the texts with which they are made.

use alloy::primitives::Address;
use diem_gateway::{
    ledger::{KeyChange, KeyError, Ledger, NonceError, Period, ReserveError, Want},
    money::{DOLLAR, Usd},
};
use tokio::task::JoinSet;

use super::asking::{
    HOME, TODAY, account, agrees, asks, costs, dollars, key_id, line, new_key, on_both, seen,
    with_line,
};

const CENT: u128 = DOLLAR / 100;

async fn spend(ledger: &Ledger, key: u128, epoch: u32, cents: u128) -> Result<(), ReserveError> {
    let ask = asks(
        key_id(key),
        line(2),
        epoch,
        Want::Exactly(Usd(CENT * cents)),
    );
    let reservation = ledger.reserve(ask).await?;
    ledger
        .commit(reservation.id, costs(Usd(CENT * cents)))
        .await
        .unwrap();
    Ok(())
}

#[tokio::test]
async fn a_key_without_a_limit_has_the_lines_allowance_and_not_nothing() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        let all = asks(
            key_id(1),
            line(2),
            TODAY,
            Want::UpTo {
                least: Usd(1),
                most: dollars(9),
            },
        );
        assert_eq!(ledger.reserve(all).await.unwrap().amount, dollars(1));
        let known = ledger.key_use(key_id(1), TODAY).await.unwrap().unwrap();
        assert_eq!((known.limit, known.held), (None, dollars(1)));
    })
    .await;
}

#[tokio::test]
async fn a_limit_counts_by_day_month_or_life_and_its_refusal_names_it() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        // The 26th of November 2026, and the days on which each limit of ten cents begins anew.
        for (key, period, next) in [
            (2, Period::Epoch, Some(TODAY + 1)),
            (3, Period::Month, Some(20_788)),
            (4, Period::Lifetime, None),
        ] {
            ledger
                .add_key(new_key(key, line(2), Some(Usd(CENT * 10)), period))
                .await
                .unwrap();
            spend(&ledger, key, TODAY, 7).await.unwrap();
            match spend(&ledger, key, TODAY, 4).await {
                Err(ReserveError::KeyLimit {
                    limit,
                    remaining,
                    wanted,
                    period: told,
                    resets,
                }) => {
                    assert_eq!(
                        (limit, remaining, wanted),
                        (Usd(CENT * 10), Usd(CENT * 3), Usd(CENT * 4))
                    );
                    assert_eq!((told, resets), (period, next));
                }
                other => panic!("{other:?}"),
            }
            let known = ledger.key_use(key_id(key), TODAY).await.unwrap().unwrap();
            assert_eq!((known.held, known.resets), (Usd(CENT * 7), next));

            if let Some(next) = next {
                ledger
                    .observe(seen(line(2), next - 1, dollars(1)))
                    .await
                    .unwrap();
                if period == Period::Month {
                    assert!(matches!(
                        spend(&ledger, key, next - 1, 4).await,
                        Err(ReserveError::KeyLimit { .. })
                    ));
                }
                ledger
                    .observe(seen(line(2), next, dollars(1)))
                    .await
                    .unwrap();
                spend(&ledger, key, next, 10).await.unwrap();
                assert!(matches!(
                    spend(&ledger, key, next, 1).await,
                    Err(ReserveError::KeyLimit { .. })
                ));
            } else {
                ledger
                    .observe(seen(line(2), TODAY + 400, dollars(1)))
                    .await
                    .unwrap();
                assert!(matches!(
                    spend(&ledger, key, TODAY + 400, 4).await,
                    Err(ReserveError::KeyLimit { .. })
                ));
                spend(&ledger, key, TODAY + 400, 3).await.unwrap();
            }
        }
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_requests_do_not_pass_a_keys_limit() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        ledger
            .add_key(new_key(2, line(2), Some(Usd(CENT * 10)), Period::Month))
            .await
            .unwrap();
        let mut requests = JoinSet::new();
        for _ in 0..40 {
            let ledger = ledger.clone();
            requests.spawn(async move { spend(&ledger, 2, TODAY, 3).await.is_ok() });
        }
        let served = requests
            .join_all()
            .await
            .into_iter()
            .filter(|served| *served)
            .count();
        assert_eq!(served, 3);
        let rest = asks(
            key_id(2),
            line(2),
            TODAY,
            Want::UpTo {
                least: Usd(1),
                most: dollars(1),
            },
        );
        assert_eq!(ledger.reserve(rest).await.unwrap().amount, Usd(CENT));
        assert_eq!(
            ledger.line(line(2), TODAY).await.unwrap().unwrap().held,
            Usd(CENT * 10)
        );
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test]
async fn a_limit_given_later_counts_what_was_spent_before_and_what_is_open() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        spend(&ledger, 1, TODAY, 20).await.unwrap();
        let open = asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(CENT * 30)));
        let open = ledger.reserve(open).await.unwrap().id;

        let half = KeyChange {
            limit: Some(Some(Usd(CENT * 55))),
            ..KeyChange::default()
        };
        let changed = ledger.change_key(key_id(1), half, TODAY).await.unwrap();
        assert_eq!(changed.key.limit, Some(Usd(CENT * 55)));
        assert!(matches!(
            spend(&ledger, 1, TODAY, 6).await,
            Err(ReserveError::KeyLimit { remaining: Usd(rest), .. }) if rest == CENT * 5
        ));
        ledger.commit(open, costs(Usd(CENT * 10))).await.unwrap();
        spend(&ledger, 1, TODAY, 25).await.unwrap();

        let month = KeyChange {
            period: Some(Period::Month),
            ..KeyChange::default()
        };
        ledger.change_key(key_id(1), month, TODAY).await.unwrap();
        assert!(matches!(
            spend(&ledger, 1, TODAY, 1).await,
            Err(ReserveError::KeyLimit { .. })
        ));
        agrees(&ledger).await;

        let none = KeyChange {
            limit: Some(None),
            description: Some("free".into()),
            ..KeyChange::default()
        };
        let changed = ledger.change_key(key_id(1), none, TODAY).await.unwrap();
        assert_eq!(
            (changed.key.limit, changed.key.description.as_str()),
            (None, "free")
        );
        spend(&ledger, 1, TODAY, 45).await.unwrap();
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test]
async fn a_cost_above_the_reservation_does_not_pass_the_keys_limit() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        ledger
            .add_key(new_key(2, line(2), Some(Usd(CENT * 10)), Period::Epoch))
            .await
            .unwrap();
        let ask = asks(key_id(2), line(2), TODAY, Want::Exactly(Usd(CENT * 4)));
        let id = ledger.reserve(ask).await.unwrap().id;
        spend(&ledger, 2, TODAY, 3).await.unwrap();
        let ended = ledger.commit(id, costs(Usd(CENT * 20))).await.unwrap();
        assert_eq!((ended.charged, ended.loss), (Usd(CENT * 7), Usd(CENT * 13)));
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test]
async fn a_revoked_key_begins_nothing_and_ends_what_it_began() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        let ask = || asks(key_id(1), line(2), TODAY, Want::Exactly(Usd(CENT)));
        let id = ledger.reserve(ask()).await.unwrap().id;
        assert_eq!(ledger.revoke_key(key_id(1), 77).await.unwrap().revoked_at, Some(77));
        assert!(matches!(ledger.reserve(ask()).await, Err(ReserveError::KeyGone(key)) if key == key_id(1)));
        assert!(matches!(ledger.revoke_key(key_id(1), 78).await, Err(KeyError::Gone(_))));
        let change = ledger.change_key(key_id(1), KeyChange::default(), TODAY).await;
        assert!(matches!(change, Err(KeyError::Gone(_))));
        ledger.commit(id, costs(Usd(CENT))).await.unwrap();
        agrees(&ledger).await;
    })
    .await;
}

#[tokio::test]
async fn a_key_is_found_by_its_hash_and_among_its_accounts() {
    on_both(async |url| {
        let ledger = with_line(url, line(2), dollars(1)).await;
        let limited = new_key(2, line(3), Some(Usd(CENT + 1)), Period::Lifetime);
        let limited = diem_gateway::ledger::NewKey {
            expires_at: Some(99),
            ..limited
        };
        ledger.add_key(limited.clone()).await.unwrap();
        let found = ledger.key_by_hash(&limited.hash).await.unwrap().unwrap();
        assert_eq!(
            (found.key, found.revoked_at, found.last_used_at),
            (limited.clone(), None, None)
        );
        assert_eq!(ledger.key_by_hash(&[0xee; 32]).await.unwrap(), None);
        assert_eq!(ledger.list_keys(account(2)).await.unwrap().len(), 2);
        assert_eq!(ledger.list_keys(Address::ZERO).await.unwrap(), []);
        spend(&ledger, 1, TODAY, 1).await.unwrap();
        assert!(
            ledger
                .key(key_id(1))
                .await
                .unwrap()
                .unwrap()
                .last_used_at
                .is_some()
        );
        let twice = new_key(2, line(3), None, Period::Epoch);
        assert!(matches!(
            ledger.add_key(twice).await,
            Err(KeyError::Ledger(_))
        ));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_text_makes_one_key_and_only_in_its_time() {
    on_both(async |url| {
        let ledger = Ledger::open(url, &HOME).await.unwrap();
        ledger.give_nonce("once", 100).await.unwrap();
        let mut takers = JoinSet::new();
        for _ in 0..10 {
            let ledger = ledger.clone();
            takers.spawn(async move { ledger.take_nonce("once", 99).await });
        }
        let taken = takers.join_all().await;
        assert_eq!(taken.iter().filter(|taken| taken.is_ok()).count(), 1);
        assert_eq!(
            taken
                .iter()
                .filter(|taken| matches!(taken, Err(NonceError::Used)))
                .count(),
            9
        );

        assert!(matches!(
            ledger.take_nonce("never given", 1).await,
            Err(NonceError::Unknown)
        ));
        ledger.give_nonce("late", 100).await.unwrap();
        assert!(matches!(
            ledger.take_nonce("late", 100).await,
            Err(NonceError::Expired(100))
        ));
        ledger.forget(99).await.unwrap();
        assert!(matches!(
            ledger.take_nonce("once", 99).await,
            Err(NonceError::Used)
        ));
        ledger.forget(100).await.unwrap();
        assert!(matches!(
            ledger.take_nonce("once", 99).await,
            Err(NonceError::Unknown)
        ));
    })
    .await;
}
