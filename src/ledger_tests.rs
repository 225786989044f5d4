use super::*;

const DOLLAR: u128 = 1_000_000_000_000_000_000;
const TODAY: u64 = 20_000;
const A: Number = 2;
const B: Number = 3;

fn dollars(amount: u128) -> U256 {
    from_u128(amount * DOLLAR)
}

fn line(allowance: u128, gateway: Number) -> Line {
    Line {
        allowance: allowance * DOLLAR,
        epoch: TODAY,
        gateway,
        ..Line::default()
    }
}

fn untouched() -> Waiting {
    unreachable!("a line without a change never asks for the second word")
}

/// Each field alone at its widest, then all together: fields that overlap cannot pass.
fn assert_packs<T: PartialEq + core::fmt::Debug>(
    fields: &[T],
    pack: impl Fn(&T) -> U256,
    unpack: impl Fn(U256) -> T,
) {
    let mut seen = U256::ZERO;
    for field in fields {
        let word = pack(field);
        assert_eq!(&unpack(word), field);
        assert_eq!(seen & word, U256::ZERO, "{field:?} overlaps");
        seen |= word;
    }
    assert_eq!(pack(&unpack(seen)), seen);
}

#[test]
fn the_fields_of_a_line_do_not_overlap() {
    let base = Line::default();
    let fields = [
        Line {
            allowance: max(AMOUNT_BITS),
            ..base
        },
        Line {
            used: max(AMOUNT_BITS),
            ..base
        },
        Line {
            epoch: max(EPOCH_BITS) as u64,
            ..base
        },
        Line {
            gateway: max(NUMBER_BITS) as Number,
            ..base
        },
        Line {
            changed: true,
            ..base
        },
    ];
    assert_packs(&fields, Line::pack, Line::unpack);
}

#[test]
fn the_fields_of_what_waits_do_not_overlap() {
    let base = Waiting::default();
    let fields = [
        Waiting {
            leaving: max(AMOUNT_BITS),
            ..base
        },
        Waiting {
            cooling: max(AMOUNT_BITS),
            ..base
        },
        Waiting {
            end: max(TIME_BITS) as u64,
            ..base
        },
        Waiting {
            next: max(NUMBER_BITS) as Number,
            ..base
        },
    ];
    assert_packs(&fields, Waiting::pack, Waiting::unpack);
}

#[test]
fn the_fields_of_a_lease_do_not_overlap() {
    let base = LeaseLine::default();
    let fields = [
        LeaseLine {
            amount: max(AMOUNT_BITS),
            ..base
        },
        LeaseLine {
            used: max(AMOUNT_BITS),
            ..base
        },
        LeaseLine {
            epoch: max(EPOCH_BITS) as u64,
            ..base
        },
        LeaseLine {
            end: max(EPOCH_BITS) as u64,
            ..base
        },
        LeaseLine {
            gateway: max(NUMBER_BITS) as Number,
            ..base
        },
        LeaseLine {
            changed: true,
            ..base
        },
        LeaseLine {
            opening: true,
            ..base
        },
    ];
    assert_packs(&fields, LeaseLine::pack, LeaseLine::unpack);
}

#[test]
fn a_statement_counts_once_and_only_upwards() {
    let mut line = line(5, A);
    assert_eq!(line.state(dollars(3)), Some(true));
    assert_eq!(line.state(dollars(3)), Some(false));
    assert_eq!(line.state(dollars(2)), Some(false));
    assert_eq!(line.state(U256::ZERO), Some(false));
    assert_eq!(line.used, 3 * DOLLAR);
    assert_eq!(line.state(dollars(5) + U256::ONE), None);
    assert_eq!(line.state(U256::MAX), None);
    assert_eq!(line.state(dollars(5)), Some(true));
    assert_eq!(line.used, line.allowance);
}

#[test]
fn an_epoch_forgets_what_was_used_without_asking_for_the_second_word() {
    let mut line = line(5, A);
    line.used = 4 * DOLLAR;
    line.roll(TODAY, untouched);
    assert_eq!(line.used, 4 * DOLLAR);
    line.roll(TODAY + 7, untouched);
    assert_eq!((line.used, line.epoch), (0, TODAY + 7));
    assert_eq!((line.allowance, line.gateway), (5 * DOLLAR, A));
}

#[test]
fn what_leaves_is_subtracted_once_however_many_epochs_pass() {
    let mut line = line(5, A);
    line.changed = true;
    let waiting = Waiting {
        leaving: 2 * DOLLAR,
        next: B,
        ..Waiting::default()
    };
    assert_eq!(line.next_allowance(&waiting), 3 * DOLLAR);
    line.roll(TODAY + 3, || waiting);
    assert_eq!((line.allowance, line.gateway), (3 * DOLLAR, B));
    // The second word still says so, and is void.
    line.roll(TODAY + 4, untouched);
    assert_eq!((line.allowance, line.gateway), (3 * DOLLAR, B));
}

#[test]
fn a_change_of_an_older_epoch_is_forgotten_and_the_bucket_kept() {
    let mut waiting = Waiting {
        leaving: DOLLAR,
        cooling: 2 * DOLLAR,
        end: 7,
        next: B,
    };
    waiting.forget();
    let kept = Waiting {
        cooling: 2 * DOLLAR,
        end: 7,
        ..Waiting::default()
    };
    assert_eq!(waiting, kept);
}

#[test]
fn a_choice_counts_at_once_only_where_there_is_no_allowance() {
    let mut waiting = Waiting::default();
    let mut empty = line(0, NEVER_CHOSE);
    assert!(empty.choose(&mut waiting, A));
    assert_eq!((empty.gateway, empty.changed), (A, false));

    let mut used_up = line(5, A);
    used_up.used = used_up.allowance;
    assert!(!used_up.choose(&mut waiting, B));
    assert_eq!((used_up.gateway, used_up.next_gateway(&waiting)), (A, B));
    assert!(!used_up.choose(&mut waiting, A));
    assert_eq!(used_up.next_gateway(&waiting), A);
    used_up.roll(TODAY + 1, || waiting);
    assert_eq!(used_up.gateway, A);
}

#[test]
fn who_never_chose_and_names_a_gateway_has_chosen() {
    let mut waiting = Waiting::default();
    let mut line = line(5, NEVER_CHOSE);
    assert!(!line.choose(&mut waiting, A));
    line.roll(TODAY + 1, || waiting);
    assert_eq!(line.gateway, A);
}

#[test]
fn a_lease_serves_its_term_and_no_day_more() {
    let mut lease = LeaseLine::open(DOLLAR, TODAY, 2);
    assert_eq!((lease.allowance(), lease.next_allowance()), (0, DOLLAR));
    assert_eq!(lease.state(U256::ONE), None);
    for (epoch, allowance, next) in [(1, DOLLAR, DOLLAR), (2, DOLLAR, 0), (3, 0, 0), (9, 0, 0)] {
        lease.roll(TODAY + epoch, || unreachable!("nothing was chosen"));
        assert_eq!(
            (lease.allowance(), lease.next_allowance()),
            (allowance, next)
        );
        assert_eq!(lease.state(from_u128(allowance)), Some(allowance > 0));
        assert_eq!(lease.state(from_u128(allowance + 1)), None);
    }
    assert_eq!(lease.end, TODAY + 3);
}

#[test]
fn a_lease_is_chosen_for_at_once_before_it_begins_and_from_the_next_epoch_on_after() {
    let mut lease = LeaseLine::open(DOLLAR, TODAY, 3);
    assert!(lease.choose(A));
    assert_eq!((lease.gateway, lease.changed), (A, false));
    lease.roll(TODAY + 1, || unreachable!("the choice counted at once"));
    assert!(!lease.choose(B));
    assert_eq!((lease.gateway, lease.changed), (A, true));
    assert!(!lease.choose(A));
    assert!(!lease.changed);
    assert!(!lease.choose(B));
    lease.roll(TODAY + 2, || B);
    assert_eq!((lease.gateway, lease.changed), (B, false));
}
