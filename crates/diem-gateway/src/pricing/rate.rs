//! The prices of one model, and the cost of what was used of it.

use crate::money::Usd;

/// Rates are in units of 1e-24 dollar; a million of them for one unit of [`Usd`].
const RATE_PER_UNIT: u128 = 1_000_000;

/// A price for one token or pixel, in units of 1e-24 dollar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(pub u128);

/// What a request used. `cached` is a part of `input`, never beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tokens read, the cached ones among them.
    pub input: u64,
    /// Those of `input` that the upstream had in its cache.
    pub cached: u64,
    /// Tokens written.
    pub output: u64,
    /// Images made.
    pub images: u64,
    /// Pixels of one image, where the model is priced by them.
    pub pixels: u64,
}

/// A cost past 128 bits.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the cost of {0:?} is past 128 bits")]
pub struct PastRange(pub Counts);

/// The prices of one model, and its limits where the table states them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelPrice {
    /// For each token read.
    pub input: Rate,
    /// For each token read from the upstream's cache; `input`'s where the table says nothing.
    pub cached: Rate,
    /// For each token written.
    pub output: Rate,
    /// For each request, beside its tokens.
    pub request: Usd,
    /// For each image made.
    pub image: Usd,
    /// For each pixel of an image made.
    pub pixel: Rate,
    /// The most tokens that the model reads.
    pub max_input: Option<u64>,
    /// The most tokens that the model writes in an answer.
    pub max_output: Option<u64>,
    /// The most tokens that one image or file in a request is read as.
    pub image_input: u64,
}

impl ModelPrice {
    /// What `counts` cost, rounded up to a unit of 1e-18 dollar, once, in the gateway's favour: the sum of many requests
    /// never pays less than their exact price. `cached` beyond `input` counts as `input`.
    pub fn cost_up(&self, counts: Counts) -> Result<Usd, PastRange> {
        self.sum(counts).ok_or(PastRange(counts))
    }

    fn sum(&self, counts: Counts) -> Option<Usd> {
        let cached = counts.cached.min(counts.input);
        let times = |rate: Rate, count: u64| rate.0.checked_mul(u128::from(count));
        let rates = times(self.input, counts.input - cached)?
            .checked_add(times(self.cached, cached)?)?
            .checked_add(times(self.output, counts.output)?)?
            .checked_add(times(
                self.pixel,
                counts.images.checked_mul(counts.pixels)?,
            )?)?;
        let images = self.image.0.checked_mul(u128::from(counts.images))?;
        Usd(rates.div_ceil(RATE_PER_UNIT))
            .checked_add(self.request)?
            .checked_add(Usd(images))
    }

    /// The most that reading `input` tokens can cost, cached or not, the price of the request with it. Rounded up.
    pub fn reading_up(&self, input: u64) -> Result<Usd, PastRange> {
        let cached = if self.cached > self.input { input } else { 0 };
        self.cost_up(Counts {
            input,
            cached,
            ..Counts::default()
        })
    }

    /// How many tokens in each of `choices` answers `amount` pays for, after `input` tokens were read. Rounded down,
    /// so that a request which writes so many stays within `amount`. `None`: the model's output is free.
    pub fn affordable_output_down(
        &self,
        amount: Usd,
        input: u64,
        choices: u64,
    ) -> Result<Option<u64>, PastRange> {
        if self.output.0 == 0 {
            return Ok(None);
        }
        let reading = self.reading_up(input)?;
        let rest = amount.saturating_sub(reading).0;
        let tokens = match rest.checked_mul(RATE_PER_UNIT) {
            Some(rates) => rates / self.output.0,
            None => rest / self.output.0.div_ceil(RATE_PER_UNIT),
        } / u128::from(choices.max(1));
        Ok(Some(u64::try_from(tokens).unwrap_or(u64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn price(input: u128, cached: u128, output: u128) -> ModelPrice {
        ModelPrice {
            input: Rate(input),
            cached: Rate(cached),
            output: Rate(output),
            request: Usd::ZERO,
            image: Usd::ZERO,
            pixel: Rate(0),
            max_input: None,
            max_output: None,
            image_input: 0,
        }
    }

    #[test]
    fn cached_tokens_are_a_part_of_the_input_not_beside_it() {
        // 0.15 and 0.075 dollars per million tokens read, 0.60 per million written.
        let price = price(
            150_000_000_000_000_000,
            75_000_000_000_000_000,
            600_000_000_000_000_000,
        );
        let counts = Counts {
            input: 1000,
            cached: 400,
            output: 10,
            ..Counts::default()
        };
        // 600 x 1.5e-7 + 400 x 7.5e-8 + 10 x 6e-7
        assert_eq!(price.cost_up(counts), Ok(Usd(126_000_000_000_000)));
        let all = Counts {
            cached: 5000,
            ..counts
        };
        assert_eq!(
            price.cost_up(all),
            price.cost_up(Counts {
                cached: 1000,
                ..counts
            })
        );
    }

    #[test]
    fn a_part_of_a_unit_is_charged_as_a_whole_one() {
        assert_eq!(
            price(1, 1, 1).cost_up(Counts {
                input: 1,
                ..Counts::default()
            }),
            Ok(Usd(1))
        );
        assert_eq!(
            price(1, 1, 1).cost_up(Counts {
                input: 500_000,
                output: 500_001,
                ..Counts::default()
            }),
            Ok(Usd(2))
        );
    }

    #[test]
    fn a_cost_past_128_bits_is_refused_not_wrapped() {
        let counts = Counts {
            input: u64::MAX,
            ..Counts::default()
        };
        assert_eq!(
            price(u128::MAX, 0, 0).cost_up(counts),
            Err(PastRange(counts))
        );
    }

    proptest! {
        #[test]
        fn what_an_amount_affords_costs_no_more_than_it_and_one_token_more_would(
            input_rate in 0..10_u128.pow(19), output_rate in 1..10_u128.pow(20),
            amount in 0..10_u128.pow(20), input in 0..1_000_000_u64, choices in 1..4_u64,
        ) {
            let price = price(input_rate, input_rate / 2, output_rate);
            let reading = price.reading_up(input).unwrap();
            prop_assume!(reading.0 <= amount);
            let tokens = price.affordable_output_down(Usd(amount), input, choices).unwrap().unwrap();
            let cost = |each: u64| price.cost_up(Counts { input, output: each * choices, ..Counts::default() }).unwrap().0;
            prop_assert!(cost(tokens) <= amount);
            // At most the part of a unit lost to rounding the reading up is left.
            prop_assert!(cost(tokens + 1) + 1 > amount);
        }
    }
}
