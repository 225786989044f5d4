//! What a model costs: price tables, the cost of what was used, the most that a request can cost.
//!
//! A price is exact: units of 1e-24 dollar for each token, so that a table which speaks of dollars per million tokens
//! and one which speaks of dollars per token both fit without a remainder. Only a cost is rounded, once, up.

mod count;
mod decimal;
mod litellm;
mod rate;
mod table;
mod worst;

pub use count::own_count;
pub use decimal::{NotDecimal, decimal_up};
pub use rate::{Counts, ModelPrice, PastRange, Rate};
pub use table::{PriceError, Prices};
pub use worst::{Bound, Family, Unbounded, input_bound, output_bound, sold_with};
