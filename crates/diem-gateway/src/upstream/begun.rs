//! What a failure says of whether an answer had begun.

use std::time::Duration;

use futures_util::StreamExt as _;

/// The most of an upstream's error that is read.
const ERROR_BYTES: usize = 16 * 1024;

/// A request that got no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No server serves the model.
    #[error("no upstream serves {model:?}")]
    Nobody {
        /// The model.
        model: String,
    },
    /// The body cannot be written.
    #[error("the request cannot be written: {0}")]
    Unsendable(String),
    /// No connection was made.
    #[error("cannot reach upstream {upstream:?}: {cause}")]
    Unreachable {
        /// The server.
        upstream: String,
        /// Why.
        cause: String,
    },
    /// The connection broke after the request had been sent.
    #[error("the connection to upstream {upstream:?} broke: {cause}")]
    Broken {
        /// The server.
        upstream: String,
        /// Why.
        cause: String,
    },
    /// It began nothing in time.
    #[error("upstream {upstream:?} did not answer within {after:?}")]
    Late {
        /// The server.
        upstream: String,
        /// The time it had.
        after: Duration,
    },
    /// It answered with an error.
    #[error("upstream {upstream:?} answered {status}")]
    Refused {
        /// The server.
        upstream: String,
        /// Its status.
        status: u16,
        /// What it said, at most 16 KiB of it.
        body: String,
    },
}

impl Failure {
    /// Whether it is certain that nothing of an answer was begun, so that nothing is charged.
    pub const fn not_begun(&self) -> bool {
        match self {
            Self::Nobody { .. } | Self::Unsendable(_) | Self::Unreachable { .. } => true,
            Self::Broken { .. } | Self::Late { .. } => false,
            Self::Refused { status, .. } => says_not_begun(*status),
        }
    }

    /// Whether another server may do better: nothing was begun, and it is not the request that is at fault.
    pub(super) const fn next_may_try(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused { status, .. } => matches!(status, 401 | 403 | 404 | 429 | 503 | 529),
            _ => false,
        }
    }
}

/// Whether an answer with this status says that nothing was begun: the request was refused (but not 408, which may
/// come late), or nobody was there to take it. 500, 502 and 504 do not say it: they may come from the middle of the
/// work, or from a proxy that gave up waiting.
pub const fn says_not_begun(status: u16) -> bool {
    matches!(status, 400..=407 | 409..=498 | 501 | 503 | 529)
}

/// The body of an error, cut where it is too long or breaks off.
pub(super) async fn error_text(response: reqwest::Response) -> String {
    let mut bytes = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(Ok(piece)) = stream.next().await {
        let room = ERROR_BYTES - bytes.len();
        bytes.extend_from_slice(piece.get(..room).unwrap_or(&piece));
        if bytes.len() == ERROR_BYTES {
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
