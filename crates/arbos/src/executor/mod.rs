//! The state transition as a function: (state, block, transaction) → outcome.

mod options;

pub use options::{ExecOptions, Mode};
