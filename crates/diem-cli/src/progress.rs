//! What is awaited, told once it takes longer than two seconds.

use crate::output;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::task::JoinHandle;

/// Shorter waits are not worth a word.
const PATIENCE: Duration = Duration::from_secs(2);
/// Time between two pictures of the spinner.
const TICK: Duration = Duration::from_millis(120);

/// All that is awaited now, below one another on the terminal.
static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// Writes something while nothing is drawn.
pub(crate) fn aside<T>(write: impl FnOnce() -> T) -> T {
    BARS.suspend(write)
}

/// A wait: told from its third second until it is dropped, on a terminal by a spinner with
/// the time that has passed, elsewhere by a line of the story.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    first: u64,
    teller: JoinHandle<()>,
}

impl Progress {
    /// Starts to wait for `what`. Has to be called in a runtime.
    pub(crate) fn of(what: String) -> Self {
        Self::shown(ProgressBar::hidden(), what, "{spinner} {msg} ({elapsed})")
    }

    /// Starts to go through `first` to `last`, which [`Progress::reached`] tells of.
    pub(crate) fn through(what: String, first: u64, last: u64) -> Self {
        let length = last.saturating_sub(first).saturating_add(1);
        let bar = ProgressBar::hidden();
        bar.set_length(length);
        let template = "{spinner} {msg} {wide_bar} {percent}% ({elapsed}, {eta} to go)";
        let mut progress = Self::shown(bar, what, template);
        progress.first = first;
        progress
    }

    /// All up to `at` is done.
    pub(crate) fn reached(&self, at: u64) {
        let done = at.saturating_sub(self.first).saturating_add(1);
        self.bar.set_position(done);
    }

    fn shown(bar: ProgressBar, what: String, template: &'static str) -> Self {
        let shown = bar.clone();
        let teller = tokio::spawn(async move {
            tokio::time::sleep(PATIENCE).await;
            if !std::io::stderr().is_terminal() {
                output::story(&what);
                return;
            }
            if let Ok(style) = ProgressStyle::with_template(template) {
                shown.set_style(style);
            }
            shown.set_message(output::one_line(&what));
            BARS.add(shown.clone());
            shown.enable_steady_tick(TICK);
        });
        Self {
            bar,
            first: 0,
            teller,
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.teller.abort();
        self.bar.finish_and_clear();
        BARS.remove(&self.bar);
    }
}
