//! What can go wrong between the gateway and its node.

use crate::line::{Epoch, Line};

/// Why the chain could not be read. No text in it carries more of the node's address than scheme, host and port.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ChainError {
    /// The configured address cannot be spoken to.
    #[error("{origin:?} is no address of a node: {cause}")]
    Address {
        /// What of it may be shown.
        origin: String,
        /// Why.
        cause: String,
    },
    /// No answer, or none in JSON-RPC.
    #[error("the node at {node} did not answer {what}: {cause}")]
    Silent {
        /// Scheme, host and port.
        node: String,
        /// What was asked.
        what: String,
        /// Why.
        cause: String,
    },
    /// The node or the contract said no.
    #[error("the node at {node} refused {what}: {cause}")]
    Refused {
        /// Scheme, host and port.
        node: String,
        /// What was asked.
        what: String,
        /// The node's words, or the contract's error as a sentence.
        cause: String,
        /// Whether the contract reverted, rather than the node.
        reverted: bool,
    },
    /// The node is of another chain.
    #[error("the node at {node} is of chain {is}, not of {expected}")]
    OtherChain {
        /// Scheme, host and port.
        node: String,
        /// What the node says.
        is: u64,
        /// What was configured.
        expected: u64,
    },
    /// An answer that makes no sense.
    #[error("the node at {node} answered {what} with something else: {cause}")]
    Nonsense {
        /// Scheme, host and port.
        node: String,
        /// What was asked.
        what: String,
        /// Why.
        cause: String,
    },
    /// Midnight has passed, and the chain still tells of yesterday.
    #[error("{line} was read in epoch {read}; epoch {epoch} has not begun on the chain yet")]
    NotBegun {
        /// What was read.
        line: Line,
        /// The epoch of the answer.
        read: Epoch,
        /// The epoch asked for.
        epoch: Epoch,
    },
}

impl ChainError {
    /// Whether the node gave no answer, so that what was sent may or may not have arrived.
    #[must_use]
    pub fn is_silence(&self) -> bool {
        matches!(self, Self::Silent { .. } | Self::Nonsense { .. })
    }
}
