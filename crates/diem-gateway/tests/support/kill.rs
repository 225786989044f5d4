//! Ends a process at a step: a test starts itself again with the step's name in its environment.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{Mutex, OnceLock},
};

use diem_gateway::steps::{self, Side, Step};
use serde_json::Value;

const WHERE: &str = "DIEM_TEST_KILL";
const FOLDER: &str = "DIEM_TEST_FOLDER";
const ORDERS: &str = "DIEM_TEST_ORDERS";

/// In place of a step's name: the process lives, and says what it passed.
const NOWHERE: &str = "nowhere";

/// SIGABRT on every system that the gateway runs on: nothing is unwound, dropped or flushed.
const ABORTED: i32 = 6;

const SIDES: [Side; 2] = [Side::Before, Side::After];

/// What is killed as one: each has a test that ends a process at every step of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// The journal, write by write.
    Ledger,
    /// A request through the doors, and the key that it needs.
    Request,
    /// A statement, from its signature until it is final.
    Settlement,
}

/// The lives that pass a step. One that is new has to be given one here, and its test fails until it is passed there.
const fn lives(step: Step) -> &'static [Life] {
    use Life::{Ledger, Request, Settlement};
    match step {
        Step::Migrate
        | Step::Observe
        | Step::Reserve
        | Step::Extend
        | Step::Commit
        | Step::Release
        | Step::KeyAdd
        | Step::NonceGive
        | Step::NonceTake => &[Ledger, Request],
        Step::Recover | Step::Receipt | Step::KeyChange | Step::KeyRevoke | Step::Forget => {
            &[Ledger]
        }
        Step::StatementSent
        | Step::StatementMined
        | Step::StatementUnmined
        | Step::StatementFinal
        | Step::StatementFailed => &[Ledger, Settlement],
        Step::HandOver => &[Settlement],
        Step::Ask | Step::Answer => &[Request],
    }
}

/// Where a process is to die: at the `count`-th pass of a side of a step, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kill {
    pub(crate) step: Step,
    pub(crate) side: Side,
    pub(crate) count: usize,
}

/// What a process that is to die was started with.
pub(crate) struct Doomed {
    pub(crate) folder: PathBuf,
    pub(crate) orders: Value,
}

static KILL: OnceLock<Kill> = OnceLock::new();
static PASSED: Mutex<BTreeMap<(Step, &str), usize>> = Mutex::new(BTreeMap::new());

/// `Some` in a process that was started to die: from now on it does at its step.
pub(crate) fn armed() -> Option<Doomed> {
    let kill = std::env::var(WHERE).ok()?;
    if kill != NOWHERE {
        let words: Vec<&str> = kill.split(' ').collect();
        let [step, side, count] = words[..] else {
            panic!("{kill:?} names no kill");
        };
        let step = Step::ALL.iter().find(|known| known.name() == step);
        let side = SIDES.into_iter().find(|known| name(*known) == side);
        KILL.set(Kill {
            step: *step.unwrap(),
            side: side.unwrap(),
            count: count.parse().unwrap(),
        })
        .unwrap();
    }
    assert!(
        steps::watch(passed),
        "another watcher is set in this process"
    );
    Some(Doomed {
        folder: std::env::var_os(FOLDER).unwrap().into(),
        orders: serde_json::from_str(&std::env::var(ORDERS).unwrap()).unwrap(),
    })
}

fn name(side: Side) -> &'static str {
    match side {
        Side::Before => "before",
        Side::After => "after",
    }
}

fn passed(step: Step, side: Side) {
    let mut passed = PASSED.lock().unwrap();
    let count = passed.entry((step, name(side))).or_default();
    *count += 1;
    if KILL.get()
        == Some(&Kill {
            step,
            side,
            count: *count,
        })
    {
        std::process::abort();
    }
}

impl Doomed {
    /// Says what the process passed, when it has come to its end.
    pub(crate) fn survived(self) {
        let passed = PASSED.lock().unwrap();
        let lines = passed
            .iter()
            .map(|((step, side), count)| format!("{} {side} {count}\n", step.name()));
        fs::write(self.folder.join("passed"), lines.collect::<String>()).unwrap();
    }
}

/// Every kill of a life that a test of this program, by its full name, can die of. Fails where a step has none.
pub(crate) fn kills_of(life: Life, test: &str, folder: &Path, orders: &Value) -> Vec<Kill> {
    let lived = run(test, NOWHERE, folder, orders);
    assert!(
        lived.status.success(),
        "{test} does not come to its end: {}",
        told(&lived)
    );
    let passed = fs::read_to_string(folder.join("passed")).unwrap();
    let mut kills = Vec::new();
    for step in Step::ALL.iter().copied() {
        if !lives(step).contains(&life) {
            continue;
        }
        for side in SIDES {
            let mark = format!("{} {} ", step.name(), name(side));
            let count = passed.lines().find_map(|line| line.strip_prefix(&mark));
            let count: usize = count
                .unwrap_or_else(|| panic!("{test} never passes {mark}"))
                .parse()
                .unwrap();
            kills.extend((1..=count).map(|count| Kill { step, side, count }));
        }
    }
    kills
}

impl Kill {
    /// Runs a test of this program in a process that dies here; fails if it does not.
    pub(crate) fn happens_in(self, test: &str, folder: &Path, orders: &Value) {
        let at = format!("{} {} {}", self.step.name(), name(self.side), self.count);
        let died = run(test, &at, folder, orders);
        assert_eq!(
            died.status.signal(),
            Some(ABORTED),
            "{test} lives past {at}: {}",
            told(&died)
        );
    }
}

fn run(test: &str, at: &str, folder: &Path, orders: &Value) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([test, "--exact", "--nocapture"])
        .env(WHERE, at)
        .env(FOLDER, folder)
        .env(ORDERS, orders.to_string())
        .stdin(Stdio::null());
    // The node that it asks may live in this process, on few threads.
    tokio::task::block_in_place(|| command.output()).unwrap()
}

fn told(output: &Output) -> String {
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    format!("{}\n{out}{err}", output.status)
}
