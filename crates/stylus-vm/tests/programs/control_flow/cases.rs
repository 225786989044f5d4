//! The combinations.

/// A type of an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    I32,
    I64,
}

use Type::{I32, I64};

/// Parameters and results that are tried, each with each.
const LISTS: [&[Type]; 5] = [&[], &[I32], &[I64], &[I32, I64], &[I64, I64, I32]];

/// What is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Block,
    Loop(Back),
    If {
        holds: bool,
    },
    /// An if whose parameters are its results where it does not hold.
    IfAlone {
        holds: bool,
    },
}

/// How a loop goes round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Back {
    Br,
    BrIf,
    BrTable,
}

/// Where a branch goes: to the end of the block itself or of those around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Own,
    Outer,
    Far,
}

/// How it is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    FallThrough,
    Br(Target),
    BrIf {
        to: Target,
        holds: bool,
    },
    /// The index given; see [`Case::table`].
    BrTable(i32),
    Return,
}

/// One module.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    /// Decides values and where they come from.
    pub(super) number: u64,
    pub(super) kind: Kind,
    pub(super) params: &'static [Type],
    pub(super) results: &'static [Type],
    pub(super) exit: Exit,
    /// Operands that wait below.
    pub(super) waiting: &'static [Type],
    /// Whether the parameters stay where they are until the block is left.
    pub(super) keeps: bool,
    /// Whether it is left from within one more block.
    pub(super) deep: bool,
}

impl Case {
    /// Targets of its branch table, the default last. A loop's own label is not one of its ends.
    pub(super) fn table(&self) -> [Target; 3] {
        match self.kind {
            Kind::Loop(_) => [Target::Outer, Target::Far, Target::Outer],
            _ => [Target::Own, Target::Far, Target::Outer],
        }
    }

    /// Whether a type stands in the module that ArbOS 60 refuses.
    pub(super) fn names_a_type(&self) -> bool {
        !self.params.is_empty() || self.results.len() > 1 || self.deep
    }

    /// A number that differs from case to case and for each use of it.
    pub(super) fn mixed(&self, salt: u64) -> u64 {
        let mut bits = (self.number << 8 | salt).wrapping_add(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ bits >> 31
    }
}

pub(super) fn cases() -> Vec<Case> {
    let kinds = [
        Kind::Block,
        Kind::Loop(Back::Br),
        Kind::Loop(Back::BrIf),
        Kind::Loop(Back::BrTable),
        Kind::If { holds: true },
        Kind::If { holds: false },
        Kind::IfAlone { holds: true },
        Kind::IfAlone { holds: false },
    ];
    let mut exits = vec![Exit::FallThrough, Exit::Return];
    for to in [Target::Own, Target::Outer] {
        exits.push(Exit::Br(to));
        exits.extend([true, false].map(|holds| Exit::BrIf { to, holds }));
    }
    exits.extend([0, 1, 2, -1].map(Exit::BrTable));

    let mut found = Vec::new();
    for kind in kinds {
        for params in LISTS {
            for results in LISTS {
                if matches!(kind, Kind::IfAlone { .. }) && params != results {
                    continue;
                }
                for exit in &exits {
                    let own =
                        matches!(exit, Exit::Br(to) | Exit::BrIf { to, .. } if *to == Target::Own);
                    if own && matches!(kind, Kind::Loop(_)) {
                        continue;
                    }
                    let number = found.len() as u64;
                    let case = Case {
                        number,
                        kind,
                        params,
                        results,
                        exit: *exit,
                        waiting: &[],
                        keeps: false,
                        deep: false,
                    };
                    found.push(Case {
                        waiting: LISTS[(case.mixed(1) % 5) as usize],
                        keeps: case.mixed(2).is_multiple_of(2),
                        deep: case.mixed(3).is_multiple_of(3),
                        ..case
                    });
                }
            }
        }
    }
    found
}
