//! Rules of the chain that are no row of another table.

use stylus_vm::hostio::Fidelity::{self, Absent, Approximate, Exact};

/// One rule and how closely it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Part of the system.
    pub area: &'static str,
    /// What the rule is about.
    pub rule: &'static str,
    /// How closely it follows Nitro.
    pub fidelity: Fidelity,
    /// What differs, or what it was checked with.
    pub note: &'static str,
}

const fn rule(
    area: &'static str,
    rule: &'static str,
    fidelity: Fidelity,
    note: &'static str,
) -> Rule {
    Rule {
        area,
        rule,
        fidelity,
        note,
    }
}

/// Every rule.
pub const RULES: &[Rule] = &[
    rule(
        "Container",
        "classic programs, fragments and roots (≥60), size caps",
        Exact,
        "",
    ),
    rule(
        "Container",
        "dictionary 1, the shared Stylus program dictionary",
        Absent,
        "the dictionary is not available; decompression fails and says so",
    ),
    rule(
        "Activation",
        "validation, limits, order of steps and gas",
        Exact,
        "checked with every recorded program",
    ),
    rule(
        "Activation",
        "reason text of a refused module",
        Approximate,
        "our own words; a missing `pay_for_memory_grow` is named",
    ),
    rule(
        "Activation",
        "`br_table` of more than 65,520 targets; calls that pass more than 2,097,152 words in all",
        Absent,
        "refused: the first by the compiler, the second because it would take gigabytes of native code",
    ),
    rule(
        "Activation",
        "module hash",
        Approximate,
        "keccak of code hash and version",
    ),
    rule(
        "Activation",
        "start costs, size estimate, data fee, expiry, keepalive",
        Exact,
        "",
    ),
    rule(
        "Execution",
        "ink of opcodes and blocks, depth checker, dynamic meter, heap bound",
        Exact,
        "checked with every recorded run",
    ),
    rule("Execution", "memory pages and their gas", Exact, ""),
    rule(
        "Execution",
        "memory beyond 128 pages: growth by exactly 65,536 pages is free, an owner may make more so",
        Approximate,
        "4 GiB of it for the programs of a transaction, and for one transaction at a time: others wait, and what needs more ends with an error, never with another result",
    ),
    rule(
        "Execution",
        "`br_table` with a constant index",
        Approximate,
        "goes where the specification says; Nitro's compiler for x86-64 takes the default",
    ),
    rule(
        "Execution",
        "recursion at a stack limit above 262,144 words",
        Approximate,
        "may end at 32 MiB of native stack, as out of stack too",
    ),
    rule("Execution", "storage cache and its flush", Exact, ""),
    rule(
        "Execution",
        "order in which a flush writes several slots",
        Approximate,
        "Nitro's order is unspecified; it matters only when gas runs out half-way",
    ),
    rule(
        "Execution",
        "calls, creates, static frames, reentrancy flag, depth",
        Exact,
        "",
    ),
    rule(
        "Execution",
        "outcomes as the EVM sees them, refunds, return data charge",
        Exact,
        "",
    ),
    rule(
        "Execution",
        "recent programs of a block start as if cached (≥60)",
        Exact,
        "",
    ),
    rule(
        "EVM",
        "rules of Shanghai, Cancun, Prague and Osaka by ArbOS version",
        Exact,
        "",
    ),
    rule(
        "EVM",
        "NUMBER, COINBASE, DIFFICULTY, GASPRICE, BASEFEE, BLOBBASEFEE as on Arbitrum",
        Exact,
        "`NUMBER`, Solidity's `block.number`, is the parent chain's height: 0 here, unless `--l1-block-number` lets it grow with block time; `evm_mine` and `anvil_mine` do not move it",
    ),
    rule(
        "EVM",
        "BLOCKHASH",
        Approximate,
        "there are no L1 blocks: always zero",
    ),
    rule(
        "EVM",
        "history contract of EIP-2935",
        Approximate,
        "same interface and storage; the code is our own assembly",
    ),
    rule(
        "Precompiles",
        "order of checks, gas of arguments, state, output and errors",
        Exact,
        "",
    ),
    rule(
        "Precompiles",
        "decoding of arguments, bytes that no type has room for included",
        Exact,
        "",
    ),
    rule(
        "Precompiles",
        "texts of internal errors",
        Approximate,
        "never seen by callers: such reverts carry no data",
    ),
    rule(
        "ArbOS state",
        "slots and packed words up to ArbOS 51",
        Exact,
        "",
    ),
    rule(
        "ArbOS state",
        "slots of settings that ArbOS 60 added at the root",
        Approximate,
        "filtering and tips only",
    ),
    rule(
        "ArbOS state",
        "stored chain configuration",
        Approximate,
        "fields and their order as far as they are known; compared with no state root yet",
    ),
    rule(
        "ArbOS state",
        "upgrades, at birth and scheduled",
        Exact,
        "an unknown version stays scheduled; Nitro would stop",
    ),
    rule(
        "Fees",
        "base fee by backlog, and by gas constraints (≥50)",
        Exact,
        "",
    ),
    rule(
        "Fees",
        "what is given back (≥60): gas that a program has too little of to start with, and a fall of the base fee",
        Exact,
        "derived from a recorded balance after 220 transactions, to the wei",
    ),
    rule(
        "Fees",
        "prices by resource (≥60)",
        Absent,
        "`setMultiGasPricingConstraints` takes an empty list and refuses what Nitro refuses; all else is absent",
    ),
    rule(
        "Fees",
        "L1 data charge, estimates included",
        Exact,
        "compressed by brotli's C library",
    ),
    rule(
        "Fees",
        "gas estimates: trials in Nitro's order, by default on the pending block",
        Exact,
        "as narrow as Nitro's: what needs more gas a second later needs headroom there and here",
    ),
    rule(
        "Fees",
        "L1 price following the parent chain",
        Absent,
        "no batches are posted: the price stays as set",
    ),
    rule(
        "Parent chain",
        "retryable tickets, deposits, delayed messages",
        Absent,
        "there is no parent chain",
    ),
    rule(
        "Parent chain",
        "messages to it, with their accumulator and logs",
        Exact,
        "",
    ),
    rule(
        "Filtering",
        "transactions that must not run (≥60)",
        Absent,
        "nothing is filtered without a parent chain",
    ),
    rule("Ready-made", "CREATE2 factory", Exact, ""),
    rule(
        "Ready-made",
        "StylusDeployer and CacheManager at their known addresses",
        Approximate,
        "our own contracts with the same interfaces, padded to the official lengths",
    ),
    rule(
        "Ready-made",
        "Multicall3 at its known address",
        Approximate,
        "our own contract with the same interface, so its calls cost other gas",
    ),
    rule(
        "Calls",
        "gas cap of 50,000,000 for calls and estimates",
        Exact,
        "`--call-gas-cap` sets another",
    ),
    rule(
        "Calls",
        "end after 5 seconds",
        Absent,
        "the gas cap ends them, at the same gas on every machine; the slowest seen, `memory.fill` of single bytes, took 19 seconds on a busy one",
    ),
    rule(
        "JSON-RPC",
        "codes of errors and what parameters may look like",
        Exact,
        "as in the recorded requests; where these say nothing, as in go-ethereum",
    ),
    rule(
        "JSON-RPC",
        "`eth_simulateV1`",
        Approximate,
        "hashes of its blocks cover their state root; only one simulation is recorded, the rest follows go-ethereum's rules",
    ),
    rule(
        "JSON-RPC",
        "`arbdebug_timeoutQueue`",
        Absent,
        "there are no retryable tickets that could time out",
    ),
    rule(
        "JSON-RPC",
        "`eth_getProof`",
        Absent,
        "this node keeps no Merkle trie to prove anything by; `eth_getStorageAt` reads single words",
    ),
    rule(
        "JSON-RPC",
        "`eth_getBlockAccessList`, `debug_getRawBlockAccessList`",
        Absent,
        "access lists of blocks came after the rules that Nitro follows",
    ),
    rule(
        "JSON-RPC",
        "`eth_blobBaseFee`",
        Absent,
        "there are no blobs on this chain",
    ),
    rule(
        "JSON-RPC",
        "`eth_baseFee`, `eth_capabilities`, `eth_getStorageValues`",
        Absent,
        "newer than Nitro's list; `eth_gasPrice`, `eth_feeHistory` and `eth_getStorageAt` tell the same",
    ),
    rule(
        "JSON-RPC",
        "`engine_*`, `testing_buildBlockV1`",
        Absent,
        "no consensus client drives this node: it makes its blocks itself",
    ),
    rule(
        "Traces",
        "`callTracer`, `flatCallTracer`, `4byteTracer`, `keccak256PreimageTracer`, `muxTracer`, `noopTracer`, `stylusTracer`",
        Exact,
        "shown by the recorded answers; options and frames that these do not show follow go-ethereum's",
    ),
    rule(
        "Traces",
        "`prestateTracer`, `erc7562Tracer`, struct logs",
        Approximate,
        "what ArbOS reads for itself is not shown as the caller's, and a program's slots stand under the program in `prestateTracer`; stacks of host functions that no recorded run shows are those of the opcodes they stand for",
    ),
    rule(
        "Traces",
        "struct logs of programs: host functions as opcodes",
        Approximate,
        "the first `SSTORE` of a flush carries the price of all its slots",
    ),
    rule(
        "Traces",
        "`timeout` of a tracer",
        Approximate,
        "must be a duration, and then has no effect: the room of a trace and the gas cap end it, at the same place on every machine",
    ),
    rule(
        "Traces",
        "tracers in JavaScript",
        Absent,
        "refused, but for one that collects `hostio` records, which gets what `stylusTracer` shows",
    ),
    rule(
        "Blocks",
        "header fields, start-block transaction, transactions, receipts, blooms and their roots",
        Exact,
        "",
    ),
    rule(
        "Blocks",
        "state root",
        Approximate,
        "a running commitment to every block's changes, not the root of a trie",
    ),
];
