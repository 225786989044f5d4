//! Ends a process at a step: a test starts itself again with the step's name in its environment.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{Mutex, OnceLock},
};

use diem_gateway::steps::{self, Side, Step};

const WHERE: &str = "DIEM_TEST_KILL";
const FOLDER: &str = "DIEM_TEST_FOLDER";
const DATABASE: &str = "DIEM_TEST_DATABASE";

/// In place of a step's name: the process lives, and says what it passed.
const NOWHERE: &str = "nowhere";

/// SIGABRT on every system that the gateway runs on: nothing is unwound, dropped or flushed.
const ABORTED: i32 = 6;

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
    pub(crate) database: String,
}

static KILL: OnceLock<Kill> = OnceLock::new();
static PASSED: Mutex<BTreeMap<(Step, &str), usize>> = Mutex::new(BTreeMap::new());

/// `Some` in a process that was started to die: from now on it does at its step.
pub(crate) fn armed() -> Option<Doomed> {
    let kill = std::env::var(WHERE).ok()?;
    if kill != NOWHERE {
        let mut words = kill.split(' ');
        let (step, side, count) = (
            words.next().unwrap(),
            words.next().unwrap(),
            words.next().unwrap(),
        );
        let step = Step::ALL
            .into_iter()
            .find(|known| known.name() == step)
            .unwrap();
        let side = if side == name(Side::Before) {
            Side::Before
        } else {
            Side::After
        };
        KILL.set(Kill {
            step,
            side,
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
        database: std::env::var(DATABASE).unwrap(),
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

/// Every kill that a test of this program, by its full name, can die of.
pub(crate) fn kills_of(test: &str, folder: &Path, database: &str) -> Vec<Kill> {
    let lived = run(test, NOWHERE, folder, database);
    assert!(
        lived.status.success(),
        "{test} does not come to its end: {}",
        told(&lived)
    );
    let passed = fs::read_to_string(folder.join("passed")).unwrap();
    let count = |step: Step, side: Side| {
        let mark = format!("{} {} ", step.name(), name(side));
        let count = passed.lines().find_map(|line| line.strip_prefix(&mark));
        count.map_or(0, |count| count.parse::<usize>().unwrap())
    };
    let sides = Step::ALL
        .into_iter()
        .flat_map(|step| [(step, Side::Before), (step, Side::After)]);
    sides
        .flat_map(|(step, side)| {
            (1..=count(step, side)).map(move |count| Kill { step, side, count })
        })
        .collect()
}

impl Kill {
    /// Runs a test of this program in a process that dies here; fails if it does not.
    pub(crate) fn happens_in(self, test: &str, folder: &Path, database: &str) {
        let at = format!("{} {} {}", self.step.name(), name(self.side), self.count);
        let died = run(test, &at, folder, database);
        assert_eq!(
            died.status.signal(),
            Some(ABORTED),
            "{test} lives past {at}: {}",
            told(&died)
        );
    }
}

fn run(test: &str, at: &str, folder: &Path, database: &str) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(WHERE, at)
        .env(FOLDER, folder)
        .env(DATABASE, database)
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    format!("{}\n{out}{err}", output.status)
}
