//! The world of one transaction: revm's context over read-only chain state, with what Nitro adds.

use std::{convert::Infallible, sync::Arc};

use alloy_primitives::{Address, B256, U256, map::AddressMap};
use revm::{
    Context, Database, Journal,
    bytecode::Bytecode,
    context::{BlockEnv as EvmBlock, CfgEnv, LocalContext, TxEnv, result::EVMError},
    context_interface::context::ContextError,
    state::AccountInfo,
};

use stylus_vm::{Room, Shortage, memory::Pages};

use super::{
    Pretence,
    programs::{ProgramCache, RecentPrograms},
};
use crate::{
    error::ExecError,
    host::{BlockEnv, ChainConfig, TxInfo},
    trace::Recorder,
    world::State,
};

/// revm's context as used here.
pub(crate) type Ctx<'a> = Context<
    EvmBlock,
    TxEnv,
    CfgEnv,
    StateDb<'a>,
    Journal<StateDb<'a>>,
    TxContext<'a>,
    LocalContext,
>;

/// What revm's frames can fail with on our side: only a fatal error inside a library.
pub(crate) type FrameError = ContextError<Infallible>;

/// Why a transaction has no result at all.
#[derive(Debug)]
pub(crate) enum Fatal {
    /// An internal failure. Never caused by what a contract does.
    Internal(String),
    /// Its programs need more room than the process has.
    Room(Shortage),
}

impl From<FrameError> for Fatal {
    fn from(error: FrameError) -> Self {
        match error {
            ContextError::Db(never) => match never {},
            ContextError::Custom(text) => Self::Internal(text),
        }
    }
}

impl<T> From<EVMError<Infallible, T>> for Fatal
where
    T: std::fmt::Display,
{
    fn from(error: EVMError<Infallible, T>) -> Self {
        Self::Internal(error.to_string())
    }
}

/// Chain state as revm reads it.
pub(crate) struct StateDb<'a> {
    pub(crate) state: &'a dyn State,
    pub(crate) pretence: Arc<Pretence>,
}

impl std::fmt::Debug for StateDb<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StateDb")
    }
}

impl Database for StateDb<'_> {
    type Error = Infallible;

    fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, Infallible> {
        Ok(self.state.account(address).map(|account| AccountInfo {
            balance: account.balance,
            nonce: account.nonce,
            code_hash: account.code_hash,
            account_id: None,
            code: None,
        }))
    }

    fn code_by_hash(&mut self, code_hash: B256) -> Result<Bytecode, Infallible> {
        Ok(self.state.code(code_hash).into_inner())
    }

    fn storage(&mut self, address: Address, slot: U256) -> Result<U256, Infallible> {
        Ok(self.state.storage(address, slot))
    }

    /// What `BLOCKHASH` sees are L1 hashes, and without a parent chain there are none but those
    /// that are pretended.
    fn block_hash(&mut self, number: u64) -> Result<B256, Infallible> {
        let pretended = self.pretence.block_hashes.get(&number);
        Ok(pretended.copied().unwrap_or_default())
    }
}

/// What Nitro keeps for the time of one transaction besides the journal.
pub(crate) struct TxContext<'a> {
    pub(crate) state: &'a dyn State,
    pub(crate) chain: &'a ChainConfig,
    pub(crate) pretence: Arc<Pretence>,
    /// As it is, with its base fee also for calls that pay nothing and find none in `BASEFEE`.
    pub(crate) block: BlockEnv,
    pub(crate) tx: TxInfo,
    /// What the `tx_gas_price` host function tells: tip plus base fee up to the cap, even when no tip is paid.
    pub(crate) message_gas_price: U256,
    pub(crate) programs: &'a ProgramCache,
    pub(crate) recent: &'a mut RecentPrograms,
    /// WASM pages open in live frames, and the most that ever were.
    pub(crate) pages: Pages,
    /// What its programs share of the process.
    pub(crate) room: Room,
    /// Open frames that are not delegate frames, by acting address.
    pub(crate) entered: AddressMap<u32>,
    /// Callers of the open frames, outermost first.
    pub(crate) callers: Vec<Address>,
    pub(crate) recorder: Option<Box<Recorder>>,
    /// Why the outermost frame failed, when revm's result code cannot tell.
    pub(crate) top_error: Option<ExecError>,
    pub(crate) console: Vec<String>,
    /// Bytes in `console`.
    pub(crate) console_bytes: usize,
    /// Gas that programs had too little of to start with: used, but of no resource that has a price (≥60).
    pub(crate) unpriced_gas: u64,
}

/// Most bytes that all programs of a transaction may print: printing is free.
const MAX_CONSOLE_BYTES: usize = 4 << 20;

impl TxContext<'_> {
    /// Keeps what a program printed, unless there is a lot already.
    pub(crate) fn print(&mut self, lines: Vec<String>) {
        if self.console_bytes < MAX_CONSOLE_BYTES {
            self.console_bytes += lines
                .iter()
                .map(|line| size_of::<String>() + line.len())
                .sum::<usize>();
            self.console.extend(lines);
        }
    }
}

impl std::fmt::Debug for TxContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TxContext")
            .field("tx", &self.tx)
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}

impl TxContext<'_> {
    /// Depth of the next frame to open: 0 for the outermost.
    pub(crate) fn next_depth(&self) -> usize {
        self.callers.len()
    }

    /// Remembers why the frame about to end failed, if that frame is the outermost.
    /// `depth` is the frame's own.
    pub(crate) fn note_error(&mut self, depth: usize, error: ExecError) {
        if depth == 0 {
            self.top_error = Some(error);
        }
    }
}
