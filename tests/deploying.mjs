// docs/deploying.md holds: its commands, read from the page and run in their order as an operator would, make a system
// that a timelock owns, on the dev node with Stylus programs and on anvil under Base's chain id with EVM code.
//
//   node --test --test-reporter=tap tests/deploying.mjs
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startChain, connect } from '../bench/lib/chain.mjs'
import { ROOT, viemAccounts } from '../bench/lib/tools.mjs'
import { artifact, build } from '../evm/build.mjs'
import { blocks, run } from './page.mjs'

const PAGE = readFileSync(join(ROOT, 'docs', 'deploying.md'), 'utf8')
const COMMANDS = blocks(PAGE).filter(({ language }) => language === 'sh')
/** All may have to be compiled first. */
const PATIENCE_MS = 20 * 60_000
const TWO_DAYS = 172_800
/** Gas of a step may differ by this part from what the page says: addresses differ from run to run. */
const TOLERANCE = 0.02
const FACTORY = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
const PUBLISHER = '0x3fab184622dc19b6109349b94811493bf2a45362'
const GATEWAY = '0x00000000000000000000000000000000000000a1'
const TREASURY = '0x00000000000000000000000000000000000000a2'
const ETHER = 10n ** 18n

/** The chains that the page is walked on, and which marked blocks are for them. */
const CHAINS = [
  {
    name: 'the dev node',
    kind: 'devnode',
    chainId: 412346,
    target: 'stylus',
    key: '0xb6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659',
    marks: ['stylus'],
  },
  {
    name: "anvil under Base's id",
    kind: 'anvil',
    chainId: 8453,
    target: 'evm',
    key: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
    marks: ['factory'],
  },
]
const KNOWN_MARKS = new Set(['stylus', 'factory', 'two-days-later', 'refused'])

test('every command of the page is run somewhere', () => {
  assert.ok(COMMANDS.length > 10)
  for (const { marks, lines } of COMMANDS) for (const mark of marks) assert.ok(KNOWN_MARKS.has(mark), `${mark}: ${lines[0]}`)
  for (const mark of ['stylus', 'factory']) assert.ok(CHAINS.some(({ marks }) => marks.includes(mark)))
})

test('its places exist', () => {
  for (const [, path] of PAGE.matchAll(/\]\((?!http|#)([^)#]+)\)/g)) assert.ok(existsSync(join(ROOT, 'docs', path)), path)
})

/** Rows of the page's table of steps: {step, stylus, evm} in gas. */
const COSTS = [...PAGE.split('| later |')[0].matchAll(/^\| ([\w ]+) \| ([\d,]+) \| ([\d,]+) \|$/gm)].map(([, step, stylus, evm]) => {
  const gas = (text) => Number(text.replaceAll(',', ''))
  return { step, stylus: gas(stylus), evm: gas(evm) }
})

for (const { name, kind, chainId, target, key, marks: own } of CHAINS) {
  describe(`the page on ${name}`, { concurrency: false }, () => {
    let node, chain, folder, env

    before(async () => {
      build()
      node = await startChain(kind, { chainId })
      chain = await connect(node.rpcUrl)
      folder = mkdtempSync(join(tmpdir(), 'diem-deploying-'))
      // As a real chain: nothing is taken for granted that only a devnet allows.
      const networks = [{ chainId, name: 'a chain to rehearse on', devnet: false, vvv: null }]
      writeFileSync(join(folder, 'networks.json'), JSON.stringify(networks))
      writeFileSync(join(folder, 'password'), 'a password of no use elsewhere\n', { mode: 0o600 })
      const foreign = Object.keys(process.env).filter((variable) => variable.startsWith('DIEM_'))
      env = { ...process.env, ...Object.fromEntries(foreign.map((variable) => [variable, undefined])) }
      Object.assign(env, {
        DIEM_RPC_URL: node.rpcUrl,
        DIEM_NETWORKS: join(folder, 'networks.json'),
        DIEM_DEPLOYMENTS: join(folder, 'deployments'),
        DIEM_KEYSTORES: join(folder, 'keystores'),
        DIEM_PASSWORD_FILE: join(folder, 'password'),
        FUNDER_KEY: key,
        GATEWAY,
        TREASURY,
      })
      if (own.includes('factory')) {
        await chain.rpc('anvil_setCode', [FACTORY, '0x'])
        await chain.rpc('anvil_setNonce', [PUBLISHER, '0x0'])
        await chain.rpc('anvil_setBalance', [PUBLISHER, '0x0'])
      }
    })
    after(() => {
      node?.stop()
      rmSync(folder, { recursive: true, force: true })
    })

    /** Runs commands in the repository with what earlier ones exported. */
    function shell(commands) {
      const state = join(folder, 'exported')
      const kept = `declare -px >${state}`
      const earlier = existsSync(state) ? `source ${state}` : ':'
      const { status, stdout, stderr } = run(`${earlier}\n${commands}\n${kept}`, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE_MS })
      // The wrapper around cast ends with 0 whatever cast says.
      const failed = status !== 0 || /^Error/m.test(stderr)
      return { failed, stdout, stderr, told: `${commands}\n${stdout}\n${stderr}` }
    }
    const value = (expression) => shell(`echo "${expression}"`).stdout.trim()
    const record = () => JSON.parse(readFileSync(join(env.DIEM_DEPLOYMENTS, `${chainId}.json`), 'utf8'))

    /** What has to be so before a block, beside what the page says. */
    const BEFORE = [
      {
        form: /^diem deploy .*--dry-run/,
        async runs() {
          for (const who of ['$DEPLOYER', '$PROPOSER', '$GUARDIAN']) {
            assert.match(value(who), /^0x[0-9a-fA-F]{40}$/)
            await chain.rpc('anvil_setBalance', [value(who), `0x${(10n * ETHER).toString(16)}`])
          }
          env.VVV = await standIn()
        },
      },
      {
        form: /^diem timelock execute/,
        async runs() {
          const { stdout } = shell('diem timelock list --json')
          const waiting = JSON.parse(stdout).operations.filter(({ state }) => state !== 'done')
          assert.equal(waiting.length, 1, stdout)
          assert.match(waiting[0].does, /^DIEM\.setGateway\(gateway=0x0{38}[aA]1, allowed=true\)$/)
          env.ID = waiting[0].id
          const early = shell('diem timelock execute "$ID" --wallet proposer --yes')
          assert.ok(early.failed && /ready in/.test(early.stderr), early.told)
          await chain.warp(TWO_DAYS)
        },
      },
    ]
    /** What has to be so after a block, beside its commands' success. */
    const AFTER = [
      { form: /^cast publish/, runs: async () => assert.notEqual(await chain.rpc('eth_getCode', [FACTORY, 'latest']), '0x') },
      {
        form: /^diem deploy .*--dry-run/,
        async runs() {
          assert.ok(!existsSync(env.DIEM_DEPLOYMENTS) || !existsSync(join(env.DIEM_DEPLOYMENTS, `${chainId}.json`)))
          assert.equal(await chain.rpc('eth_getTransactionCount', [value('$DEPLOYER'), 'latest']), '0x0')
          const options = '--vvv "$VVV" --proposer "$PROPOSER" --guardian "$GUARDIAN" --treasury "$TREASURY" --json'
          const plan = JSON.parse(shell(`diem deploy --wallet deployer ${options} --dry-run`).stdout)
          assert.equal(plan.target, target)
          const steps = plan.steps.filter(({ gas }) => gas !== null)
          assert.deepEqual(steps.map(({ step }) => step), COSTS.map(({ step }) => step).filter((step) => step !== 'in all'))
          for (const { step, gas } of [...steps, { step: 'in all', gas: plan.gas }]) {
            const told = COSTS.find((row) => row.step === step)[target]
            assert.ok(Math.abs(gas - told) <= TOLERANCE * told, `${step} takes ${gas} gas; the page says ${told}`)
          }
        },
      },
      {
        form: /^diem deploy .*--yes/,
        runs({ told }) {
          const made = record()
          assert.equal(made.target, target)
          assert.equal(made.unfinished, undefined)
          assert.equal(made.timelock.delay, TWO_DAYS)
          assert.match(told, /has nothing left|nothing is left to do/)
        },
      },
      { form: /^diem verify/, runs: () => rmSync(join(ROOT, 'verify.json')) },
      { form: /^diem timelock execute/, runs: ({ stdout }) => assert.match(stdout, /settles +the credit/) },
      { form: /^diem gateway revoke .*guardian/, runs: ({ stdout }) => assert.match(stdout, /settles +nothing/) },
      { form: /^diem gateway revoke .*deployer/, runs: ({ stderr }) => assert.match(stderr, /OwnableUnauthorizedAccount/) },
    ]

    /** A VVV that was there before: the chain's token. */
    async function standIn() {
      const funder = viemAccounts.privateKeyToAccount(key)
      const vvv = await chain.deploy(funder, artifact('VVV'))
      await chain.write(funder, vvv, 'mint', [value('$DEPLOYER'), 1_000_000n * ETHER])
      return vvv.address
    }

    for (const { marks, lines } of COMMANDS) {
      const foreign = CHAINS.flatMap((chain) => chain.marks).filter((mark) => !own.includes(mark))
      if (marks.some((mark) => foreign.includes(mark))) continue
      test(lines.join('; '), async () => {
        const has = ({ form }) => lines.some((line) => form.test(line))
        for (const { runs } of BEFORE.filter(has)) await runs()
        const outcome = shell(lines.join('\n'))
        assert.equal(outcome.failed, marks.includes('refused'), outcome.told)
        for (const { runs } of AFTER.filter(has)) await runs(outcome)
      })
    }

    test('nothing is left with the deployer', () => {
      const { owner, deployer } = record()
      for (const command of [
        `gateway set ${GATEWAY}`,
        'gateway default nobody',
        `timelock schedule set-treasury ${deployer}`,
        'timelock schedule transfer-ownership ' + deployer,
      ]) {
        const outcome = shell(`diem ${command} --wallet deployer --yes`)
        assert.ok(outcome.failed, outcome.told)
      }
      for (const contract of ['vvv', 'sVvv', 'diem']) assert.ok(record()[contract])
      assert.notEqual(owner, deployer)
    })
  })
}
