//! Nitro's state transition: revm with Stylus frames, ArbOS state, precompiles, fees and tracing.
//!
//! Everything here is a function of its inputs: no sockets, no clock, no globals.
//! The node owns the chain; it reads outcomes and applies their state diffs.
//!
//! ```text
//! let executor = Executor::new(ChainConfig::default());
//! let started  = executor.start_block(&state, &parent, timestamp, l1_block_number);  // apply started.diff
//! let outcome  = executor.transact(&state, &started.env, &mut started.block, &tx, &options)?;  // apply outcome.diff
//! let gas      = executor.estimate(&state, &env, &tx, cap, &options)?;
//! ```

pub mod block;
pub mod error;
pub mod estimate;
pub mod executor;
pub mod fidelity;
mod frame;
pub mod gas;
pub mod gas_price;
pub mod genesis;
pub mod history;
pub mod host;
pub mod math;
pub mod outcome;
pub mod precompiles;
pub mod state;
pub mod trace;
pub mod tx;
pub mod upgrades;
pub mod world;

pub use block::{ParentBlock, StartedBlock};
pub use error::{ExecError, TxError};
pub use estimate::EstimateError;
pub use executor::{BlockContext, ExecOptions, Executor, Mode, Pretence, is_any_precompile};
pub use host::{BlockEnv, ChainConfig, TxInfo};
pub use outcome::{Outcome, Status};
pub use trace::{Trace, TraceConfig};
pub use tx::{Fees, TxInput};
pub use world::{Account, AccountDiff, Code, State, StateDiff};
