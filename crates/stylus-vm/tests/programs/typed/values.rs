//! Instructions that work on values and memory.

use wasm_encoder::{Instruction as I, MemArg, MemArgTarget};

use super::body::Body;
use super::{GLOBALS, V32, V64};

impl Body<'_> {
    pub(super) fn binary(&mut self) {
        let ty = self.choices.value();
        self.arrange(&[ty, ty]);
        let (narrow, wide): (&[I<'static>], &[I<'static>]) = match self.choices.below(8) {
            0..=3 => (
                &[
                    I::I32Add,
                    I::I32Sub,
                    I::I32Mul,
                    I::I32And,
                    I::I32Or,
                    I::I32Xor,
                    I::I32Shl,
                    I::I32ShrS,
                    I::I32ShrU,
                    I::I32Rotl,
                    I::I32Rotr,
                ],
                &[
                    I::I64Add,
                    I::I64Sub,
                    I::I64Mul,
                    I::I64And,
                    I::I64Or,
                    I::I64Xor,
                    I::I64Shl,
                    I::I64ShrS,
                    I::I64ShrU,
                    I::I64Rotl,
                    I::I64Rotr,
                ],
            ),
            4 if self.choices.one_in(2) => (
                &[I::I32DivS, I::I32DivU, I::I32RemS, I::I32RemU],
                &[I::I64DivS, I::I64DivU, I::I64RemS, I::I64RemU],
            ),
            _ => (
                &[
                    I::I32Eq,
                    I::I32Ne,
                    I::I32LtS,
                    I::I32LtU,
                    I::I32GtS,
                    I::I32GtU,
                    I::I32LeS,
                    I::I32LeU,
                    I::I32GeS,
                    I::I32GeU,
                ],
                &[
                    I::I64Eq,
                    I::I64Ne,
                    I::I64LtS,
                    I::I64LtU,
                    I::I64GtS,
                    I::I64GtU,
                    I::I64LeS,
                    I::I64LeU,
                    I::I64GeS,
                    I::I64GeU,
                ],
            ),
        };
        let compares = narrow.len() == 10;
        let instruction = self.choices.pick(if ty == V32 { narrow } else { wide });
        self.stack.truncate(self.stack.len() - 2);
        self.push(if compares { V32 } else { ty }, instruction);
    }

    pub(super) fn unary(&mut self) {
        let ty = self.choices.value();
        self.arrange(&[ty]);
        let (result, instruction) = self.choices.pick(if ty == V32 {
            &[
                (V32, I::I32Eqz),
                (V32, I::I32Clz),
                (V32, I::I32Ctz),
                (V32, I::I32Popcnt),
                (V32, I::I32Extend8S),
                (V32, I::I32Extend16S),
                (V64, I::I64ExtendI32S),
                (V64, I::I64ExtendI32U),
            ]
        } else {
            &[
                (V32, I::I64Eqz),
                (V64, I::I64Clz),
                (V64, I::I64Ctz),
                (V64, I::I64Popcnt),
                (V64, I::I64Extend8S),
                (V64, I::I64Extend16S),
                (V64, I::I64Extend32S),
                (V32, I::I32WrapI64),
            ]
        });
        self.stack.pop();
        self.push(result, instruction);
    }

    /// An address on the top, mostly inside of memory.
    fn address(&mut self) -> u64 {
        self.arrange(&[V32]);
        if !self.choices.one_in(40) {
            self.emit(I::I32Const(0x7fff));
            self.emit(I::I32And);
        }
        let far = [65_520, 65_536, 131_072];
        match self.choices.below(40) {
            0 => self.choices.pick(&far),
            _ => self.choices.below(64) as u64,
        }
    }

    pub(super) fn load(&mut self) {
        let at = plain(self.address());
        let (ty, instruction) = self.choices.pick(&[
            (V32, I::I32Load(at)),
            (V32, I::I32Load8S(at)),
            (V32, I::I32Load8U(at)),
            (V32, I::I32Load16S(at)),
            (V32, I::I32Load16U(at)),
            (V64, I::I64Load(at)),
            (V64, I::I64Load8S(at)),
            (V64, I::I64Load8U(at)),
            (V64, I::I64Load16S(at)),
            (V64, I::I64Load16U(at)),
            (V64, I::I64Load32S(at)),
            (V64, I::I64Load32U(at)),
        ]);
        self.stack.pop();
        self.push(ty, instruction);
    }

    pub(super) fn store(&mut self) {
        let at = plain(self.address());
        let ty = self.choices.value();
        // Sometimes what is stored is the address itself.
        if self.choices.one_in(3) {
            let local = self
                .choices
                .pick(&self.of_type(&self.locals.clone()[self.params..], V32));
            let local = (local + self.params as u32).min(self.rounds() - 1);
            if self.locals[local as usize] == V32 {
                self.emit(I::LocalTee(local));
                self.push(V32, I::LocalGet(local));
                if ty == V64 {
                    self.stack.pop();
                    self.push(V64, I::I64ExtendI32U);
                }
            } else {
                self.supply(ty);
            }
        } else {
            self.supply(ty);
        }
        let narrow = [I::I32Store(at), I::I32Store8(at), I::I32Store16(at)];
        let wide = [
            I::I64Store(at),
            I::I64Store8(at),
            I::I64Store16(at),
            I::I64Store32(at),
        ];
        let instruction = self
            .choices
            .pick(if ty == V32 { &narrow[..] } else { &wide[..] });
        let found = self.stack.pop();
        assert_eq!(found, Some(ty));
        self.stack.pop();
        self.emit(instruction);
    }

    pub(super) fn assign(&mut self) {
        let ty = self.choices.value();
        self.arrange(&[ty]);
        let locals = self.of_type(&self.locals[..self.locals.len() - 1], ty);
        let local = self.choices.pick(&locals);
        match self.choices.below(4) {
            0 => {
                let global = self.choices.pick(&self.of_type(&GLOBALS, ty));
                self.stack.pop();
                self.emit(I::GlobalSet(global));
            }
            1 | 2 => self.emit(I::LocalTee(local)),
            _ => {
                self.stack.pop();
                self.emit(I::LocalSet(local));
            }
        }
    }

    pub(super) fn select(&mut self) {
        let ty = self.choices.value();
        self.arrange(&[ty, ty]);
        self.supply(V32);
        self.stack.truncate(self.stack.len() - 2);
        self.emit(I::Select);
    }

    pub(super) fn bulk(&mut self) {
        for mask in [0x3fff, 0x3fff, 0xff] {
            self.supply(V32);
            self.emit(I::I32Const(mask));
            self.emit(I::I32And);
        }
        self.stack.truncate(self.stack.len() - 3);
        let fills = self.choices.one_in(2);
        self.emit(if fills {
            I::MemoryFill(0)
        } else {
            I::MemoryCopy {
                src_mem: 0,
                dst_mem: 0,
            }
        });
    }

    pub(super) fn grow(&mut self) {
        if self.choices.one_in(2) {
            return self.push(V32, I::MemorySize(0));
        }
        let pages = self.choices.pick(&[0, 0, 1, 1, 2, 65_536, -1]);
        self.push(V32, I::I32Const(pages));
        self.emit(I::MemoryGrow(0));
    }
}

pub(super) fn plain(offset: u64) -> MemArg {
    MemArg {
        offset,
        align: 0,
        target: MemArgTarget::Memory(0),
        ordering: None,
    }
}
