// The twin's interface is the published one, whole: every function with its mutability, every event, every error, by
// name, types and the names of fields, and nothing beside them. OpenZeppelin declares some of the events and errors of
// abi/*.sol itself, so the contracts cannot inherit those interfaces: this test is what holds them.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { publishedAbi } from '../../bench/lib/abi.mjs'
import { artifact, build } from '../build.mjs'

const TWINS = { IVVV: 'VVV', IStakedVvv: 'StakedVvv', IDiem: 'Diem' }

/** What solc lists because OpenZeppelin's code has it, on paths that these contracts cannot take. */
const UNREACHABLE = {
  // A permit has its signature in three parts, never in bytes of some length.
  ECDSAInvalidSignatureLength: ['VVV', 'Diem'],
  // Name and version of the EIP-712 domain are short, and fixed.
  InvalidShortString: ['VVV', 'Diem'],
  StringTooLong: ['VVV', 'Diem'],
  // The domain of a contract without an upgrade never changes.
  EIP712DomainChanged: ['VVV', 'Diem'],
  // Nonces are counted, never given.
  InvalidAccountNonce: ['VVV', 'Diem'],
  // Of OpenZeppelin's balances and their owner, which the stand-in for VVV leaves unused.
  ERC20InsufficientAllowance: ['VVV'],
  ERC20InsufficientBalance: ['VVV'],
  ERC20InvalidSender: ['VVV'],
}

before(() => build())

/** One line per item; two ABIs are the same where their lines are. */
function lines(abi) {
  return abi
    .filter(({ type }) => type !== 'constructor')
    .map(({ type, name, stateMutability, inputs, outputs }) => {
      const fields = inputs.map((input) => `${input.type}${input.indexed ? ' indexed' : ''} ${input.name}`)
      // Names of parameters are no part of how a function is called; those of an event or an error are shown to people.
      const callable = `${name}(${inputs.map((input) => input.type)}) ${stateMutability} (${outputs?.map((output) => output.type)})`
      return type === 'function' ? `function ${callable}` : `${type} ${name}(${fields.join(', ')})`
    })
    .sort()
}

for (const [name, twin] of Object.entries(TWINS)) {
  test(`the ABI of ${twin} is that of ${name}`, () => {
    const reachable = artifact(twin).abi.filter((item) => !UNREACHABLE[item.name]?.includes(twin))
    assert.deepEqual(lines(reachable), lines(publishedAbi(name)))
  })

  test(`what ${twin} is excused from exists`, () => {
    const own = new Set(artifact(twin).abi.map((item) => item.name))
    const excused = Object.keys(UNREACHABLE).filter((each) => UNREACHABLE[each].includes(twin))
    assert.deepEqual(excused.filter((each) => !own.has(each)), [])
  })
}
