//! What was sent, and what became of it: told when a command is interrupted.

use alloy::primitives::{Address, B256};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How it stands with a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Signed and handed to a node, which may have got it.
    Sent,
    /// In a block.
    Mined,
    /// Refused by the node.
    Refused,
}

#[derive(Clone, Debug)]
struct Entry {
    function: String,
    from: Address,
    nonce: u64,
    hash: B256,
    fate: Fate,
}

/// All transactions of one run, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox(Arc<Mutex<Vec<Entry>>>);

impl Outbox {
    /// Notes a transaction that is about to be handed to a node.
    pub(super) fn sending(&self, function: &str, from: Address, nonce: u64, hash: B256) {
        self.entries().push(Entry {
            function: function.to_owned(),
            from,
            nonce,
            hash,
            fate: Fate::Sent,
        });
    }

    pub(super) fn mined(&self, hash: B256) {
        self.turn(hash, Fate::Mined);
    }

    pub(super) fn refused(&self, hash: B256) {
        self.turn(hash, Fate::Refused);
    }

    /// What was done and what may still be, for who stops here.
    pub(crate) fn told(&self) -> String {
        let entries = self.entries();
        let mut lines = vec!["interrupted".to_owned()];
        for entry in entries.iter().filter(|entry| entry.fate != Fate::Refused) {
            let state = match entry.fate {
                Fate::Mined => "mined",
                _ => "sent, and may still be mined",
            };
            lines.push(format!(
                "  {}: {} (nonce {} of {}) {state}",
                entry.hash, entry.function, entry.nonce, entry.from
            ));
        }
        match entries.iter().rfind(|entry| entry.fate == Fate::Sent) {
            Some(entry) => lines.push(format!(
                "  try: look for its receipt before sending anything again; \
                 `diem replace {} --cancel` takes it back while it waits",
                entry.hash
            )),
            None if lines.len() == 1 => lines.push("  nothing was sent".to_owned()),
            None => lines.push("  nothing more was sent".to_owned()),
        }
        lines.join("\n")
    }

    fn turn(&self, hash: B256, fate: Fate) {
        for entry in self.entries().iter_mut().filter(|entry| entry.hash == hash) {
            entry.fate = fate;
        }
    }

    /// A list of facts is whole whatever a thread that held it did.
    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_run_tells_what_was_mined_and_what_may_still_be() {
        let outbox = Outbox::default();
        assert!(outbox.told().contains("nothing was sent"));
        let hash = B256::repeat_byte;
        outbox.sending("refused()", Address::ZERO, 0, hash(1));
        outbox.refused(hash(1));
        assert!(outbox.told().contains("nothing was sent"));
        outbox.sending("first()", Address::ZERO, 0, hash(2));
        outbox.mined(hash(2));
        let told = outbox.told();
        assert!(told.contains("first() (nonce 0") && told.contains("mined"));
        assert!(told.contains("nothing more was sent"));
        outbox.sending("second()", Address::ZERO, 1, hash(3));
        let told = outbox.told();
        assert!(told.contains("second() (nonce 1"), "{told}");
        assert!(told.contains("may still be mined"), "{told}");
        assert!(
            told.contains(&format!("diem replace {}", hash(3))),
            "{told}"
        );
    }
}
