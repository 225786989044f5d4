//! Every write to disk and every send, by name, so that a test can end the process at each.

use std::sync::OnceLock;

/// A write or a send. Passed before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// The schema is made or brought up to date.
    Migrate,
    /// Reservations that a dead process left open are committed in full.
    Recover,
    /// A read of the chain is recorded.
    Observe,
    /// A request's dollars are reserved.
    Reserve,
    /// A reservation is raised to a cost above it.
    Extend,
    /// A request's cost, receipt and kept answer.
    Commit,
    /// A request that the upstream never began.
    Release,
    /// A receipt for a request that a dead process left.
    Receipt,
    /// A signed transaction, before it is sent.
    StatementSent,
    /// It stands in a block.
    StatementMined,
    /// Its block was reorganised away.
    StatementUnmined,
    /// It stands for good.
    StatementFinal,
    /// It never will.
    StatementFailed,
    /// A new key.
    KeyAdd,
    /// A key's limit, description or expiry.
    KeyChange,
    /// A key's end.
    KeyRevoke,
    /// A sign-in text's nonce is given out.
    NonceGive,
    /// A sign-in text's nonce is used up.
    NonceTake,
    /// Expired nonces, names and kept answers are forgotten.
    Forget,
    /// A request goes to an upstream; afterwards the head of its answer is here, or nothing is.
    Ask,
    /// The end of an answer goes to the client.
    Answer,
}

/// Where in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Nothing of it has happened.
    Before,
    /// It is on disk, or handed to the network; nobody has been told.
    After,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::Migrate,
        Self::Recover,
        Self::Observe,
        Self::Reserve,
        Self::Extend,
        Self::Commit,
        Self::Release,
        Self::Receipt,
        Self::StatementSent,
        Self::StatementMined,
        Self::StatementUnmined,
        Self::StatementFinal,
        Self::StatementFailed,
        Self::KeyAdd,
        Self::KeyChange,
        Self::KeyRevoke,
        Self::NonceGive,
        Self::NonceTake,
        Self::Forget,
        Self::Ask,
        Self::Answer,
    ];

    /// Its name in tests and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Migrate => "migrate",
            Self::Recover => "recover",
            Self::Observe => "observe",
            Self::Reserve => "reserve",
            Self::Extend => "extend",
            Self::Commit => "commit",
            Self::Release => "release",
            Self::Receipt => "receipt",
            Self::StatementSent => "statement-sent",
            Self::StatementMined => "statement-mined",
            Self::StatementUnmined => "statement-unmined",
            Self::StatementFinal => "statement-final",
            Self::StatementFailed => "statement-failed",
            Self::KeyAdd => "key-add",
            Self::KeyChange => "key-change",
            Self::KeyRevoke => "key-revoke",
            Self::NonceGive => "nonce-give",
            Self::NonceTake => "nonce-take",
            Self::Forget => "forget",
            Self::Ask => "ask",
            Self::Answer => "answer",
        }
    }
}

/// Called at every step.
pub type Watcher = fn(Step, Side);

static WATCHER: OnceLock<Watcher> = OnceLock::new();

/// Has `watcher` called at every step of this process from now on; false where one is set already. The binary sets
/// none and reads no switch for it: a process that hosts the library as a test does may.
pub fn watch(watcher: Watcher) -> bool {
    WATCHER.set(watcher).is_ok()
}

/// Passes a side of a step.
pub fn pass(step: Step, side: Side) {
    if let Some(watcher) = WATCHER.get() {
        watcher(step, side);
    }
}
