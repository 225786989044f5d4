//! Many histories over all of the protocol, each decided by its seed; what breaks one is shrunk.

mod figures;
mod shrink;

pub use figures::Figures;
pub use shrink::shrink;

use crate::action::Action;
use crate::deploy::Target;
use crate::generator::Generator;
use crate::history::{History, Intent};
use crate::model::{Parameters, WAD};
use crate::replay::Replay;
use crate::world::{World, parameters};
use alloy_primitives::U256;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

/// Views are compared after every so many steps, and at the end; answers and events after each.
const PACE: u64 = 25;
/// How often a history may be played again, whole or in part, to shrink it.
const MOST_REPLAYS: usize = 400;

/// One history: everything about it follows from these.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Stylus or the twin.
    pub target: Target,
    /// Decides parameters and steps.
    pub seed: u64,
    /// How many steps.
    pub steps: u64,
}

/// What broke a history, and the shortest one found that still breaks.
#[derive(Debug)]
pub struct Broken {
    /// The history.
    pub plan: Plan,
    /// Steps until it broke.
    pub after: usize,
    /// The first complaint.
    pub complaint: String,
    /// The shrunken history.
    pub shortest: Vec<Action>,
}

impl Broken {
    /// What to call to see it again, and what to paste into a test.
    pub fn report(&self) -> String {
        let Plan {
            target,
            seed,
            steps,
        } = self.plan;
        let lines: Vec<_> = self
            .shortest
            .iter()
            .map(|action| format!("    h.step({action:?}, AsPredicted);"))
            .collect();
        format!(
            "seed {seed} broke after {} steps; again by\n    scripts/long-run --target {} --seeds {seed}..{seed} \
             --steps {steps}\n{}\nThe shortest history found that breaks, over {:?}:\n{}",
            self.after,
            target.name(),
            self.complaint,
            seeded_parameters(seed),
            lines.join("\n"),
        )
    }
}

impl Plan {
    /// Plays the history over a fresh world.
    ///
    /// # Errors
    /// When chain and model part, or an invariant breaks: the history, shrunk.
    pub fn run(self) -> Result<Figures, Box<Broken>> {
        self.run_over(|| World::with(self.target, seeded_parameters(self.seed)))
    }

    /// As [`Plan::run`], over worlds made by `world`.
    ///
    /// # Errors
    /// As [`Plan::run`].
    pub fn run_over(self, world: impl Fn() -> World) -> Result<Figures, Box<Broken>> {
        let mut figures = Figures::default();
        let mut actions = Vec::new();
        let Err(complaint) = caught(|| self.play(&world(), &mut figures, &mut actions)) else {
            return Ok(figures);
        };
        let after = actions.len();
        let breaks = |candidate: &[Action]| caught(|| play(&world(), candidate)).is_err();
        Err(Box::new(Broken {
            plan: self,
            after,
            complaint,
            shortest: shrink(actions, MOST_REPLAYS, breaks),
        }))
    }

    fn play(self, world: &World, figures: &mut Figures, actions: &mut Vec<Action>) {
        let mut h = world.history();
        h.set_pace(PACE);
        let mut generator = Generator::everything(self.seed);
        for _ in 0..self.steps {
            let (action, _) = generator.next(&h.model);
            actions.push(action.clone());
            h.step(action.clone(), Intent::AsPredicted);
            figures.count(&action, &h);
        }
        finish(&h);
    }
}

/// Plays these actions over a world, comparing every view after each.
fn play(world: &World, actions: &[Action]) {
    let mut h = world.history();
    for action in actions {
        h.step(action.clone(), Intent::AsPredicted);
    }
    finish(&h);
}

/// In the end views equal the model, and so does the state that events alone rebuild.
fn finish(h: &History<'_>) {
    h.compare_views();
    let at = h.world.contracts;
    let logs = h.world.chain.logs(&[at.vvv, at.s_vvv, at.diem]);
    assert_eq!(
        Replay::of(&at, &logs, h.today()),
        Replay::expected(&h.model),
        "state rebuilt from events"
    );
}

/// Parameters of a seed: as deployed, a curve that a purse fills, and the largest that a curve can be.
pub fn seeded_parameters(seed: u64) -> Parameters {
    let usual = parameters();
    match seed % 4 {
        2 => Parameters {
            target_supply: U256::from(WAD),
            ..usual
        },
        3 => Parameters {
            base_rate: U256::from(1_000_000 * WAD),
            target_supply: U256::from(1_000_000_000 * WAD),
            emission_rate: U256::from(1_u128 << 95),
            max_emission_rate: U256::from((1_u128 << 96) - 1),
            ..usual
        },
        _ => usual,
    }
}

thread_local! {
    /// Whether a panic on this thread is expected, and says nothing to people.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs `act`; what it complained of when it panicked. The complaint is not printed.
fn caught(act: impl FnOnce()) -> Result<(), String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
    QUIET.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(act));
    QUIET.set(false);
    outcome.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| Some((*panic.downcast_ref::<&str>()?).to_owned()));
        text.unwrap_or_else(|| "a panic without words".to_owned())
    })
}
