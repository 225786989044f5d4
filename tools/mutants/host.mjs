// Tries what cargo-mutants writes on the tests of the host; scripts/mutants says how it is called.

import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

const root = new URL("../..", import.meta.url).pathname;
const program = join(root, "tools/cargo-mutants/bin/cargo-mutants");
/** Share of the mutants that must be killed in each room. */
const GOAL = 0.9;
/** Seconds after which cargo-mutants is killed that was asked to stop. */
const PATIENCE = 60;

/** What compiles while a mutant is tried is the mutant and its tests: they are left as they come, the rest is fast. */
const PROFILE = `
[profile.mutants]
inherits = "test"
opt-level = 0
debug = false
incremental = true

[profile.mutants.package."*"]
opt-level = 3
`;

/**
 * The halves: the files of their tree, its manifest, what is mutated, and two passes. The first has few cases, the
 * second all that the gate has, for what the first let live.
 */
const halves = {
  math: {
    files: /^(crates\/diem-math|vectors)\/|^rust-toolchain\.toml$/,
    lock: "crates/Cargo.lock",
    manifest: () => read("crates/Cargo.toml").replace(/^members = .*$/m, 'members = ["crates/diem-math"]'),
    rooms: /^crates\/diem-math\/src\/[a-z]+\.rs$/,
    passes: [
      {
        profile: "mutants",
        seconds: 60,
        cases: "256",
        // Each takes longer than all others together, for what the others mostly see too.
        skip: ["edges_agree", "diff_outputs", "rates_fill"],
      },
      { profile: "release", seconds: 600 },
    ],
    tests: ["--lib", "--test", "math"],
  },
  host: {
    files: /^(src|contracts|abi|crates\/diem-math)\/|^(crates\/Cargo|rust-toolchain)\.toml$/,
    lock: "Cargo.lock",
    manifest: () => read("Cargo.toml"),
    // What the host's tests reach; the rest compiles for the chain only, and `scripts/mutants wasm` tries it.
    rooms:
      /^(src\/(ledger|book|router)|contracts\/(keccak\/src\/lib|kit\/src\/abi|staked-vvv\/src\/(account|pool|router)|vvv\/src\/router))\.rs$/,
    passes: [{ profile: "mutants", seconds: 120 }],
    tests: ["--lib", "--tests"],
  },
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: "string", default: "Infinity" },
    seed: { type: "string", default: "1" },
    room: { type: "string", multiple: true },
    only: { type: "string" },
    again: { type: "boolean", default: false },
    fresh: { type: "boolean", default: false },
    minutes: { type: "string" },
    report: { type: "boolean", default: false },
  },
});
const [name, ...passedOn] = positionals;
const half = halves[name];
const folder = join(root, "target/mutants", name);
const tree = join(folder, "tree");
const output = join(folder, "mutants.out");
const journal = join(folder, "results.jsonl");
const running = join(folder, "running.json");
const deadline = options.minutes ? Date.now() + Number(options.minutes) * 60_000 : Infinity;

function read(path) {
  return readFileSync(join(root, path), "utf8");
}

/** A source without its tests, which stand last: what is mutated. */
function withoutTests(source) {
  return source.split("\n#[cfg(test)]\n")[0];
}

/** Copies what the half is made of, in a workspace of its own. Gives back what its results are good for. */
function mirror() {
  rmSync(tree, { recursive: true, force: true });
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  const hash = createHash("sha256");
  for (const path of list.toString().split("\0").filter((path) => half.files.test(path))) {
    if (!existsSync(join(root, path))) continue;
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    cpSync(join(root, path), join(tree, path));
    if (half.rooms.test(path)) hash.update(path).update(withoutTests(read(path)));
  }
  writeFileSync(join(tree, "Cargo.toml"), half.manifest() + PROFILE);
  cpSync(join(root, half.lock), join(tree, "Cargo.lock"));
  return hash.digest("hex");
}

/** The mutants of the rooms, each with the line that it changes. */
function mutants() {
  const arguments_ = ["mutants", "--list", "--json", "--gitignore=false", "--workspace", "--no-config"];
  const list = execFileSync(program, arguments_, { cwd: tree, encoding: "utf8", maxBuffer: 1 << 28 });
  return JSON.parse(list)
    .filter(({ file }) => half.rooms.test(file))
    .map(({ name, file, span: { start } }) => {
      const line = read(file).split("\n")[start.line - 1];
      // Without the line's number, which any change above it moves.
      const change = name.slice(name.indexOf(" ") + 1);
      const place = `${line.slice(0, start.column - 1)}»${line.slice(start.column - 1)}`.trim();
      return { name, room: file, told: `${file}: ${change}: ${place}` };
    });
}

/** Mutants that change nothing that anybody can see: patterns and their reasons. Every pattern must have its mutants. */
function harmless(all) {
  const lines = readFileSync(join(root, "tools/mutants/harmless-host.tsv"), "utf8").split("\n");
  const patterns = lines
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => line.split("\t"))
    .filter(([pattern]) => half.rooms.test(pattern.replaceAll("\\", "").split(":")[0]));
  const names = new Set();
  for (const [pattern, reason] of patterns) {
    const found = all.filter(({ told }) => new RegExp(`^${pattern}$`).test(told));
    if (found.length === 0 || !reason) throw new Error(`harmless-host.tsv: no mutant or no reason: ${pattern}`);
    for (const { name } of found) names.add(name);
  }
  return names;
}

/** So many of each room, in an order that the seed alone decides. */
function sample(all) {
  const key = ({ name }) => createHash("sha256").update(`${options.seed}\n${name}`).digest("hex");
  const left = new Map();
  return all
    .filter(({ room }) => !options.room || options.room.includes(room))
    .filter(({ told }) => !options.only || told.includes(options.only))
    .map((mutant) => [key(mutant), mutant])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, mutant]) => mutant)
    .filter(({ room }) => {
      const taken = left.get(room) ?? 0;
      left.set(room, taken + 1);
      return taken < Number(options.sample);
    });
}

/** The last result of each mutant of this code. */
function results(code) {
  if (!existsSync(journal)) return new Map();
  const lines = readFileSync(journal, "utf8").trim().split("\n").filter(Boolean);
  const entries = lines.map((line) => JSON.parse(line)).filter((entry) => entry.code === code);
  return new Map(entries.map((entry) => [entry.name, entry]));
}

/** Writes down what a run of cargo-mutants has found, also one that was broken off. */
function absorb() {
  if (!existsSync(running)) return;
  const { code, last } = JSON.parse(readFileSync(running, "utf8"));
  const file = join(output, "outcomes.json");
  for (const { scenario, summary } of existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).outcomes : []) {
    const result = { CaughtMutant: "killed", Timeout: "stuck", Unviable: "unviable", MissedMutant: "survived" }[summary];
    if (!scenario.Mutant || !result) continue;
    appendFileSync(journal, `${JSON.stringify({ code, name: scenario.Mutant.name, result, last })}\n`);
  }
  rmSync(running);
}

/** Runs cargo-mutants over the named mutants. False when there was no time to end. */
async function run(code, names, pass) {
  const last = pass === half.passes.at(-1);
  const config = join(folder, "config.toml");
  // What JSON writes as a string is one in TOML as well.
  const patterns = names.map((name) => JSON.stringify(`^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`));
  writeFileSync(config, `examine_re = [\n${patterns.join(",\n")}\n]\n`);
  mkdirSync(join(folder, "tmp"), { recursive: true });
  rmSync(output, { recursive: true, force: true });
  writeFileSync(running, JSON.stringify({ code, last }));
  const arguments_ = [
    ...["mutants", "--config", config, "--gitignore=false", "--workspace", "--output", folder, "--no-shuffle"],
    ...["--profile", pass.profile, "--timeout", String(pass.seconds), "--build-timeout", "600", "--colors=never"],
    ...["--cargo-arg=--offline", `--cargo-arg=--target-dir=${join(folder, "build")}`],
    ...half.tests.map((argument) => `--cargo-test-arg=${argument}`),
    ...passedOn,
    ...(pass.skip ? ["--", "--", ...pass.skip.flatMap((test) => ["--skip", test])] : []),
  ];
  const environment = {
    ...process.env,
    TMPDIR: join(folder, "tmp"),
    // A first failure is enough, and what it was must not make the next mutant's tests others.
    PROPTEST_MAX_SHRINK_ITERS: "0",
    PROPTEST_DISABLE_FAILURE_PERSISTENCE: "1",
    ...(pass.cases ? { PROPTEST_CASES: pass.cases } : {}),
  };
  const child = spawn(program, arguments_, { cwd: tree, env: environment, stdio: ["ignore", "inherit", "inherit"] });
  let stopped = false;
  const stop = () => {
    stopped = true;
    child.kill("SIGINT");
    setTimeout(() => child.kill("SIGKILL"), PATIENCE * 1_000).unref();
  };
  const timer = deadline < Infinity ? setTimeout(stop, Math.max(deadline - Date.now(), 0)) : null;
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
  const status = await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(timer);
  absorb();
  // 0: all killed; 2: some survived; 3: some did not end. Anything else tried nothing.
  if (!stopped && ![0, 2, 3].includes(status)) throw new Error(`cargo-mutants ended with ${status}`);
  return !stopped;
}

/** Prints the figures by room. Gives back whether each room's goal is met. */
function report(all, chosen, skipped, known) {
  const columns = ["made", "do not compile", "harmless", "tried", "killed", "of them stuck", "survived"];
  console.log(`| room | ${columns.join(" | ")} |\n| --- |${" --: |".repeat(columns.length)}`);
  const kept = new Set(chosen.map(({ name }) => name));
  const total = columns.map(() => 0);
  let met = true;
  for (const room of [...new Set(all.map(({ room }) => room))].sort()) {
    const inside = all.filter((mutant) => mutant.room === room);
    const count = (...wanted) =>
      inside.filter(({ name }) => kept.has(name) && wanted.includes(known.get(name)?.result)).length;
    const killed = count("killed", "stuck");
    const survived = count("survived");
    const row = [
      inside.length,
      count("unviable"),
      inside.filter(({ name }) => skipped.has(name)).length,
      killed + survived,
      killed,
      count("stuck"),
      survived,
    ];
    row.forEach((value, index) => (total[index] += value));
    if (killed < GOAL * (killed + survived)) met = false;
    console.log(`| \`${room}\` | ${row.join(" | ")} |`);
  }
  console.log(`| all | ${total.join(" | ")} |`);
  for (const { name, told } of chosen) {
    if (known.get(name)?.result === "survived") console.log(`survived: ${told}`);
  }
  const left = chosen.filter(({ name }) => !known.has(name)).length;
  if (left > 0) console.log(`not tried yet: ${left}`);
  return met && left === 0;
}

mkdirSync(folder, { recursive: true });
const code = mirror();
absorb();
const all = mutants();
const skipped = harmless(all);
const chosen = sample(all.filter(({ name }) => !skipped.has(name)));
if (!options.report) {
  let known = results(code);
  if (options.fresh) known = new Map();
  if (options.again) known = new Map([...known].filter(([, { result }]) => result !== "survived"));
  // Drops from the copied lock file what the tree does not have; cargo-mutants runs without a network.
  execFileSync("cargo", ["fetch", "--quiet"], { cwd: tree, stdio: "inherit" });
  for (const pass of half.passes) {
    const last = pass === half.passes.at(-1);
    const open = chosen.filter(({ name }) => {
      const entry = known.get(name);
      return !entry || (last && entry.result === "survived" && !entry.last);
    });
    if (open.length === 0) continue;
    if (!(await run(code, open.map(({ name }) => name), pass))) break;
    known = results(code);
  }
}
process.exitCode = report(all, chosen, skipped, results(code)) ? 0 : 1;
