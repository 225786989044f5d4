//! A seed turned into choices.

use wasm_encoder::ValType;

use super::{V32, V64};

/// A stream of choices.
pub(super) struct Choices(pub(super) u64);

impl Choices {
    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 20
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub(super) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(super) fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    pub(super) fn value(&mut self) -> ValType {
        self.pick(&[V32, V64])
    }

    pub(super) fn values(&mut self, most: usize) -> Vec<ValType> {
        (0..self.below(most + 1)).map(|_| self.value()).collect()
    }

    pub(super) fn constant(&mut self) -> i64 {
        match self.below(4) {
            0 => self.pick(&[0, 1, -1, 2, 31, 32, 63, 64, 255, 65_535, 65_536]),
            1 => self.pick(&[
                i64::MIN,
                i64::MAX,
                i32::MIN.into(),
                i32::MAX.into(),
                u32::MAX.into(),
            ]),
            2 => self.below(300) as i64,
            _ => self.next() as i64,
        }
    }
}
