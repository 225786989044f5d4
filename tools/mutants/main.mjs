// Tries wrong contracts on the end-to-end suites; scripts/mutants says how it is called.

import { createHash } from "node:crypto";
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { build, folder, modules, root } from "./build.mjs";
import { binary, everything, firstFailure, names } from "./tests.mjs";

/** Mutants drawn from each room unless told otherwise: all where there are fewer. */
const SAMPLE = 60;
/** Share of the mutants that must be killed in each room; in a short run all must. */
const GOAL = 0.9;
/** Where the batches of tests end: a run knows no order, and stops at the first failure. */
const BATCHES = [6, 24, 96, 240];
/** Seconds that a test takes at least. */
const LEAST = 0.2;
/** A kill in the same room counts as so many elsewhere. */
const OF_THE_ROOM = 10;

const { values: options } = parseArgs({
  options: {
    sample: { type: "string", default: String(SAMPLE) },
    total: { type: "string" },
    seed: { type: "string", default: "1" },
    room: { type: "string", multiple: true },
    only: { type: "string" },
    again: { type: "boolean", default: false },
    fresh: { type: "boolean", default: false },
    minutes: { type: "string" },
    threads: { type: "string", default: "2" },
    report: { type: "boolean", default: false },
    killers: { type: "boolean", default: false },
  },
});

const journal = join(folder, "results.jsonl");
const threads = Number(options.threads);

/** Survivors that change nothing, by name, with the reason. */
function harmless() {
  const lines = readFileSync(join(root, "tools/mutants/harmless.tsv"), "utf8").split("\n");
  return new Map(lines.filter((line) => line && !line.startsWith("#")).map((line) => line.split("\t")));
}

function entries() {
  if (!existsSync(journal)) return [];
  return readFileSync(journal, "utf8")
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** The last result of each mutant of this code. */
function results(built) {
  const known = new Map();
  for (const entry of entries()) {
    if (entry.code === built.code) known.set(entry.name, entry);
  }
  return known;
}

/** The mutants in an order that the seed alone decides. */
function drawn(mutants, seed) {
  const key = ({ name }) => createHash("sha256").update(`${seed}\n${name}`).digest("hex");
  return mutants
    .map((mutant) => [key(mutant), mutant])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, mutant]) => mutant);
}

/** The sample: so many of each room, one of each room after the other; or so many in all. None that makes no other code. */
function sample(built, known) {
  const skipped = harmless();
  let mutants = built.mutants.filter(({ name }) => !skipped.has(name) && !known.get(name)?.same);
  if (options.room) mutants = mutants.filter((mutant) => options.room.includes(mutant.room));
  if (options.only) mutants = mutants.filter((mutant) => mutant.name.includes(options.only));
  const rooms = new Map();
  for (const mutant of drawn(mutants, options.seed)) {
    const room = rooms.get(mutant.room) ?? [];
    if (room.length < Number(options.sample)) room.push(mutant);
    rooms.set(mutant.room, room);
  }
  const lists = [...rooms.keys()].sort().map((room) => rooms.get(room));
  const most = Math.max(0, ...lists.map((list) => list.length));
  const order = Array.from({ length: most }, (_, turn) => lists.flatMap((list) => list.slice(turn, turn + 1))).flat();
  return options.total ? drawn(order, options.seed).slice(0, Number(options.total)) : order;
}

/** The modules that have a room. */
function modulesOf(room) {
  return Object.keys(modules).filter((name) => modules[name].some((crate) => room.startsWith(crate)));
}

const worker = new Worker(new URL("./prepare.mjs", import.meta.url));
/** The modules without a mutant. */
const none = join(folder, "modules/none");

/** Prepares a folder whose modules have the mutant `id` switched on; 0 for none. */
function prepare(directory, names, id) {
  mkdirSync(directory, { recursive: true });
  for (const name of id === 0 ? [] : Object.keys(modules).filter((name) => !names.includes(name))) {
    for (const ending of ["wasm", "wasm.br"]) {
      cpSync(join(none, `${name}.${ending}`), join(directory, `${name}.${ending}`));
    }
  }
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", ({ written }) => {
      worker.off("error", reject);
      resolve({ directory, written, same: written.every(({ same }) => same) });
    });
    worker.postMessage({ directory, unchanged: id === 0 ? null : none, names, id });
  });
}

/** What is known of the suites without a mutant, kept for as long as neither they nor the contracts change. */
class Reference {
  constructor(built, program) {
    const { size, mtimeMs } = statSync(program);
    this.program = program;
    this.file = join(folder, "reference.json");
    const key = `${built.code} ${size} ${mtimeMs}`;
    const known = existsSync(this.file) ? JSON.parse(readFileSync(this.file, "utf8")) : {};
    this.known = known.key === key ? known : { key, tests: names(program), passes: {}, seconds: {}, whole: false };
  }

  /** The modules, and for a long run all tests over them: which fail is said, how long each takes is kept. */
  async prepare(whole) {
    for (const { name, compressed } of (await prepare(none, Object.keys(modules), 0)).written) {
      console.error(`${name} without a mutant: ${compressed} compressed bytes`);
    }
    if (whole && !this.known.whole) {
      const { failed, seconds } = await everything(this.program, none, this.known.tests, threads);
      const passes = Object.fromEntries(this.known.tests.map((test) => [test, !failed.includes(test)]));
      Object.assign(this.known, { passes, seconds, whole });
      this.#keep();
    }
    const failing = Object.keys(this.known.passes).filter((test) => !this.known.passes[test]);
    if (failing.length > 0) console.error(`fail without a mutant, and are left out: ${failing.join(" ")}`);
  }

  /** Whether a test passes without a mutant: what fails anyhow has noticed nothing. */
  async passes(test) {
    if (!(test in this.known.passes)) {
      this.known.passes[test] = (await everything(this.program, none, [test], threads)).failed.length === 0;
      this.#keep();
    }
    return this.known.passes[test];
  }

  /** The tests that may notice something. */
  get tests() {
    return this.known.tests.filter((test) => this.known.passes[test] !== false);
  }

  #keep() {
    writeFileSync(this.file, JSON.stringify(this.known));
  }
}

/** How many mutants each test has killed, in the runs that were written down. */
function killers() {
  const lines = readFileSync(join(root, "tools/mutants/killers.tsv"), "utf8").split("\n");
  const counts = lines.filter((line) => line && !line.startsWith("#")).map((line) => line.split("\t"));
  return new Map(counts.map(([test, count]) => [test, Number(count)]));
}

/** The tests in batches: the best killers of the room and of all first, then the quick ones. */
function batches(room, reference, done) {
  const kills = killers();
  for (const { killer, name } of done) {
    kills.set(killer, (kills.get(killer) ?? 0) + (name.startsWith(`${room} `) ? OF_THE_ROOM : 1));
  }
  // What takes no time to speak of takes as much as another node.
  const seconds = (test) => Math.max(reference.known.seconds[test] ?? LEAST, LEAST);
  const worth = (test) => (kills.get(test) ?? 0) / seconds(test);
  const ranked = [...reference.tests].sort((a, b) => worth(b) - worth(a) || seconds(a) - seconds(b));
  const edges = [0, ...BATCHES, ranked.length];
  return edges.slice(1).map((edge, index) => ranked.slice(edges[index], edge));
}

function report(built, chosen, known) {
  const rooms = new Map();
  for (const mutant of chosen) {
    const room = rooms.get(mutant.room) ?? { viable: 0, tried: 0, killed: 0, stuck: 0 };
    const result = known.get(mutant.name);
    room.viable += 1;
    room.tried += result ? 1 : 0;
    room.killed += result?.killer ? 1 : 0;
    room.stuck += result?.killer === "stuck" ? 1 : 0;
    rooms.set(mutant.room, room);
  }
  const all = (room) => built.mutants.filter((mutant) => mutant.room === room).length;
  console.log(
    "| room | compile | drawn | tried | killed | of them stuck | share |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
  );
  const total = { viable: 0, tried: 0, killed: 0, stuck: 0 };
  const share = ({ killed, tried }) => (tried === 0 ? "-" : `${((100 * killed) / tried).toFixed(1)}%`);
  let short = 0;
  for (const [room, counts] of [...rooms].sort()) {
    for (const key of Object.keys(total)) total[key] += counts[key];
    console.log(
      `| \`${room}\` | ${all(room)} | ${counts.viable} | ${counts.tried} | ${counts.killed} | ${counts.stuck} | ${share(counts)} |`,
    );
    if (counts.tried > 0 && counts.killed / counts.tried < GOAL) short += 1;
  }
  console.log(
    `| all | ${built.mutants.length} | ${total.viable} | ${total.tried} | ${total.killed} | ${total.stuck} | ${share(total)} |`,
  );
  const same = [...known.values()].filter((result) => result.same).length;
  for (const mutant of chosen.filter((mutant) => known.has(mutant.name) && !known.get(mutant.name).killer)) {
    console.log(`survived: ${mutant.place} ${mutant.name}`);
  }
  console.log(
    `${total.killed} killed, ${total.tried - total.killed} survived, ${total.viable - total.tried} not tried; ${built.all - built.mutants.length} of ${built.all} do not compile or must be constant, ${same} make no other code, ${harmless().size} are listed as harmless`,
  );
  return options.total ? total.killed === total.viable : short === 0;
}

/** The test that notices a mutant; `stuck` or `crashed`, or null where none does. */
async function killerOf(room, directory, reference, done) {
  for (;;) {
    const killer = await firstFailure(reference.program, directory, batches(room, reference, done), threads);
    if (!reference.known.tests.includes(killer) || (await reference.passes(killer))) return killer;
  }
}

/** Tries `open` one after the other until the time is up; false when it is. */
async function attempt(built, open, stop) {
  const reference = new Reference(built, binary());
  await reference.prepare(!options.total);
  const done = entries().filter(({ killer }) => killer);
  const next = (index) => {
    if (index === open.length) return null;
    const directory = join(folder, "modules", index % 2 === 0 ? "even" : "odd");
    return prepare(directory, modulesOf(open[index].room), open[index].id);
  };
  let coming = next(0);
  for (const [index, { name, room, place }] of open.entries()) {
    const { directory, same } = await coming;
    if (Date.now() > stop) return false;
    coming = next(index + 1);
    const began = Date.now();
    const killer = same ? null : await killerOf(room, directory, reference, done);
    const seconds = Math.round((Date.now() - began) / 100) / 10;
    const at = new Date().toISOString();
    const entry = { code: built.code, at, name, place, same, killer, seconds };
    appendFileSync(journal, `${JSON.stringify(entry)}\n`);
    if (killer) done.push(entry);
    const outcome = same ? "makes no other code" : killer ? `killed by ${killer}` : "SURVIVED";
    console.error(`${index + 1}/${open.length} ${outcome} (${seconds} s): ${place} ${name}`);
  }
  return true;
}

async function main() {
  const built = build();
  const stop = options.minutes ? Date.now() + Number(options.minutes) * 60_000 : Infinity;
  const begun = options.fresh || options.again ? new Date().toISOString() : "";
  // What makes no other code is drawn for nothing: so others are drawn in its place.
  for (;;) {
    const known = results(built);
    const stale = ({ killer, at }) => at < begun && (options.fresh || !killer);
    const chosen = sample(built, known);
    const open = chosen.filter(({ name }) => !known.has(name) || stale(known.get(name)));
    if (options.report || options.killers || open.length === 0 || !(await attempt(built, open, stop))) break;
  }
  await worker.terminate();
  if (options.killers) {
    const counts = new Map();
    for (const { killer } of results(built).values()) if (killer) counts.set(killer, (counts.get(killer) ?? 0) + 1);
    const lines = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map((line) => line.join("\t"));
    console.log(
      ["# Mutants that each test killed in the run that docs/mutants.md tells of: it goes first.", ...lines].join("\n"),
    );
    return;
  }
  const known = results(built);
  process.exitCode = report(built, sample(built, known), known) ? 0 : 1;
}

await main();
