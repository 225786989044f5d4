//! What only a terminal shows: questions, what is typed unseen, and what is awaited.

use crate::desk::{Desk, dev_account};
use serde_json::json;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

const FRIEND: &str = "0x00000000000000000000000000000000000000aa";

/// Longest wait for what has to come.
const PATIENCE: Duration = Duration::from_secs(120);

/// `diem` on a terminal of its own, by util-linux's `script`.
struct Terminal {
    child: Child,
    typing: ChildStdin,
    screen: ChildStdout,
    seen: Vec<u8>,
    /// How much of it was looked at.
    looked: usize,
}

impl Terminal {
    fn new(desk: &Desk, arguments: &[&str]) -> Self {
        let plain = desk.command(None, arguments);
        let line: Vec<String> = std::iter::once(plain.get_program())
            .chain(plain.get_args())
            .map(|word| format!("'{}'", word.to_str().unwrap()))
            .collect();
        let mut command = Command::new("script");
        for (name, value) in plain.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let mut child = command
            .args(["-qefc", &line.join(" "), "/dev/null"])
            .current_dir(&desk.directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            typing: child.stdin.take().unwrap(),
            screen: child.stdout.take().unwrap(),
            child,
            seen: Vec::new(),
            looked: 0,
        }
    }

    /// Waits until the screen shows `text`.
    fn shows(&mut self, text: &str) -> &mut Self {
        let mut part = [0; 256];
        while !String::from_utf8_lossy(&self.seen[self.looked..]).contains(text) {
            let read = self.screen.read(&mut part).unwrap();
            assert!(read > 0, "no `{text}` in {}", self.all());
            self.seen.extend_from_slice(&part[..read]);
        }
        self.looked = self.seen.len();
        self
    }

    /// Waits until what is typed is not seen.
    fn hides(&mut self) -> &mut Self {
        let script = self.child.id();
        let below = format!("/proc/{script}/task/{script}/children");
        let started = Instant::now();
        loop {
            let children = std::fs::read_to_string(&below).unwrap();
            let child = children.split_whitespace().next().unwrap_or_default();
            if let Ok(tty) = std::fs::read_link(format!("/proc/{child}/fd/0")) {
                let output = Command::new("stty").arg("-aF").arg(tty).output().unwrap();
                let modes = String::from_utf8_lossy(&output.stdout).into_owned();
                if modes.split_whitespace().any(|mode| mode == "-echo") {
                    return self;
                }
            }
            assert!(
                started.elapsed() < PATIENCE,
                "it never hides: {}",
                self.all()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn types(&mut self, text: &str) -> &mut Self {
        writeln!(self.typing, "{text}").unwrap();
        self
    }

    /// All that was shown, and whether the command succeeded.
    fn ends(mut self) -> (String, bool) {
        self.screen.read_to_end(&mut self.seen).unwrap();
        let good = self.child.wait().unwrap().success();
        (self.all(), good)
    }

    fn all(&self) -> String {
        String::from_utf8_lossy(&self.seen).into_owned()
    }
}

#[test]
fn a_password_is_asked_for_twice_for_a_new_file_once_to_sign_and_never_shown() {
    let desk = Desk::deployed();
    let make = |name: &str, again: &str| {
        let mut terminal = Terminal::new(&desk, &["wallet", "new", name]);
        terminal
            .shows("password of the new file: ")
            .hides()
            .types("Sesam-99")
            .shows("once more: ")
            .hides()
            .types(again);
        terminal.ends()
    };
    let (seen, good) = make("main", "Sesam-99");
    assert!(good && seen.contains("keystores/main"), "{seen}");
    assert!(!seen.contains("Sesam"), "{seen}");
    let (seen, good) = make("other", "Sesam-98");
    assert!(!good && seen.contains("the two differ"), "{seen}");
    let told = desk.diem(&["wallet", "list", "--json"]).json();
    assert_eq!(told["wallets"].as_array().unwrap().len(), 1);
    let account = told["wallets"][0]["address"].clone();
    desk.rpc("anvil_setBalance", json!([account, "0xde0b6b3a7640000"]));

    let send = ["transfer", "0.01ETH", FRIEND, "--wallet", "main"];
    for (reply, told) in [("y", "sent 0.01 ETH"), ("", "the answer was no")] {
        let mut terminal = Terminal::new(&desk, &send);
        terminal.shows("password: ").hides().types("Sesam-99");
        terminal.shows("sign this? [y/N] ").types(reply);
        let (seen, good) = terminal.ends();
        assert!(good != reply.is_empty() && seen.contains(told), "{seen}");
        assert!(!seen.contains("Sesam"), "{seen}");
    }
    let mut terminal = Terminal::new(&desk, &send);
    terminal.shows("password: ").hides().types("sesam");
    let (seen, good) = terminal.ends();
    assert!(!good && seen.contains("the password is wrong"), "{seen}");
}

#[test]
fn a_long_wait_is_a_spinner_on_a_terminal() {
    let desk = Desk::deployed();
    desk.rpc("evm_setAutomine", json!([false]));
    let before = desk.sent_by(dev_account());
    let mut terminal = Terminal::new(&desk, &["transfer", "0.01ETH", FRIEND]);
    terminal.shows("sign this? [y/N] ").types("y");
    terminal.shows(" is mined (");
    desk.rpc("evm_mine", json!([]));
    let (seen, good) = terminal.ends();
    assert!(good && seen.contains("sent 0.01 ETH"), "{seen}");
    assert_ne!(desk.sent_by(dev_account()), before);
}
