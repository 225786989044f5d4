// A thread that prepares the modules of one mutant while the suites run over those of another.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import { specialised, write } from "./modules.mjs";

parentPort.on("message", ({ directory, unchanged, names, id }) => {
  const written = names.map((name) => {
    const wasm = specialised(name, id);
    const compressed = write(directory, name, wasm);
    const same = unchanged !== null && Buffer.from(wasm).equals(readFileSync(join(unchanged, `${name}.wasm`)));
    return { name, compressed, same };
  });
  parentPort.postMessage({ id, written });
});
