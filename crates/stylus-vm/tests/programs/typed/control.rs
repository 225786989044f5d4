//! Instructions that move control: blocks, branches and calls.

use wasm_encoder::{BlockType, Instruction as I};

use super::V32;
use super::body::{Body, Kind, Label};

impl Body<'_> {
    /// A block, loop or if that takes what lies on top, whatever it is.
    pub(super) fn nest(&mut self) {
        let kind = self.choices.pick(&[Kind::Block, Kind::Loop, Kind::If]);
        if kind == Kind::If {
            self.arrange(&[V32]);
            self.stack.pop();
        }
        let most = (self.stack.len() - self.base()).min(3);
        let taken = self.choices.below(most + 1);
        let height = self.stack.len() - taken;
        let params = self.stack[height..].to_vec();
        let results = self.choices.values(3);
        let block = match (params.as_slice(), results.as_slice()) {
            ([], []) => BlockType::Empty,
            ([], [one]) => BlockType::Result(*one),
            _ => BlockType::FunctionType(self.types.index((params.clone(), results.clone()))),
        };
        self.emit(match kind {
            Kind::Loop => I::Loop(block),
            Kind::If => I::If(block),
            _ => I::Block(block),
        });
        self.labels.push(Label {
            kind,
            carries: if kind == Kind::Loop {
                params.clone()
            } else {
                results.clone()
            },
            height,
        });
        if !self.sequence() {
            self.settle(&results);
        }
        if kind == Kind::If && (params != results || self.choices.one_in(2)) {
            self.stack.truncate(height);
            self.stack.extend_from_slice(&params);
            self.emit(I::Else);
            if !self.sequence() {
                self.settle(&results);
            }
        }
        self.labels.pop();
        self.emit(I::End);
        self.stack.truncate(height);
        self.stack.extend(results);
    }

    /// A label by its depth.
    fn label(&mut self) -> (u32, Label) {
        let index = self.choices.below(self.labels.len());
        let depth = (self.labels.len() - 1 - index) as u32;
        (depth, self.labels[index].clone())
    }

    /// A condition; that of a loop holds only so many times.
    fn condition(&mut self, label: &Label) {
        self.supply(V32);
        if label.kind == Kind::Loop {
            let rounds = self.rounds();
            for instruction in [
                I::Drop,
                I::LocalGet(rounds),
                I::I32Const(1),
                I::I32Sub,
                I::LocalTee(rounds),
                I::I32Const(0),
                I::I32GtS,
            ] {
                self.emit(instruction);
            }
        } else if self.choices.one_in(2) {
            self.emit(I::I32Const(1));
            self.emit(I::I32And);
        }
    }

    pub(super) fn branch_if(&mut self) {
        let (depth, label) = self.label();
        if self.labels.len() == 1 && self.callable == self.helpers.len() {
            return; // the entry point ends in one place
        }
        if label.kind == Kind::Function && self.callable == self.helpers.len() {
            return;
        }
        self.arrange(&label.carries);
        self.condition(&label);
        self.stack.pop();
        self.emit(I::BrIf(depth));
    }

    /// Leaves the block for good: by a branch, a table, a return or a trap.
    pub(super) fn leave(&mut self) -> bool {
        if self.labels.len() < 2 || self.choices.one_in(2) {
            return false;
        }
        let is_entry = self.callable == self.helpers.len();
        let forward: Vec<u32> = (0..self.labels.len())
            .filter(|index| match self.labels[*index].kind {
                Kind::Loop => false,
                Kind::Function => !is_entry,
                Kind::Block | Kind::If => true,
            })
            .map(|index| (self.labels.len() - 1 - index) as u32)
            .collect();
        let Some(first) = (!forward.is_empty()).then(|| self.choices.pick(&forward)) else {
            return false;
        };
        let at =
            |body: &Self, depth: u32| body.labels[body.labels.len() - 1 - depth as usize].clone();
        let carries = at(self, first).carries;
        match self.choices.below(6) {
            0 => {
                self.arrange(&carries);
                self.emit(I::Br(first));
            }
            1..=3 => {
                let alike: Vec<u32> = forward
                    .into_iter()
                    .filter(|depth| at(self, *depth).carries == carries)
                    .collect();
                let count = self.choices.below(5);
                let targets: Vec<u32> = (0..count).map(|_| self.choices.pick(&alike)).collect();
                self.arrange(&carries);
                self.supply(V32);
                if self.choices.one_in(2) {
                    self.emit(I::I32Const(3));
                    self.emit(I::I32And);
                }
                self.emit(I::BrTable(targets.into(), first));
            }
            4 if !is_entry => {
                let results = self.labels[0].carries.clone();
                self.arrange(&results);
                self.emit(I::Return);
            }
            5 if self.choices.one_in(8) => self.emit(I::Unreachable),
            _ => return false,
        }
        // Code that nothing reaches.
        for _ in 0..self.choices.below(3) {
            match self.choices.below(4) {
                0 => self.emit(I::Nop),
                1 => self.code.extend([I::I64Eqz, I::Drop]),
                2 => self.code.extend([I::I32Add, I::I64ExtendI32U, I::Drop]),
                _ => self.code.extend([I::I32Const(1), I::Drop]),
            }
        }
        true
    }

    pub(super) fn call(&mut self) {
        let first = self.imported.len() as u32;
        if self.callable == self.helpers.len() && self.choices.one_in(2) {
            let (params, results) = self.choices.pick(self.helpers);
            self.arrange(&params);
            self.supply(V32);
            if !self.choices.one_in(12) {
                self.emit(I::I32Const(3));
                self.emit(I::I32And);
                self.emit(I::I32Const(1));
                self.emit(I::I32Add);
            }
            let type_index = self.types.index((params.clone(), results.clone()));
            self.stack.truncate(self.stack.len() - params.len() - 1);
            self.emit(I::CallIndirect {
                type_index,
                table_index: 0,
            });
            self.stack.extend(results);
        } else if self.callable > 0 {
            let callee = self.choices.below(self.callable);
            let (params, results) = self.helpers[callee].clone();
            self.arrange(&params);
            self.stack.truncate(self.stack.len() - params.len());
            self.emit(I::Call(first + callee as u32));
            self.stack.extend(results);
        }
    }

    pub(super) fn call_host(&mut self) {
        let index = self.choices.below(self.imported.len());
        let (name, (params, results)) = self.imported[index].clone();
        if name == "exit_early" && !self.choices.one_in(6) {
            return;
        }
        for ty in &params {
            self.supply(*ty);
            if *ty == V32 {
                self.emit(I::I32Const(0xfff));
                self.emit(I::I32And);
            }
        }
        self.stack.truncate(self.stack.len() - params.len());
        self.emit(I::Call(index as u32));
        self.stack.extend(results);
    }
}
