// Compiles the ready-made contracts and writes their runtime code beside them.
//
//   node crates/arbos/contracts/build.mjs           writes *.hex and artifacts.json
//   node crates/arbos/contracts/build.mjs --check   fails when they are out of date
//
// The compiler is the one pinned in tools/package.json.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(here, "../../../tools/package.json"));
const solc = require("solc");

const sources = ["ArbOS.sol", "CacheManager.sol", "Multicall3.sol", "StylusDeployer.sol"];
const contracts = ["CacheManager", "Multicall3", "StylusDeployer"];
/** Clients use Multicall3 at any ArbOS version; before 11 there is no PUSH0. The others need Stylus, which came later. */
const evmVersions = { Multicall3: "paris" };
const texts = Object.fromEntries(sources.map((name) => [name, readFileSync(join(here, name), "utf8")]));

/** Compiles one contract with what it imports. */
function compile(name) {
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: "Solidity",
        sources: { [`${name}.sol`]: { content: texts[`${name}.sol`] } },
        settings: {
          evmVersion: evmVersions[name] ?? "cancun",
          viaIR: true,
          optimizer: { enabled: true, runs: 1 },
          metadata: { bytecodeHash: "none", appendCBOR: false },
          outputSelection: {
            "*": { "*": ["evm.deployedBytecode.object", "evm.methodIdentifiers", "storageLayout"] },
          },
        },
      }),
      { import: (path) => ({ contents: texts[path] }) },
    ),
  );
  const problems = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (problems.length > 0) {
    for (const { formattedMessage } of problems) console.error(formattedMessage);
    process.exit(1);
  }
  return output.contracts[`${name}.sol`][name];
}

const compiled = Object.fromEntries(contracts.map((name) => [name, compile(name)]));

const sourceHash = createHash("sha256");
for (const name of sources) sourceHash.update(texts[name]);

const artifacts = {
  compiler: solc.version(),
  sourceSha256: sourceHash.digest("hex"),
};
for (const name of contracts) {
  const { evm, storageLayout } = compiled[name];
  artifacts[name] = {
    selectors: evm.methodIdentifiers,
    storage: Object.fromEntries(
      storageLayout.storage.map(({ label, slot, offset }) => [label, { slot: Number(slot), offset }]),
    ),
  };
  console.error(`${name}: ${evm.deployedBytecode.object.length / 2} bytes`);
}

const files = { "artifacts.json": JSON.stringify(artifacts, null, 2) + "\n" };
for (const name of contracts) {
  files[`${name}.hex`] = compiled[name].evm.deployedBytecode.object;
}
for (const [name, text] of Object.entries(files)) {
  const path = join(here, name);
  if (!process.argv.includes("--check")) {
    writeFileSync(path, text);
  } else if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
    console.error(`${name} is out of date: run node crates/arbos/contracts/build.mjs`);
    process.exit(1);
  }
}
