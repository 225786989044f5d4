//! The life of requests, step by step beside a model.

use diem_gateway::{
    ledger::{
        EndError, Ending, Idempotency, KeyChange, Ledger, LineSeen, Period, Repeat, Reserve,
        ReserveError, Want,
    },
    money::{DOLLAR, Usd},
};
use proptest::{collection::vec, option, prelude::*, test_runner::Config};
use tokio::runtime::{Builder, Runtime};

use super::{
    asking::{HOME, agrees, asks, costs, key_id, line, new_key},
    model::{KEYS, Limit, Model, State, span},
    support::folder::{Folder, sqlite},
};

#[derive(Clone, Debug)]
enum Act {
    Observe {
        line: usize,
        allowance: u128,
        used: u128,
    },
    Reserve {
        key: usize,
        least: u128,
        most: Option<u128>,
        name: Option<(u8, u8)>,
    },
    Commit {
        pick: usize,
        cost: u128,
    },
    Release {
        pick: usize,
    },
    Extend {
        pick: usize,
        to: u128,
    },
    Limit {
        key: usize,
        limit: Option<u128>,
        period: Option<usize>,
    },
    Midnight,
    Die,
}

/// Amounts that carry, that fall one short of it, and any others.
fn amount() -> impl Strategy<Value = u128> {
    let part = prop_oneof![
        Just(0),
        Just(1),
        Just(DOLLAR - 1),
        Just(DOLLAR / 2),
        0..DOLLAR
    ];
    (0..4_u128, part).prop_map(|(whole, part)| whole * DOLLAR + part)
}

fn act() -> impl Strategy<Value = Act> {
    let used = prop_oneof![4 => Just(0), 1 => amount()];
    prop_oneof![
        3 => (0..2_usize, amount(), used)
            .prop_map(|(line, allowance, used)| Act::Observe { line, allowance: allowance * 3, used }),
        8 => (0..3_usize, amount(), option::of(amount()), option::of((0..2_u8, 0..2_u8)))
            .prop_map(|(key, least, most, name)| Act::Reserve { key, least, most, name }),
        6 => (any::<usize>(), amount()).prop_map(|(pick, cost)| Act::Commit { pick, cost }),
        2 => any::<usize>().prop_map(|pick| Act::Release { pick }),
        2 => (any::<usize>(), amount()).prop_map(|(pick, to)| Act::Extend { pick, to }),
        2 => (0..3_usize, option::of(amount()), option::of(0..3_usize))
            .prop_map(|(key, limit, period)| Act::Limit { key, limit, period }),
        1 => Just(Act::Midnight),
        1 => Just(Act::Die),
    ]
}

/// A process: what of it is not on disk is gone with its runtime.
struct Life {
    runtime: Runtime,
    ledger: Ledger,
}

impl Life {
    fn begin(url: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let ledger = runtime.block_on(Ledger::open(url, &HOME)).unwrap();
        Self { runtime, ledger }
    }

    fn end(self) {
        drop(self.runtime);
    }
}

async fn reserve(
    ledger: &Ledger,
    model: &mut Model,
    act: (usize, u128, Option<u128>, Option<(u8, u8)>),
) {
    let (key, least, most, name) = act;
    let (number, paying) = KEYS[key];
    let want = match most {
        None => Want::Exactly(Usd(least)),
        Some(more) => Want::UpTo {
            least: Usd(least),
            most: Usd(least + more),
        },
    };
    let ask = Reserve {
        idempotency: name.map(|(name, _)| Idempotency {
            name: [name; 32],
            keep_until: 1 << 40,
        }),
        body_hash: [name.map_or(0, |(_, body)| body); 32],
        ..asks(key_id(number), line(paying), model.epoch, want)
    };
    let outcome = ledger.reserve(ask.clone()).await;
    if let Some((name, body)) = name
        && let Some((first_body, id)) = model.names.get(&(key, name)).copied()
    {
        let Err(ReserveError::Repeat(repeat)) = outcome else {
            panic!("{outcome:?}")
        };
        let state = model
            .asked
            .iter()
            .find(|asked| asked.id == id)
            .unwrap()
            .state;
        let expected = match state {
            _ if body != first_body => Repeat::OtherBody { id },
            State::Open => Repeat::Running { id },
            State::Ended(Ending::Committed(charged)) => Repeat::Unkept { id, charged },
            State::Ended(Ending::Released) => panic!("a released request keeps no name"),
        };
        assert_eq!(repeat, expected);
        return;
    }
    let Some((allowance, _, held)) = model.line(Model::line_of(key), model.epoch) else {
        assert!(
            matches!(outcome, Err(ReserveError::UnknownLine { .. })),
            "{outcome:?}"
        );
        return;
    };
    let (room, left) = (allowance - held, model.left(key));
    let fits = room.min(left.unwrap_or(room));
    let amount = most.map_or(least, |more| fits.min(least + more));
    match outcome {
        Ok(reservation) => {
            assert!(
                least <= fits && !model.over(key),
                "{least} was reserved where {fits} fit"
            );
            assert_eq!(reservation.amount, Usd(amount));
            model.reserved(ask.id, key, amount);
            if let Some((name, body)) = name {
                model.names.insert((key, name), (body, ask.id));
            }
        }
        Err(ReserveError::InsufficientBalance { remaining, wanted }) => {
            assert_eq!((remaining, wanted), (Usd(room), Usd(least)));
            assert!(room < least);
        }
        Err(ReserveError::KeyLimit {
            remaining, wanted, ..
        }) => {
            assert_eq!((Some(remaining.0), wanted), (left, Usd(least)));
            // A limit that was lowered under what is held leaves less than nothing.
            assert!(least <= room && (remaining.0 < least || model.over(key)));
        }
        Err(other) => panic!("{other}"),
    }
}

/// An ended request stays as it ended; an open one is answered by `what`.
fn ended<T>(outcome: Result<T, EndError>, state: State, what: impl FnOnce(T)) {
    match (outcome, state) {
        (Ok(answer), State::Open) => what(answer),
        (Err(EndError::Ended { ending, .. }), State::Ended(known)) => assert_eq!(ending, known),
        (Ok(_), ended) => panic!("answered again after {ended:?}"),
        (Err(other), state) => panic!("{other} where the model has {state:?}"),
    }
}

async fn play(ledger: &Ledger, model: &mut Model, act: Act) {
    match act {
        Act::Observe {
            line: of,
            allowance,
            used,
        } => {
            let paying = line(if of == 0 { 2 } else { 3 });
            let seen = LineSeen {
                line: paying,
                epoch: model.epoch,
                allowance: Usd(allowance),
                used: Usd(used),
                block: 1,
            };
            ledger.observe(seen).await.unwrap();
            let held = model.line(of, model.epoch).map_or(0, |(_, _, held)| held);
            let known = model.lines.entry((of, model.epoch)).or_default();
            known.0 = known.0.max(allowance).max(used);
            // Nothing was stated here: all that the chain settled is another's.
            let before = known.1;
            known.1 += used.saturating_sub(held);
            assert!(known.1 >= before);
        }
        Act::Reserve {
            key,
            least,
            most,
            name,
        } => reserve(ledger, model, (key, least, most, name)).await,
        Act::Commit { pick, cost } if !model.asked.is_empty() => {
            let pick = pick % model.asked.len();
            let asked = model.asked[pick].clone();
            let outcome = ledger.commit(asked.id, costs(Usd(cost))).await;
            let charged = if asked.state == State::Open {
                cost.min(asked.reserved + model.room(&asked))
            } else {
                0
            };
            ended(outcome, asked.state, |committed| {
                assert_eq!(
                    (committed.charged, committed.loss),
                    (Usd(charged), Usd(cost - charged))
                );
                model.asked[pick].state = State::Ended(Ending::Committed(Usd(charged)));
                model.asked[pick].reserved = asked.reserved.max(charged);
            });
        }
        Act::Release { pick } if !model.asked.is_empty() => {
            let pick = pick % model.asked.len();
            let asked = model.asked[pick].clone();
            ended(
                ledger.release(asked.id, "not begun").await,
                asked.state,
                |_| {
                    model.asked[pick].state = State::Ended(Ending::Released);
                    model.names.retain(|_, (_, id)| *id != asked.id);
                },
            );
        }
        Act::Extend { pick, to } if !model.asked.is_empty() => {
            let pick = pick % model.asked.len();
            let asked = model.asked[pick].clone();
            let outcome = ledger.extend(asked.id, Usd(to)).await;
            let more = to.saturating_sub(asked.reserved);
            let more = if asked.state == State::Open {
                more.min(model.room(&asked))
            } else {
                0
            };
            ended(outcome, asked.state, |reservation| {
                assert_eq!(reservation.amount, Usd(asked.reserved + more));
                model.asked[pick].reserved += more;
            });
        }
        Act::Limit { key, limit, period } => {
            let period =
                period.map(|period| [Period::Epoch, Period::Month, Period::Lifetime][period]);
            let change = KeyChange {
                limit: Some(limit.map(Usd)),
                period,
                ..KeyChange::default()
            };
            ledger
                .change_key(key_id(KEYS[key].0), change, model.epoch)
                .await
                .unwrap();
            let known = model.limits[key];
            let period = period.or(known.period);
            model.limits[key] = Limit {
                limit,
                period,
                ..known
            };
            if limit.is_some() && (known.limit.is_none() || period != known.period) {
                let counting = period.map(|period| span(period, model.epoch));
                model.limits[key].span = counting;
                for asked in model.asked.iter_mut().filter(|asked| asked.key == key) {
                    asked.span = counting.filter(|c| span(c.0, asked.epoch) == *c);
                }
            }
        }
        Act::Midnight => model.epoch += 1,
        _ => {}
    }
}

async fn compare(ledger: &Ledger, model: &Model) {
    for &(of, epoch) in model.lines.keys() {
        let (allowance, committed, held) = model.line(of, epoch).unwrap();
        let state = ledger
            .line(line(if of == 0 { 2 } else { 3 }), epoch)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (state.allowance, state.committed, state.held),
            (Usd(allowance), Usd(committed), Usd(held))
        );
        assert!(held <= allowance);
    }
    for (key, (number, _)) in KEYS.into_iter().enumerate() {
        let limit = model.limits[key];
        let told = ledger
            .key_use(key_id(number), model.epoch)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(told.limit, limit.limit.map(Usd));
        if limit.limit.is_some()
            && limit.span == limit.period.map(|period| span(period, model.epoch))
        {
            assert_eq!(told.held, Usd(model.counted(key)));
        }
    }
}

fn run(acts: Vec<Act>) {
    let folder = Folder::new();
    let url = sqlite(folder.path());
    let mut life = Life::begin(&url);
    life.runtime.block_on(async {
        for (number, paying) in KEYS {
            life.ledger
                .add_key(new_key(number, line(paying), None, Period::Epoch))
                .await
                .unwrap();
        }
    });
    let mut model = Model::new();
    for next in acts {
        match next {
            Act::Die => {
                life.end();
                model.all_died();
                life = Life::begin(&url);
            }
            next => life.runtime.block_on(play(&life.ledger, &mut model, next)),
        }
        life.runtime.block_on(compare(&life.ledger, &model));
    }
    life.runtime.block_on(agrees(&life.ledger));
}

/// Lives that are tried, unless `PROPTEST_CASES` says otherwise.
const CASES: u32 = 48;

fn config() -> Config {
    let told = Config::default();
    let cases = std::env::var_os("PROPTEST_CASES").map_or(CASES, |_| told.cases);
    Config { cases, ..told }
}

proptest! {
    #![proptest_config(config())]
    #[test]
    fn prop_requests_live_as_in_the_model(acts in vec(act(), 1..60)) {
        run(acts);
    }
}
