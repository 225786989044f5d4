//! Recorded runs that need no other contract use the recorded ink.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed fixture is a failed test"
)]

mod support;

use std::collections::BTreeMap;

use alloy_primitives::{Address, B256, U256, address, b256};
use stylus_vm::{
    CompileConfig, Execution, Finished, HostioRecord, Outcome, Program, RunEnv, RunInput, Step,
    StylusParams,
};
use support::mock::Mock;
use support::vectors::{self, Case, Run, StepExpected, Vectors};

const COINBASE: Address = address!("a4b000000000000000000073657175656e636572");

struct Runner {
    vectors: Vectors,
    programs: BTreeMap<String, Program>,
}

impl Runner {
    fn program(&mut self, name: &str) -> Program {
        let compile = || Program::compile(&vectors::wasm(name), &CompileConfig::default()).unwrap();
        self.programs
            .entry(name.to_owned())
            .or_insert_with(compile)
            .clone()
    }
}

/// Runs to the end and collects the completed host calls.
fn run(program: &Program, input: RunInput, mock: &mut Mock) -> (Finished, Vec<HostioRecord>) {
    let mut execution = Execution::start(program, input).unwrap();
    let mut answer = None;
    let finished = loop {
        match execution.run(answer.take()) {
            Step::Ask(request) => answer = Some(mock.answer(request)),
            Step::Done(finished) => break finished,
        }
    };
    (finished, execution.take_trace().unwrap())
}

fn mock_of(case: &Case, vectors: &Vectors, acting: Address, from: Address) -> Mock {
    let mut mock = Mock {
        acting,
        params: StylusParams::default(),
        ..Default::default()
    };
    for (address, account) in &case.pre {
        mock.balances.insert(*address, account.balance);
        if let Some(code) = &account.code {
            mock.codes.insert(*address, code.clone());
        }
        if let Some(program) = &account.program {
            mock.code_hashes
                .insert(*address, vectors.programs[program].contract_code_hash);
        }
    }
    if let Some(account) = case.pre.get(&acting) {
        let word = |value: &U256| B256::from(*value);
        mock.storage = account
            .storage
            .iter()
            .map(|(k, v)| (word(k), word(v)))
            .collect();
    }
    mock.warm.extend([acting, from, COINBASE]);
    mock.payers.insert(from);
    mock.warm
        .extend((1..=0x11u64).map(|index| Address::from_word(B256::from(U256::from(index)))));
    mock
}

fn input_of(run: &Run, step: &vectors::Transaction) -> RunInput {
    RunInput {
        calldata: step.data.clone(),
        ink: run.ink_start.unwrap(),
        ink_price: 10_000,
        max_stack_depth: 22_000,
        free_pages: 2,
        arbos_version: 51,
        is_static: false,
        tracing: true,
        debug_chain: false,
        max_code_size: 24_576,
        room: stylus_vm::Room::default(),
        env: RunEnv {
            block_basefee: U256::from(10_000_000),
            chain_id: 42_161,
            block_coinbase: COINBASE,
            block_gas_limit: 1 << 50,
            block_number: 21_000_000,
            block_timestamp: 1_750_000_000,
            contract_address: run.acting_address,
            msg_sender: step.from,
            msg_value: step.value,
            msg_reentrant: false,
            tx_gas_price: U256::from(10_000_000),
            tx_origin: step.from,
        },
    }
}

fn compare(
    expected: &StepExpected,
    recorded: &Run,
    hostios: Option<&Vec<(String, usize, usize, u64)>>,
    finished: &Finished,
    trace: &[HostioRecord],
) -> Result<(), String> {
    let outcome = format!("{:?}", finished.outcome);
    if outcome != recorded.outcome {
        return Err(format!("{outcome} instead of {}", recorded.outcome));
    }
    let depth_only = finished.outcome == Outcome::OutOfStack;
    if !depth_only && Some(finished.ink_left) != recorded.ink_left {
        let used = recorded.ink_start.unwrap() - finished.ink_left;
        return Err(format!(
            "used {used} ink instead of {:?}",
            recorded.ink_used
        ));
    }
    let completed: Vec<_> = trace
        .iter()
        .filter(|record| !record.name.starts_with("user_"))
        .map(|r| {
            (
                r.name.to_owned(),
                r.args.len(),
                r.outs.len(),
                r.start_ink - r.end_ink,
            )
        })
        .collect();
    if Some(completed.len()) != recorded.hostio_count {
        return Err(format!(
            "{} host calls, not {:?}",
            completed.len(),
            recorded.hostio_count
        ));
    }
    let ink: u64 = completed.iter().map(|record| record.3).sum();
    if Some(ink) != recorded.hostio_ink {
        return Err(format!(
            "{ink} ink in host calls, not {:?}",
            recorded.hostio_ink
        ));
    }
    for (ours, theirs) in completed.iter().zip(hostios.into_iter().flatten()) {
        if ours != theirs {
            return Err(format!("{ours:?} instead of {theirs:?}"));
        }
    }
    if matches!(finished.outcome, Outcome::Success | Outcome::Revert)
        && let Some(data) = &expected.return_data
        && matches!(expected.status.as_str(), "success" | "revert")
        && data != &finished.output
    {
        return Err(format!("returned {} instead of {data}", finished.output));
    }
    Ok(())
}

/// Runs a case; `None` when it needs more than the stand-in can do.
fn check(runner: &mut Runner, index: usize, cached: bool) -> Option<Result<(), String>> {
    let case = &runner.vectors.cases[index];
    let expected = case.expected.as_ref()?;
    let (steps, mode) = (
        case.steps.clone(),
        if cached {
            &expected.cached
        } else {
            &expected.uncached
        },
    );
    let mut carried: Option<Mock> = None;
    let mut results = Vec::new();
    let mut todo = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let [run] = mode.get(number)?.runs.as_slice() else {
            return None;
        };
        let started = run.outcome != "insufficient_for_call_cost";
        if run.ink_start.is_none() || !started || step.to != Some(run.code_address) {
            return None;
        }
        let name = case.pre.get(&run.code_address)?.program.clone()?;
        todo.push((number, step.clone(), name));
    }
    for (number, step, name) in todo {
        let program = runner.program(&name);
        let case = &runner.vectors.cases[index];
        let expected = case.expected.as_ref()?;
        let mode = if cached {
            &expected.cached
        } else {
            &expected.uncached
        };
        let recorded = &mode[number].runs[0];
        let mut mock = mock_of(case, &runner.vectors, recorded.acting_address, step.from);
        if let Some(before) = &carried {
            mock.storage = before.storage.clone();
        }
        *mock.balances.entry(recorded.acting_address).or_default() += step.value;
        let before = mock.clone();
        mock.pages
            .add(program.footprint(), &StylusParams::default());
        let input = input_of(recorded, &step);
        let (finished, trace) = run(&program, input, &mut mock);
        if mock.stuck {
            return None;
        }
        let hostios = recorded
            .hostios
            .as_ref()
            .or(expected.uncached[number].runs[0].hostios.as_ref());
        results.push(compare(&mode[number], recorded, hostios, &finished, &trace));
        carried = Some(if finished.outcome == Outcome::Success {
            mock
        } else {
            before
        });
    }
    Some(results.into_iter().collect())
}

#[test]
fn every_recorded_run_of_one_program_uses_the_recorded_ink() {
    let mut runner = Runner {
        vectors: vectors::load(),
        programs: BTreeMap::new(),
    };
    let (mut done, mut wrong) = (0, Vec::new());
    for index in 0..runner.vectors.cases.len() {
        for cached in [false, true] {
            let Some(result) = check(&mut runner, index, cached) else {
                continue;
            };
            done += 1;
            if let Err(text) = result {
                wrong.push(format!(
                    "{} (cached {cached}): {text}",
                    runner.vectors.cases[index].id
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {done} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(done > 1_000, "only {done} runs could be checked");
}

#[test]
fn an_unexpected_answer_is_a_failure() {
    let wasm = vectors::wasm("h_sload.wat");
    let program = Program::compile(&wasm, &CompileConfig::default()).unwrap();
    let recorded = Run {
        code_address: COINBASE,
        acting_address: COINBASE,
        page_cost: None,
        cached_cost: None,
        init_cost: None,
        call_cost: None,
        ink_start: Some(1 << 40),
        ink_left: None,
        ink_used: None,
        outcome: String::new(),
        hostio_count: None,
        hostio_ink: None,
        hostios: None,
    };
    let data = b256!("0000000000000000000000000000000000000000000000000000000000000001");
    let step = vectors::Transaction {
        from: COINBASE,
        to: None,
        data: data.0.into(),
        value: U256::ZERO,
    };
    let mut execution = Execution::start(&program, input_of(&recorded, &step)).unwrap();
    assert!(matches!(execution.run(None), Step::Ask(_)));
    let ended = execution.run(Some(stylus_vm::Answer::Done));
    assert!(matches!(
        ended,
        Step::Done(Finished {
            outcome: Outcome::Failure,
            ..
        })
    ));
    assert!(matches!(execution.run(None), Step::Done(_)));
}
