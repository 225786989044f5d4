//! Ctrl-C: what was sent, what may still be mined, and the end.

use crate::chain::Outbox;
use crate::output;

/// Exit code of what was interrupted, as shells have it: 128 and the signal's number.
const INTERRUPTED: i32 = 130;

/// Ends the process on Ctrl-C, and tells how it stands with what was sent. A thread of its
/// own waits, so that it also ends one that asks or computes.
pub(crate) fn watch(outbox: Outbox) {
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            output::story(&outbox.told());
            std::process::exit(INTERRUPTED);
        }
    });
}
