//! Operands of known values, each out of a place of its own.

use super::cases::{Case, Type};

/// Salts of operands.
const WAITING: u64 = 16;
const PARAMS: u64 = 24;
const BETWEEN: u64 = 32;
pub(super) const INNER: u64 = 33;
pub(super) const CALLER: u64 = 40;
/// Where operands lie that are loaded.
const LOADED: u64 = 4_096;

/// An operand of a known value, from a constant, a local, a global or memory.
#[derive(Clone, Copy)]
pub(super) struct Operand {
    pub(super) ty: Type,
    /// Zero-extended.
    pub(super) value: u64,
    id: u64,
}

impl Operand {
    pub(super) fn list(case: &Case, salt: u64, types: &[Type]) -> Vec<Self> {
        let operand = |(at, ty): (usize, &Type)| {
            let id = salt + at as u64;
            let value = match ty {
                Type::I32 => u64::from(case.mixed(id) as u32),
                Type::I64 => case.mixed(id),
            };
            Self { ty: *ty, value, id }
        };
        types.iter().enumerate().map(operand).collect()
    }

    pub(super) fn waiting(case: &Case) -> Vec<Self> {
        Self::list(case, WAITING, case.waiting)
    }

    pub(super) fn params(case: &Case) -> Vec<Self> {
        Self::list(case, PARAMS, case.params)
    }

    fn source(&self) -> u64 {
        self.value.count_ones() as u64 % 4
    }

    /// Puts the value where it comes from.
    pub(super) fn place(&self) -> String {
        let Self { id, .. } = self;
        self.set_source(self.value as i64, *id)
    }

    /// Makes its source say something else: who waits must not notice.
    pub(super) fn spoil(&self) -> String {
        self.set_source(-7, self.id)
    }

    fn set_source(&self, value: i64, id: u64) -> String {
        let (ty, value) = (self.ty.name(), self.ty.literal(value));
        match self.source() {
            0 => String::new(),
            1 => format!("(local.set $v{id} ({ty}.const {value}))\n"),
            2 => format!("(global.set $g{id} ({ty}.const {value}))\n"),
            _ => format!(
                "({ty}.store (i32.const {}) ({ty}.const {value}))\n",
                LOADED + 8 * id
            ),
        }
    }

    pub(super) fn get(&self) -> String {
        let (id, ty) = (self.id, self.ty.name());
        match self.source() {
            0 => format!("{ty}.const {}\n", self.ty.literal(self.value as i64)),
            1 => format!("local.get $v{id}\n"),
            2 => format!("global.get $g{id}\n"),
            _ => format!("({ty}.load (i32.const {}))\n", LOADED + 8 * id),
        }
    }

    pub(super) fn local(&self) -> String {
        format!("(local $v{} {})\n", self.id, self.ty.name())
    }

    pub(super) fn global(&self) -> String {
        let ty = self.ty.name();
        format!("(global $g{} (mut {ty}) ({ty}.const 0))\n", self.id)
    }
}

/// What waits between the block and the one around it.
pub(super) fn litter(case: &Case) -> Operand {
    Operand::list(case, BETWEEN, &[Type::I64])[0]
}

impl Type {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::I32 => "i32",
            Self::I64 => "i64",
        }
    }

    pub(super) const fn literal(self, value: i64) -> i64 {
        match self {
            Self::I32 => value as i32 as i64,
            Self::I64 => value,
        }
    }
}
