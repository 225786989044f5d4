//! Every write to disk and every send, by name, so that a test can end the process at each.

use std::sync::OnceLock;

/// Makes the enum, the list of all of them and their names from one list.
macro_rules! steps {
    ($($(#[$doc:meta])+ $step:ident = $name:literal,)+) => {
        /// A write or a send. Passed before and after.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Step {
            $($(#[$doc])+ $step,)+
        }

        impl Step {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$step),+];

            /// Its name in tests and messages.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$step => $name,)+
                }
            }
        }
    };
}

steps! {
    /// The schema is made or brought up to date.
    Migrate = "migrate",
    /// Reservations that a dead process left open are committed in full.
    Recover = "recover",
    /// A read of the chain is recorded.
    Observe = "observe",
    /// A request's dollars are reserved.
    Reserve = "reserve",
    /// A reservation is raised to a cost above it.
    Extend = "extend",
    /// A request's cost, receipt and kept answer.
    Commit = "commit",
    /// A request that the upstream never began.
    Release = "release",
    /// A receipt for a request that a dead process left.
    Receipt = "receipt",
    /// A signed transaction, before it is sent.
    StatementSent = "statement-sent",
    /// A signed transaction goes to the node, for the first time or again; afterwards the node has it, or has refused
    /// it, or nothing is known.
    HandOver = "hand-over",
    /// It stands in a block.
    StatementMined = "statement-mined",
    /// Its block was reorganised away.
    StatementUnmined = "statement-unmined",
    /// It stands for good.
    StatementFinal = "statement-final",
    /// It never will.
    StatementFailed = "statement-failed",
    /// A new key.
    KeyAdd = "key-add",
    /// A key's limit, description or expiry.
    KeyChange = "key-change",
    /// A key's end.
    KeyRevoke = "key-revoke",
    /// A sign-in text's nonce is given out.
    NonceGive = "nonce-give",
    /// A sign-in text's nonce is used up.
    NonceTake = "nonce-take",
    /// Expired nonces, names and kept answers are forgotten.
    Forget = "forget",
    /// A request goes to an upstream; afterwards the head of its answer is here, or nothing is.
    Ask = "ask",
    /// The end of an answer goes to the client.
    Answer = "answer",
}

/// Where in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Nothing of it has happened.
    Before,
    /// It is on disk, or handed to the network; nobody has been told.
    After,
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
