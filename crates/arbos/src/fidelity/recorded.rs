//! How much of what a real Nitro node answered is answered the same here.

/// One recording, as it is played by the node's tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transcript<'a> {
    /// ArbOS version of the chain.
    pub version: u64,
    /// Name of the file in `vectors/nitro`.
    pub file: &'a str,
    /// Transactions and requests in it.
    pub entries: usize,
    /// Entries where the wording of an error differs, and nothing else.
    pub texts: usize,
    /// Entries whose answer differs for a reason of its own.
    pub reasons: usize,
}

const fn played(
    version: u64,
    file: &'static str,
    entries: usize,
    texts: usize,
    reasons: usize,
) -> Transcript<'static> {
    Transcript {
        version,
        file,
        entries,
        texts,
        reasons,
    }
}

/// What is played. A test counts again.
pub const TRANSCRIPTS: &[Transcript<'static>] = &[
    played(51, "evm", 127, 7, 0),
    played(60, "evm", 127, 7, 0),
    played(51, "protocol", 206, 0, 0),
    played(60, "protocol", 206, 0, 0),
    played(51, "l1", 247, 7, 0),
    played(60, "l1", 247, 7, 0),
    played(51, "precompiles", 1_208, 0, 2),
    played(60, "precompiles", 1_208, 0, 2),
    played(51, "owner", 113, 0, 0),
    played(60, "owner", 113, 0, 0),
    played(51, "programs", 2_102, 64, 0),
    played(60, "programs", 2_096, 66, 0),
    played(51, "modules", 2_562, 0, 0),
    played(51, "rpc", 269, 35, 8),
    played(60, "rpc", 269, 35, 8),
    played(51, "traces", 124, 0, 28),
    played(60, "traces", 124, 0, 28),
];
