//! A small seeded generator: the same seed gives the same history on every machine.

/// SplitMix64: one word of state, good enough to pick actors and amounts.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator whose whole future is decided by `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number in `0..bound`; 0 when the bound is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.bits().checked_rem(bound).unwrap_or(0)
    }

    /// True once in `n` draws.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// One of the choices.
    ///
    /// # Panics
    /// When there is nothing to choose from.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len() as u64) as usize]
    }

    /// An amount in `1..=most`, of every order of magnitude, with the edges drawn often; 0 when `most` is 0.
    pub fn amount(&mut self, most: u128) -> u128 {
        if most == 0 {
            return 0;
        }
        match self.below(8) {
            0 => most,
            1 => 1,
            2..=4 => 1 + self.wide() % most,
            _ => {
                let magnitude = self.below(u64::from(128 - most.leading_zeros()));
                (1 + self.wide() % (1_u128 << magnitude).max(1)).min(most)
            }
        }
    }

    fn wide(&mut self) -> u128 {
        u128::from(self.bits()) << 64 | u128::from(self.bits())
    }
}
