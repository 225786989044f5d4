//! Many view calls in one `eth_call`: throw-away init code that calls each and returns all the answers.

use super::asm::{Code, op};
use alloy::sol_types::SolCall;
use alloy_primitives::{Address, Bytes};

/// One view, and the answer it should give.
#[derive(Clone, Debug)]
pub struct Probe {
    /// What is asked, in words for the report of a failure.
    pub label: String,
    /// The contract asked.
    pub target: Address,
    /// Selector and arguments.
    pub calldata: Bytes,
    /// The ABI-encoded answer; a whole number of words.
    pub expected: Bytes,
}

impl Probe {
    /// Expects `call` on `target` to answer `expected`.
    pub fn new<C: SolCall>(label: String, target: Address, call: &C, expected: &C::Return) -> Self {
        Self {
            label,
            target,
            calldata: call.abi_encode().into(),
            expected: C::abi_encode_returns(expected).into(),
        }
    }
}

/// What the probes answered, and the timestamps they saw.
#[derive(Debug)]
pub struct Answers {
    /// `block.timestamp` inside the call, for each probe.
    pub times: Vec<u64>,
    /// One answer per probe, cut to the expected length; `None` when the view reverted or answered another length.
    pub answers: Vec<Option<Bytes>>,
}

const WORD: usize = 32;
/// The output begins with a word that is never read, so that it can never look like a Stylus program's code.
const HEADER: usize = 2 * WORD;
/// Each answer is preceded by two words: whether the call succeeded, and how long its answer was.
const FRAME: usize = 2 * WORD;
/// The most an account's code may measure, so the most that init code can return.
pub const MAX_OUTPUT: usize = 24_576;

/// Bytes that this probe adds to the output.
pub fn output_size(probe: &Probe) -> usize {
    FRAME + probe.expected.len()
}

/// Init code that makes all the calls and returns the answers.
pub fn program(probes: &[Probe]) -> Bytes {
    // Twice: the first pass measures the code, behind which the calldata lies.
    let measured = assemble(probes, 0).len();
    let data: Vec<u8> = probes
        .iter()
        .flat_map(|probe| probe.calldata.to_vec())
        .collect();
    assemble(probes, measured).followed_by(&data)
}

fn assemble(probes: &[Probe], data_start: u32) -> Code {
    let total = HEADER + probes.iter().map(output_size).sum::<usize>();
    let scratch = total as u32;
    let mut code = Code::default();
    code.op(op::TIMESTAMP).push(WORD as u32).op(op::MSTORE);
    let (mut source, mut place) = (data_start, HEADER as u32);
    for probe in probes {
        let (length, answer) = (probe.calldata.len() as u32, probe.expected.len() as u32);
        code.push(length)
            .push(source)
            .push(scratch)
            .op(op::CODECOPY);
        code.push(answer)
            .push(place + FRAME as u32)
            .push(length)
            .push(scratch);
        code.push_address(probe.target)
            .op(op::GAS)
            .op(op::STATICCALL);
        code.push(place).op(op::MSTORE);
        code.op(op::RETURNDATASIZE)
            .push(place + WORD as u32)
            .op(op::MSTORE);
        source += length;
        place += FRAME as u32 + answer;
    }
    code.push(total as u32).push(0).op(op::RETURN);
    code
}

/// Cuts the output of [`program`] into answers.
pub fn decode(probes: &[Probe], output: &[u8]) -> Answers {
    let mut place = HEADER;
    let answers: Vec<_> = probes
        .iter()
        .map(|probe| {
            let (succeeded, length) = (number(output, place), number(output, place + WORD));
            let start = place + FRAME;
            place = start + probe.expected.len();
            let whole = succeeded == 1 && length == probe.expected.len() as u64;
            whole.then(|| Bytes::copy_from_slice(&output[start..place]))
        })
        .collect();
    Answers {
        times: vec![number(output, WORD); probes.len()],
        answers,
    }
}

fn number(output: &[u8], at: usize) -> u64 {
    let mut low = [0; 8];
    low.copy_from_slice(&output[at + 24..at + 32]);
    u64::from_be_bytes(low)
}
