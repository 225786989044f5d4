// A module with one mutant switched on, or none: the import that asks becomes a constant and all that then cannot
// happen goes, so that what is deployed costs nearly the gas and the bytes of a build of its own.

import binaryen from "../node_modules/binaryen/index.js";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { folder } from "./build.mjs";

/** What Nitro accepts beside the first version of WebAssembly. */
const features = binaryen.Features.MVP | binaryen.Features.BulkMemoryOpt;

/** Nodes of a function that is always put where it is called: so many as the switch has, then binaryen's own figure. */
const [SWITCH, OTHERS] = [3, binaryen.getAlwaysInlineMaxSize()];
/** Compressed bytes that Nitro accepts in one account. */
const LIMIT = 24_576;

/** As `scripts/build-wasm` optimises. */
binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
binaryen.setOneCallerInlineMaxSize(30);

/** The name of the imported switch inside `module`. */
function switchOf(module) {
  for (let i = 0; i < module.getNumFunctions(); i += 1) {
    const info = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
    if (info.module === "mutation" && info.base === "on") return info.name;
  }
  throw new Error("the module has no switch");
}

/** Gives the switch of `bytes` a body made by `answer(module)`, for its parameter, and optimises. */
function answered(bytes, answer, passes) {
  const module = binaryen.readBinary(bytes);
  module.setFeatures(features);
  try {
    const name = switchOf(module);
    const body = answer(module, module.local.get(0, binaryen.i32));
    module.removeFunction(name);
    module.addFunction(name, binaryen.createType([binaryen.i32]), binaryen.i32, [], body);
    passes(module);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

const built = new Map();

/** The module of all mutants. */
function whole(name) {
  if (!built.has(name)) built.set(name, readFileSync(join(folder, `${name}.wasm`)));
  return built.get(name);
}

/** The module `name` with the mutant `id`; 0 for none. */
export function specialised(name, id) {
  return answered(
    whole(name),
    (module, asked) => module.i32.eq(asked, module.i32.const(id)),
    (module) => {
      binaryen.setAlwaysInlineMaxSize(SWITCH);
      module.runPasses(["inlining", "precompute"]);
      binaryen.setAlwaysInlineMaxSize(OTHERS);
      module.optimize();
      module.optimize();
      module.runPasses(["strip-debug", "strip-producers", "strip-target-features"]);
    },
  );
}

/** Writes a module, plain and compressed as it is deployed. */
export function write(directory, name, wasm) {
  writeFileSync(join(directory, `${name}.wasm`), wasm);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length,
  };
  const compressed = brotliCompressSync(wasm, { params });
  // What cannot be deployed would look as if tests had noticed.
  if (compressed.length > LIMIT) throw new Error(`${name} has ${compressed.length} compressed bytes, at most ${LIMIT}`);
  writeFileSync(join(directory, `${name}.wasm.br`), compressed);
  return compressed.length;
}
