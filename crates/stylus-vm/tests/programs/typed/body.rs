//! The body of a function as it is made: instructions, and the types on the stack.

use wasm_encoder::{Function, Instruction as I, ValType};

use super::choices::Choices;
use super::values::plain;
use super::{GLOBALS, SUM, Signature, Types, V32, V64};

/// Instructions that a function may spend before it only tidies up.
const BUDGET: u32 = 140;
/// Deepest nesting of blocks.
pub(super) const DEPTH: usize = 7;
/// Times that loops of one call of a function go round, all together.
const ROUNDS: i32 = 12;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Function,
    Block,
    Loop,
    If,
}

/// A label that can be branched to.
#[derive(Clone)]
pub(super) struct Label {
    pub(super) kind: Kind,
    /// What a branch to it carries.
    pub(super) carries: Vec<ValType>,
    /// Operands below it.
    pub(super) height: usize,
}

/// The body of a function as it is made.
pub(super) struct Body<'a> {
    pub(super) choices: &'a mut Choices,
    pub(super) types: &'a mut Types,
    pub(super) imported: &'a [(&'static str, Signature)],
    pub(super) helpers: &'a [Signature],
    /// Helpers that may be called directly: those before this function.
    pub(super) callable: usize,
    pub(super) code: Vec<I<'static>>,
    pub(super) stack: Vec<ValType>,
    pub(super) labels: Vec<Label>,
    pub(super) locals: Vec<ValType>,
    pub(super) params: usize,
    pub(super) budget: u32,
}

impl<'a> Body<'a> {
    pub(super) fn new(
        choices: &'a mut Choices,
        types: &'a mut Types,
        imported: &'a [(&'static str, Signature)],
        helpers: &'a [Signature],
        callable: usize,
    ) -> Self {
        Self {
            choices,
            types,
            imported,
            helpers,
            callable,
            code: Vec::new(),
            stack: Vec::new(),
            labels: Vec::new(),
            locals: Vec::new(),
            params: 0,
            budget: BUDGET,
        }
    }

    pub(super) fn write(
        mut self,
        params: Vec<ValType>,
        results: Vec<ValType>,
        is_entry: bool,
    ) -> Function {
        self.params = params.len();
        self.locals = params;
        // One of each kind at least, and the counter of the rounds, which is the last.
        self.locals.extend([V32, V64]);
        let more = self.choices.values(4);
        self.locals.extend(more);
        self.locals.push(V32);
        self.code
            .extend([I::I32Const(ROUNDS), I::LocalSet(self.rounds())]);
        if is_entry {
            self.code
                .extend([I::I32Const(200), I::Call(self.host("read_args"))]);
        }
        self.labels.push(Label {
            kind: Kind::Function,
            carries: results.clone(),
            height: 0,
        });
        let ended = self.sequence();
        if is_entry {
            if !ended {
                self.tidy(0);
            }
            self.report();
        } else if !ended {
            self.settle(&results);
        }
        self.code.push(I::End);
        let mut function = Function::new_with_locals_types(self.locals[self.params..].to_vec());
        for instruction in &self.code {
            function.instruction(instruction);
        }
        function
    }

    pub(super) fn rounds(&self) -> u32 {
        self.locals.len() as u32 - 1
    }

    fn host(&self, name: &str) -> u32 {
        self.imported
            .iter()
            .position(|(known, _)| *known == name)
            .unwrap() as u32
    }

    /// Stores what locals and globals hold, and returns all memory.
    fn report(&mut self) {
        let mut at = 40_000;
        let values =
            (0..self.locals.len() as u32).map(|n| (I::LocalGet(n), self.locals[n as usize]));
        let globals = (0..GLOBALS.len() as u32).map(|n| (I::GlobalGet(n), GLOBALS[n as usize]));
        let all: Vec<_> = values.chain(globals).collect();
        for (get, ty) in all {
            self.code.extend([I::I32Const(at), get]);
            self.code.push(match ty {
                V32 => I::I32Store(plain(0)),
                _ => I::I64Store(plain(0)),
            });
            at += 8;
        }
        self.code.extend([
            I::I32Const(0),
            I::I32Const(65_536),
            I::Call(self.host("write_result")),
            I::GlobalGet(SUM),
            I::I32WrapI64,
            I::I32Const(1),
            I::I32And,
        ]);
    }

    pub(super) fn base(&self) -> usize {
        self.labels.last().unwrap().height
    }

    pub(super) fn emit(&mut self, instruction: I<'static>) {
        self.budget = self.budget.saturating_sub(1);
        self.code.push(instruction);
    }

    pub(super) fn push(&mut self, ty: ValType, instruction: I<'static>) {
        self.emit(instruction);
        self.stack.push(ty);
    }

    /// Puts a value of a type on the stack.
    pub(super) fn supply(&mut self, ty: ValType) {
        let locals = self.of_type(&self.locals[..self.locals.len() - 1], ty);
        let globals = self.of_type(&GLOBALS, ty);
        let instruction = match self.choices.below(5) {
            0 => I::GlobalGet(self.choices.pick(&globals)),
            1 | 2 => I::LocalGet(self.choices.pick(&locals)),
            _ if ty == V32 => I::I32Const(self.choices.constant() as i32),
            _ => I::I64Const(self.choices.constant()),
        };
        self.push(ty, instruction);
    }

    pub(super) fn of_type(&self, list: &[ValType], ty: ValType) -> Vec<u32> {
        let fits = list.iter().enumerate().filter(|(_, known)| **known == ty);
        fits.map(|(index, _)| index as u32).collect()
    }

    /// Types of the topmost operands of this block, the deepest first.
    pub(super) fn top(&self, count: usize) -> Option<&[ValType]> {
        let from = self.stack.len().checked_sub(count)?;
        (from >= self.base()).then(|| &self.stack[from..])
    }

    /// Makes the topmost operands be of these types, using what is there where it fits.
    pub(super) fn arrange(&mut self, wanted: &[ValType]) {
        let there = (0..=wanted.len())
            .rev()
            .find(|count| self.top(*count).is_some_and(|top| *top == wanted[..*count]))
            .unwrap_or(0);
        for ty in &wanted[there..] {
            self.supply(*ty);
        }
    }

    /// Adds the operands above a height to the sum.
    pub(super) fn tidy(&mut self, height: usize) {
        while self.stack.len() > height {
            let ty = self.stack.pop().unwrap();
            if ty == V32 {
                self.code.push(I::I64ExtendI32U);
            }
            self.code.extend([
                I::GlobalGet(SUM),
                I::I64Const(7),
                I::I64Rotl,
                I::I64Xor,
                I::GlobalSet(SUM),
            ]);
        }
    }

    /// Leaves exactly these operands in this block.
    pub(super) fn settle(&mut self, results: &[ValType]) {
        let base = self.base();
        if self.stack[base..] == *results && !self.choices.one_in(4) {
            return;
        }
        self.tidy(base);
        for ty in results {
            self.supply(*ty);
        }
    }

    /// Instructions until the block is full; true when control cannot come to its end.
    pub(super) fn sequence(&mut self) -> bool {
        let mut left = 3 + self.choices.below(16);
        while left > 0 && self.budget > 0 {
            left -= 1;
            if self.step() {
                return true;
            }
        }
        false
    }

    fn step(&mut self) -> bool {
        match self.choices.below(30) {
            0..=5 => {
                let ty = self.choices.value();
                self.supply(ty);
            }
            6..=9 => self.binary(),
            10 => self.unary(),
            11 => self.load(),
            12 => self.store(),
            13 | 14 => self.assign(),
            15 => self.select(),
            16..=20 if self.labels.len() < DEPTH => self.nest(),
            21..=23 => self.branch_if(),
            24 => return self.leave(),
            25 => self.call(),
            26 => self.call_host(),
            27 => self.bulk(),
            28 => {
                if self.top(1).is_some() {
                    self.stack.pop();
                    self.emit(I::Drop);
                }
            }
            _ => self.grow(),
        }
        false
    }
}
