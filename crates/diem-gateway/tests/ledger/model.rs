//! What lines and keys hold, by the rules: no sum is kept, each is added up anew when it is asked for.

use std::collections::BTreeMap;

use diem_gateway::{
    ledger::{Ending, Period, RequestId},
    line::Epoch,
    money::Usd,
};

/// Two days before a month's end.
pub(crate) const FIRST: Epoch = 20_786;
pub(crate) const NEXT_MONTH: Epoch = 20_788;

/// Keys and their lines: two on the first, one on the second.
pub(crate) const KEYS: [(u128, u8); 3] = [(1, 2), (2, 2), (3, 3)];

/// A period by its kind and first day; months by their number.
pub(crate) type Span = (Period, Epoch);

pub(crate) fn span(period: Period, epoch: Epoch) -> Span {
    let first = match period {
        Period::Epoch => epoch,
        Period::Month => u32::from(epoch >= NEXT_MONTH),
        Period::Lifetime => 0,
    };
    (period, first)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    Ended(Ending),
}

#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) id: RequestId,
    pub(crate) key: usize,
    pub(crate) epoch: Epoch,
    pub(crate) reserved: u128,
    pub(crate) span: Option<Span>,
    pub(crate) state: State,
}

impl Asked {
    pub(crate) fn holds(&self) -> u128 {
        match self.state {
            State::Open => self.reserved,
            State::Ended(Ending::Committed(charged)) => charged.0,
            State::Ended(Ending::Released) => 0,
        }
    }
}

#[derive(Clone, Copy, Default)]
pub(crate) struct Limit {
    pub(crate) limit: Option<u128>,
    pub(crate) period: Option<Period>,
    pub(crate) span: Option<Span>,
}

pub(crate) struct Model {
    pub(crate) epoch: Epoch,
    /// Allowance, and what others settled.
    pub(crate) lines: BTreeMap<(usize, Epoch), (u128, u128)>,
    pub(crate) asked: Vec<Asked>,
    pub(crate) limits: [Limit; 3],
    /// Body and request of a name, by key and name.
    pub(crate) names: BTreeMap<(usize, u8), (u8, RequestId)>,
}

impl Model {
    pub(crate) fn new() -> Self {
        let unlimited = Limit {
            period: Some(Period::Epoch),
            ..Limit::default()
        };
        Self {
            epoch: FIRST,
            lines: BTreeMap::new(),
            asked: Vec::new(),
            limits: [unlimited; 3],
            names: BTreeMap::new(),
        }
    }

    pub(crate) fn line_of(key: usize) -> usize {
        usize::from(KEYS[key].1 == 3)
    }

    /// Allowance, committed and held; `None` where the line was not observed.
    pub(crate) fn line(&self, line: usize, epoch: Epoch) -> Option<(u128, u128, u128)> {
        let (allowance, opening) = *self.lines.get(&(line, epoch))?;
        let of = |open: bool| -> u128 {
            let here = self
                .asked
                .iter()
                .filter(|r| Self::line_of(r.key) == line && r.epoch == epoch);
            here.filter(|r| open || r.state != State::Open)
                .map(Asked::holds)
                .sum()
        };
        Some((allowance, opening + of(false), opening + of(true)))
    }

    pub(crate) fn counted(&self, key: usize) -> u128 {
        let span = self.limits[key].span;
        self.asked
            .iter()
            .filter(|r| r.key == key && span.is_some() && r.span == span)
            .map(Asked::holds)
            .sum()
    }

    /// What a key's limit leaves a new request.
    pub(crate) fn left(&self, key: usize) -> Option<u128> {
        let Limit {
            limit,
            period,
            span: counting,
        } = self.limits[key];
        let held = if counting == Some(span(period?, self.epoch)) {
            self.counted(key)
        } else {
            0
        };
        Some(limit?.saturating_sub(held))
    }

    /// Whether a key holds more than its limit.
    pub(crate) fn over(&self, key: usize) -> bool {
        let Limit {
            limit,
            period,
            span: counting,
        } = self.limits[key];
        let current = period.map(|period| span(period, self.epoch));
        limit.is_some_and(|limit| counting == current && self.counted(key) > limit)
    }

    /// What an open request may be raised by.
    pub(crate) fn room(&self, asked: &Asked) -> u128 {
        let (allowance, _, held) = self.line(Self::line_of(asked.key), asked.epoch).unwrap();
        let limit = self.limits[asked.key];
        let room = allowance - held;
        match limit.limit {
            Some(limit) if asked.span.is_some() && asked.span == self.limits[asked.key].span => {
                room.min(limit.saturating_sub(self.counted(asked.key)))
            }
            _ => room,
        }
    }

    pub(crate) fn reserved(&mut self, id: RequestId, key: usize, amount: u128) {
        let limit = self.limits[key];
        let counts = limit
            .limit
            .and(limit.period)
            .map(|period| span(period, self.epoch));
        if counts.is_some() {
            self.limits[key].span = counts;
        }
        let (epoch, state) = (self.epoch, State::Open);
        self.asked.push(Asked {
            id,
            key,
            epoch,
            reserved: amount,
            span: counts,
            state,
        });
    }

    pub(crate) fn all_died(&mut self) {
        for asked in &mut self.asked {
            if asked.state == State::Open {
                asked.state = State::Ended(Ending::Committed(Usd(asked.reserved)));
            }
        }
    }
}
