// The end-to-end suites, run over a folder of modules until something fails.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./build.mjs";

/** Seconds without a test that ends, after which a run counts as stuck. The longest test takes a fraction of it. */
const STUCK = 300;
/** The compiled suites. */
export function binary() {
  const { status, stdout } = spawnSync(
    "cargo",
    [
      "test",
      "--release",
      "--locked",
      "--manifest-path",
      "crates/Cargo.toml",
      "--workspace",
      "--test",
      "e2e",
      "--no-run",
      "--message-format",
      "json-render-diagnostics",
    ],
    { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] },
  );
  if (status !== 0) throw new Error("the end-to-end suites do not build");
  const artifacts = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  return artifacts.find(
    (artifact) => artifact.executable && artifact.target.name === "e2e" && artifact.target.kind[0] === "test",
  ).executable;
}

/** The names of all tests. */
export function names(program) {
  const text = execFileSync(program, ["--list", "--format", "terse"], { encoding: "utf8" });
  return text
    .split("\n")
    .filter((line) => line.endsWith(": test"))
    .map((line) => line.slice(0, -": test".length));
}

/** Has the runner say how long each test took, which it holds to be unstable. */
const TIMES = ["-Z", "unstable-options", "--report-time"];

/**
 * Runs `tests` over the modules in `directory`; `seen` is told each result and its seconds, and may end the run by
 * answering true.
 */
function run(program, directory, tests, threads, seen) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["--exact", "--test-threads", String(threads), ...TIMES, ...tests], {
      cwd: join(root, "tests"),
      env: { ...process.env, DIEM_MODULES: directory, RUST_BACKTRACE: "0", RUSTC_BOOTSTRAP: "1" },
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
    });
    let text = "";
    let ended = null;
    const end = (why) => {
      ended ??= why;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch (error) {
        if (error.code !== "ESRCH") throw error;
      }
    };
    let alarm;
    const wait = () => {
      clearTimeout(alarm);
      alarm = setTimeout(() => end("stuck"), STUCK * 1000);
    };
    wait();
    child.stdout.on("data", (chunk) => {
      text += chunk;
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n")) {
        const line = /^test (\S+)(?: - should panic)? \.\.\. (ok|FAILED)(?: <([\d.]+)s>)?/.exec(text.slice(0, at));
        text = text.slice(at + 1);
        if (!line) continue;
        wait();
        if (ended === null && seen(line[1], line[2] === "ok", Number(line[3]))) end("enough");
      }
    });
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(alarm);
      resolve({ ended, status });
    });
  });
}

/** Runs all of `tests`: the names of those that fail, and the seconds that each takes. */
export async function everything(program, directory, tests, threads) {
  const failed = [];
  const seconds = {};
  const { ended } = await run(program, directory, tests, threads, (name, passed, took) => {
    if (!passed) failed.push(name);
    seconds[name] = took;
    return false;
  });
  if (ended) throw new Error("the suites are stuck without a mutant");
  return { failed, seconds };
}

/** Runs batch after batch until a test fails: its name; `stuck`, `crashed`, or null when all pass. */
export async function firstFailure(program, directory, batches, threads) {
  for (const batch of batches.filter((batch) => batch.length > 0)) {
    let failure = null;
    const { ended, status } = await run(program, directory, batch, threads, (name, passed) => {
      if (!passed) failure = name;
      return !passed;
    });
    if (failure) return failure;
    if (ended === "stuck") return "stuck";
    if (status !== 0) return "crashed";
  }
  return null;
}
