//! The invariants of `docs/invariants.md` that are relations between amounts, read off the chain's own views: of
//! calldata that nobody planned no model says what follows.

use super::side::Side;
use crate::prelude::*;
use alloy::sol_types::SolCall;
use e2e::chain::probe::Probe;

/// Leases that are looked for: those that were prepared, and as many as a case can open.
const LEASES: u64 = 8;
const WORD: usize = 32;

/// Views that are asked together.
#[derive(Default)]
struct Question(Vec<Probe>);

/// A view's place among those that are asked.
#[derive(Clone, Copy)]
struct Place(usize);

impl Question {
    /// One more view, which answers `words` words.
    fn ask<C: SolCall>(&mut self, target: Address, call: &C, words: usize) -> Place {
        self.0.push(Probe {
            label: C::SIGNATURE.to_owned(),
            target,
            calldata: call.abi_encode().into(),
            expected: vec![0; WORD * words].into(),
        });
        Place(self.0.len() - 1)
    }

    fn answered(self, side: &Side) -> Answers {
        let answers = side.world.chain.ask(&self.0).answers;
        let answers = answers.into_iter().map(|answer| {
            let words = answer?;
            Some(words.chunks(WORD).map(U256::from_be_slice).collect())
        });
        Answers {
            words: answers.collect(),
            asked: self.0,
        }
    }
}

struct Answers {
    words: Vec<Option<Vec<U256>>>,
    asked: Vec<Probe>,
}

impl Answers {
    /// One word of a view that always answers.
    fn word(&self, place: Place, word: usize) -> U256 {
        let answer = self.words[place.0].as_ref();
        answer.unwrap_or_else(|| panic!("{} gives no answer", self.asked[place.0].label))[word]
    }

    /// The same of all of them, added up.
    fn sum(&self, places: impl Iterator<Item = Place>, word: usize) -> U256 {
        let mut sum = U256::ZERO;
        for place in places {
            let more = self.word(place, word);
            sum = sum.checked_add(more).expect("a sum of what somebody has");
        }
        sum
    }
}

/// What is asked of an account.
struct Account {
    s_vvv: Place,
    unlocked: Place,
    stakes: Place,
    locked: Place,
    pending: Place,
    diem: Place,
    position: Place,
    staked: Place,
    line: Place,
    leased: Place,
}

impl Account {
    fn ask(question: &mut Question, side: &Side, account: Address) -> Self {
        let [_, s_vvv, diem] = side.contracts;
        let user = account;
        Self {
            s_vvv: question.ask(s_vvv, &IStakedVvv::balanceOfCall { account }, 1),
            unlocked: question.ask(s_vvv, &IStakedVvv::balanceOfUnlockedCall { user }, 1),
            stakes: question.ask(s_vvv, &IStakedVvv::stakesCall { user }, 3),
            locked: question.ask(s_vvv, &IStakedVvv::lockedStakesCall { user }, 2),
            pending: question.ask(s_vvv, &IStakedVvv::pendingRewardsCall { user }, 1),
            diem: question.ask(diem, &IDiem::balanceOfCall { account }, 1),
            position: question.ask(diem, &IDiem::positionCall { account }, 3),
            staked: question.ask(diem, &IDiem::stakedInfosCall { account }, 3),
            line: question.ask(diem, &IDiem::lineOfCall { account }, 6),
            leased: question.ask(diem, &IDiem::leasedOutCall { account }, 1),
        }
    }
}

/// What is asked of a lease; of one that is not open there is no answer.
struct Lease {
    terms: Place,
    line: Place,
}

impl Lease {
    fn ask(question: &mut Question, side: &Side, id: u64) -> Self {
        let ([.., diem], id) = (side.contracts, U256::from(id));
        Self {
            terms: question.ask(diem, &IDiem::leaseOfCall { id }, 5),
            line: question.ask(diem, &IDiem::leaseLineOfCall { id }, 6),
        }
    }
}

/// The totals, and everybody who may have a part in them.
struct Books {
    answers: Answers,
    accounts: Vec<(Address, Account)>,
    leases: Vec<Lease>,
    vvv_held: Place,
    staked: Place,
    locked: Place,
    reserve: Place,
    locked_yield: Place,
    supply: Place,
    diem_held: Place,
    diem_staked: Place,
    fees: Place,
}

impl Books {
    fn of(side: &Side) -> Self {
        let [vvv, s_vvv, diem] = side.contracts;
        let mut question = Question::default();
        let accounts = side.everybody().into_iter();
        let accounts = accounts
            .map(|account| (account, Account::ask(&mut question, side, account)))
            .collect();
        let leases = (1..=LEASES)
            .map(|id| Lease::ask(&mut question, side, id))
            .collect();
        let held = |account| {
            (
                IVVV::balanceOfCall { account },
                IDiem::balanceOfCall { account },
            )
        };
        Self {
            accounts,
            leases,
            vvv_held: question.ask(vvv, &held(s_vvv).0, 1),
            staked: question.ask(s_vvv, &IStakedVvv::totalSupplyCall {}, 1),
            locked: question.ask(s_vvv, &IStakedVvv::totalLockedStakedVVVCall {}, 1),
            reserve: question.ask(s_vvv, &IStakedVvv::rewardReserveCall {}, 1),
            locked_yield: question.ask(s_vvv, &IStakedVvv::lockedYieldCall {}, 2),
            supply: question.ask(diem, &IDiem::totalSupplyCall {}, 1),
            diem_held: question.ask(diem, &held(diem).1, 1),
            diem_staked: question.ask(diem, &IDiem::totalStakedCall {}, 1),
            fees: question.ask(diem, &IDiem::pendingFeesCall {}, 1),
            answers: question.answered(side),
        }
    }

    /// A word of an answer about each account, added up.
    fn total(&self, place: fn(&Account) -> Place, word: usize) -> U256 {
        let places = self.accounts.iter().map(|(_, account)| place(account));
        self.answers.sum(places, word)
    }

    fn word(&self, place: Place) -> U256 {
        self.answers.word(place, 0)
    }

    fn solvent(&self) {
        let (earned, paid) = (
            self.word(self.locked_yield),
            self.answers.word(self.locked_yield, 1),
        );
        let net = self.total(|account| account.position, 2);
        let promised = net + self.word(self.fees) + paid;
        assert!(
            promised <= earned,
            "I-4: {promised} promised or paid of {earned} earned"
        );
        // What `claim` would pay is the part of free sVVV, and the net yield of the locked part.
        let free = self.total(|account| account.pending, 0);
        let free = free.checked_sub(net).expect("`claim` pays the net yield");
        let cooling = self.total(|account| account.stakes, 2);
        let (held, staked) = (self.word(self.vvv_held), self.word(self.staked));
        let owed = staked + cooling + free + (earned - paid) + self.word(self.reserve);
        assert!(held >= owed, "I-1: sVVV holds {held} VVV and owes {owed}");
        let balances = self.total(|account| account.s_vvv, 0);
        assert_eq!(balances, staked, "sVVV in accounts against the supply");
    }

    fn backed(&self) {
        let (supply, locked) = (self.word(self.supply), self.word(self.locked));
        for (total, expected, what) in [
            (self.total(|account| account.diem, 0), supply, "balances"),
            (
                self.total(|account| account.position, 1),
                supply,
                "outstanding",
            ),
            (self.total(|account| account.locked, 0), locked, "locked"),
        ] {
            assert_eq!(total, expected, "I-2: {what}");
        }
        for (address, account) in &self.accounts {
            let answers = &self.answers;
            let of = |place, word| answers.word(place, word);
            for word in [0, 1] {
                let (here, there) = (of(account.locked, word), of(account.position, word));
                assert_eq!(here, there, "I-2: both contracts about {address}");
            }
            let parts = of(account.unlocked, 0) + of(account.locked, 0);
            assert_eq!(of(account.s_vvv, 0), parts, "I-7: {address}");
        }
    }

    fn lent(&self) {
        let (held, staked) = (self.word(self.diem_held), self.word(self.diem_staked));
        let in_accounts =
            self.total(|account| account.staked, 0) + self.total(|account| account.staked, 2);
        assert_eq!(in_accounts, staked, "I-5: staked and cooling");
        assert!(held >= staked, "I-5: {held} DIEM held for {staked} staked");
        let open = self.leases.iter();
        let open: Vec<_> = open
            .filter(|lease| self.answers.words[lease.terms.0].is_some())
            .collect();
        let leased = self.answers.sum(open.iter().map(|lease| lease.terms), 2);
        assert_eq!(
            leased,
            self.total(|account| account.leased, 0),
            "L-4: leased out"
        );
        let lines = self.accounts.iter().map(|(_, account)| account.line);
        let lines: Vec<_> = lines.chain(open.iter().map(|lease| lease.line)).collect();
        for line in &lines {
            let (allowance, used) = (self.answers.word(*line, 1), self.answers.word(*line, 2));
            assert!(used <= allowance, "L-1: {used} used of {allowance}");
        }
        let promised = self.answers.sum(lines.into_iter(), 1);
        assert!(
            promised <= held,
            "L-4: {promised} dollars of today on {held} DIEM"
        );
    }
}

/// Checks them all, for everybody who may have something on this side.
///
/// # Panics
/// When one is broken, with its id.
pub(crate) fn check(side: &Side) {
    let books = Books::of(side);
    books.solvent();
    books.backed();
    books.lent();
}
