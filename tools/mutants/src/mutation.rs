//! Mutants, and the places that have them.

use std::ops::Range;

/// One change at one place.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// Its number in this build; 0 until it has one.
    pub id: u32,
    /// Whether it is left out because it does not compile.
    pub dropped: bool,
    /// Line and column of the place, from 1 on.
    pub place: (usize, usize),
    /// The function.
    pub function: String,
    /// How many mutants of the same name come before it in its room.
    pub before: usize,
    /// What changes, in words.
    pub change: String,
    /// What the place says instead: an expression, an operator; empty where the kind of the place says it all.
    pub instead: String,
}

impl Mutant {
    /// Its name, which does not move with the lines: room, function, change, and the ordinal where several are the same.
    pub fn name(&self, room: &str) -> String {
        let ordinal = match self.before {
            0 => String::new(),
            before => format!(" #{}", before + 1),
        };
        format!("{room} {}: {}{ordinal}", self.function, self.change)
    }

    /// Number, room, place and name as a line of JSON.
    pub fn json(&self, room: &str) -> serde_json::Value {
        let (line, column) = self.place;
        serde_json::json!({
            "id": self.id,
            "room": room,
            "place": format!("{room}:{line}:{column}"),
            "name": self.name(room),
            "dropped": self.dropped,
        })
    }
}

/// Bytes of the source.
pub type Span = Range<usize>;

/// A place with its mutants.
#[derive(Clone, Debug)]
pub struct Site {
    /// What is replaced.
    pub span: Span,
    /// What stands there.
    pub kind: Kind,
    /// Its mutants, never none.
    pub mutants: Vec<Mutant>,
}

/// What stands at a place, and how a mutant changes it.
#[derive(Clone, Debug)]
pub enum Kind {
    /// The beginning of a function's body: returns something else at once.
    Body,
    /// `left operator right`, both evaluated: another operator.
    Binary {
        left: Span,
        operator: String,
        right: Span,
    },
    /// `left && right` or `left || right`: the other one.
    Lazy { left: Span, and: bool, right: Span },
    /// `left operator= right`: another operator.
    Assign {
        left: Span,
        operator: String,
        right: Span,
    },
    /// `!operand` or `-operand`: without it.
    Unary { operand: Span },
    /// A condition: always or never true.
    Condition,
    /// The end of a match arm's pattern, and its guard's condition if it has one: the arm never matches.
    Arm { guard: Option<Span> },
    /// A statement: left out.
    Statement,
    /// A number: another one.
    Number,
    /// Not a mutant: `const ` of a function whose body has mutants.
    Const,
}

impl Site {
    /// Keeps the mutants that `keep` says.
    pub fn keep(&mut self, keep: impl FnMut(&mut Mutant) -> bool) {
        self.mutants.retain_mut(keep);
    }
}
