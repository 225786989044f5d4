// One build of the contracts that holds all their mutants, each behind a switch: target/mutants/NAME.wasm.
//
// What does not compile is dropped by the place that the compiler names, and the build begins again.

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const root = new URL("../..", import.meta.url).pathname;
export const folder = join(root, "target/mutants");
const copy = join(folder, "src");
const compiled = join(folder, "contracts");

/** The modules, and which crates each is made of: a mutant is in every module that has its crate. */
export const modules = {
  vvv: ["contracts/vvv/", "contracts/token/", "contracts/kit/"],
  staked_vvv: ["contracts/staked-vvv/", "contracts/kit/"],
  diem: ["src/", "contracts/token/", "contracts/kit/"],
};

/** Rounds of dropping what does not compile, per module. */
const ROUNDS = 12;

function tracked() {
  const list = execFileSync("git", ["ls-files", "-z", "--cached"], { cwd: root, encoding: "utf8" });
  return list.split("\0").filter((path) => path && existsSync(join(root, path)));
}

/** The sources that reach a module, and the rewriting itself: what a build is good for. */
function fingerprint() {
  const hash = createHash("sha256");
  const counts =
    /^(src|contracts|crates\/diem-math\/src|abi|tools\/mutants\/src)\/|^(Cargo\.(toml|lock)|rust-toolchain\.toml|scripts\/build-wasm)$/;
  for (const path of tracked().filter((path) => counts.test(path))) {
    hash.update(path).update(readFileSync(join(root, path)));
  }
  return hash.digest("hex");
}

/** What the contracts' build tells a tool that calls cargo itself. */
function environment() {
  const lines = execFileSync(join(root, "scripts/build-wasm"), ["--environment"], { encoding: "utf8" });
  const named = [...lines.matchAll(/^export ([A-Z0-9_]+)='?(.*?)'?$/gm)].map(([, name, value]) => [name, value]);
  return { ...process.env, ...Object.fromEntries(named), CARGO_TARGET_DIR: compiled };
}

function rewrite(tool, state) {
  const file = join(folder, "state.json");
  writeFileSync(file, JSON.stringify(state));
  const lines = execFileSync(tool, [root, copy, file], { encoding: "utf8", maxBuffer: 1 << 28 });
  return lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Copies what the rewriting leaves alone, with its times: cargo goes by them. */
function mirror() {
  for (const path of tracked().filter((path) => /^(crates|abi|tests|src|contracts)\/|^[^/]+$/.test(path))) {
    const to = join(copy, path);
    if (/^(src|contracts\/(?!keccak)[\w-]+\/src)\//.test(path) && existsSync(to)) continue;
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(root, path), to, { preserveTimestamps: true });
  }
}

/** The mutants that a compiler's error is about: those of the innermost marks around its place. */
function blamed(text, offset) {
  const open = [];
  for (const mark of text.matchAll(/\/\*<([\d,]+)\*\/|\/\*([\d,]+)>\*\//g)) {
    if (mark.index > offset) break;
    if (mark[1]) open.push(mark[1]);
    else open.pop();
  }
  return open.length === 0 ? [] : open.at(-1).split(",").map(Number);
}

/** Builds one module; gives back what must change when it does not compile. */
function compile(name, env) {
  const result = spawnSync(
    "cargo",
    [
      "build",
      "--release",
      "--locked",
      "--lib",
      "--package",
      name.replaceAll("_", "-"),
      "--target",
      "wasm32-unknown-unknown",
      "--message-format",
      "json",
    ],
    { cwd: copy, env, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] },
  );
  if (result.status === 0) return null;
  const ids = new Set();
  const constant = new Set();
  const unexplained = [];
  for (const line of result.stdout.split("\n").filter((line) => line.startsWith("{"))) {
    const { message } = JSON.parse(line);
    if (message?.level !== "error" || message.spans.length === 0) continue;
    const called = /cannot call non-const (?:function|method|associated function) `([^`]+)`/.exec(message.message);
    if (called) {
      constant.add(
        called[1]
          .replace(/::<.*>/, "")
          .split("::")
          .at(-1),
      );
      continue;
    }
    let found = false;
    for (let place of [...message.spans].sort((a, b) => b.is_primary - a.is_primary)) {
      if (found) break;
      // Inside a macro, what called it.
      while (place.expansion) place = place.expansion.span;
      const path = join(copy, place.file_name);
      if (!existsSync(path)) continue;
      const bytes = readFileSync(path);
      const characters = bytes.subarray(0, place.byte_start).toString("utf8").length;
      for (const id of blamed(bytes.toString("utf8"), characters)) {
        ids.add(id);
        found = true;
      }
    }
    if (!found) unexplained.push(message.rendered);
  }
  if (ids.size === 0 && constant.size === 0) {
    throw new Error(`${name} does not build:\n${unexplained.join("\n") || result.stderr}`);
  }
  return { ids, constant };
}

/** Builds what is not built yet; gives back all mutants that compile and what was dropped. */
export function build() {
  const now = fingerprint();
  const record = join(folder, "built.json");
  if (existsSync(record)) {
    const built = JSON.parse(readFileSync(record, "utf8"));
    if (built.fingerprint === now) return built;
  }
  rmSync(record, { force: true });
  mkdirSync(folder, { recursive: true });
  const manifest = join(root, "tools/mutants/Cargo.toml");
  const tools = join(folder, "tool");
  execFileSync(
    "cargo",
    ["build", "--release", "--quiet", "--locked", "--manifest-path", manifest, "--target-dir", tools],
    { stdio: "inherit" },
  );
  mirror();
  // Libraries that the contracts' own build has compiled with the same flags.
  const libraries = join(root, "target/contracts");
  if (!existsSync(compiled) && existsSync(libraries)) {
    execFileSync("cp", ["-a", libraries, compiled]);
  }
  const env = environment();
  const state = { dropped: [], constant: [] };
  let mutants = rewrite(join(tools, "release/mutants"), state);
  for (const name of Object.keys(modules)) {
    for (let round = 1; ; round += 1) {
      const wrong = compile(name, env);
      if (!wrong) break;
      if (round === ROUNDS) throw new Error(`${name} still does not compile after ${ROUNDS} rounds`);
      const names = mutants.filter((mutant) => wrong.ids.has(mutant.id)).map((mutant) => mutant.name);
      state.dropped.push(...names);
      state.constant.push(...wrong.constant);
      console.error(
        `${name}, round ${round}: ${names.length} do not compile; const: ${[...wrong.constant].join(" ") || "-"}`,
      );
      mutants = rewrite(join(tools, "release/mutants"), state);
    }
    cpSync(join(compiled, `wasm32-unknown-unknown/release/${name}.wasm`), join(folder, `${name}.wasm`));
  }
  const kept = mutants.filter((mutant) => !mutant.dropped);
  // What results hold for: the modules, and which number is which mutant.
  const code = createHash("sha256");
  for (const name of Object.keys(modules)) code.update(readFileSync(join(folder, `${name}.wasm`)));
  for (const { id, name } of kept) code.update(`${id} ${name}\n`);
  const built = { fingerprint: now, code: code.digest("hex"), mutants: kept, all: mutants.length, state };
  writeFileSync(record, JSON.stringify(built));
  return built;
}
