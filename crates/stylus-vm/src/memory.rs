//! The price of memory pages.
//!
//! A transaction owns two counters: pages open now and the most that were
//! ever open. Opening pages costs a linear part for pages beyond the free
//! ones and an exponential part for raising the high-water mark, which is
//! therefore never paid twice.

use crate::params::StylusParams;

/// Most pages that can be paid for: 8 MiB.
pub const MAX_PAYABLE_PAGES: u16 = 128;

/// Bytes of a page.
pub const PAGE_BYTES: usize = 65_536;

/// `floor(exp(pages * ln(31,874,000) / 128))`: gas of having ever opened so many pages.
const EXPONENTIAL_GAS: [u32; MAX_PAYABLE_PAGES as usize + 1] = [
    1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 5, 6, 7, //
    8, 9, 11, 12, 14, 17, 19, 22, 25, 29, 33, 38, 43, 50, 57, 65, //
    75, 85, 98, 112, 128, 147, 168, 193, 221, 253, 289, 331, 379, 434, 497, 569, //
    651, 745, 853, 976, 1_117, 1_279, 1_463, 1_675, 1_917, 2_194, 2_511, 2_874, 3_290, 3_765,
    4_309, 4_932, //
    5_645, 6_461, 7_395, 8_464, 9_687, 11_087, 12_689, 14_523, 16_621, 19_024, 21_773, 24_919,
    28_521, 32_642, 37_359, 42_758, //
    48_938, 56_010, 64_104, 73_368, 83_971, 96_106, 109_994, 125_890, 144_082, 164_904, 188_735,
    216_010, 247_226, 282_953, 323_844, 370_643, //
    424_206, 485_509, 555_672, 635_973, 727_880, 833_067, 953_456, 1_091_243, 1_248_941, 1_429_429,
    1_636_000, 1_872_423, 2_143_012, 2_452_704, 2_807_151, 3_212_820, //
    3_677_113, 4_208_502, 4_816_684, 5_512_756, 6_309_419, 7_221_210, 8_264_766, 9_459_129,
    10_826_093, 12_390_601, 14_181_199, 16_230_562, 18_576_084, 21_260_563, 24_332_984, 27_849_408,
    31_873_999,
];

/// Pages of one transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// Open now, over all live program frames.
    pub open: u16,
    /// The most that were ever open.
    pub ever: u16,
}

impl Pages {
    /// Gas for opening `new` more pages, without opening them.
    #[must_use]
    pub fn cost(&self, new: u16, params: &StylusParams) -> u64 {
        let next = self.with(new);
        let free = params.free_pages;
        if next.ever <= free {
            return 0;
        }
        let added = next
            .open
            .saturating_sub(free)
            .saturating_sub(self.open.saturating_sub(free));
        let linear = u64::from(params.page_gas) * u64::from(added);
        let exponential = exponential_gas(next.ever).saturating_sub(exponential_gas(self.ever));
        linear.saturating_add(exponential)
    }

    /// The counters after opening `new` more pages.
    #[must_use]
    pub fn with(&self, new: u16) -> Self {
        let open = self.open.saturating_add(new);
        Self {
            open,
            ever: self.ever.max(open),
        }
    }

    /// Opens `new` more pages and returns their gas.
    pub fn add(&mut self, new: u16, params: &StylusParams) -> u64 {
        let cost = self.cost(new, params);
        *self = self.with(new);
        cost
    }
}

/// Cannot be paid beyond [`MAX_PAYABLE_PAGES`].
fn exponential_gas(pages: u16) -> u64 {
    EXPONENTIAL_GAS
        .get(usize::from(pages))
        .map_or(u64::MAX, |gas| u64::from(*gas))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(open: u16, ever: u16, new: u16) -> u64 {
        Pages { open, ever }.cost(new, &StylusParams::default())
    }

    #[test]
    fn known_page_costs_hold() {
        assert_eq!(cost(0, 0, 17), 15_008);
        assert_eq!(cost(0, 0, 128), 31_999_998);
        assert_eq!(cost(17, 17, 1), 1_002);
        assert_eq!(cost(17, 17, 17), 17_089);
        assert_eq!(cost(1, 1, 100), 932_066);
        assert_eq!(cost(0, 0, 2), 0);
    }

    #[test]
    fn the_table_is_the_exponential() {
        let rate = 31_874_000f64.ln() / 128.0;
        for (pages, gas) in EXPONENTIAL_GAS.iter().enumerate() {
            assert_eq!(
                f64::from(*gas),
                (pages as f64 * rate).exp().floor(),
                "{pages} pages"
            );
        }
    }

    #[test]
    fn more_than_128_pages_cannot_be_paid() {
        assert!(cost(0, 0, 129) > u64::MAX / 2);
        assert!(cost(128, 128, 1) > u64::MAX / 2);
    }
}
