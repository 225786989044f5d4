// What a Trezor says on the wire: protobuf messages in chunks of 64 bytes, over UDP, as its own emulator
// speaks. It signs whatever it is asked to with keys of its words, or refuses.
import { createSocket } from 'node:dgram'
import { createRequire } from 'node:module'

// The library, from where the examples have it.
const require = createRequire(new URL('../../../../examples/package.json', import.meta.url))
const { bytesToHex, hexToBytes, keccak256, parseSignature, serializeTransaction } = require('viem')
const { mnemonicToAccount } = require('viem/accounts')

/** Where the client looks for an emulator. */
const PORT = 21324
const CHUNK = 64
/** Bytes of data that a device takes at once. */
const PART = 1024

const INITIALIZE = 0
const FAILURE = 3
const FEATURES = 17
const BUTTON_REQUEST = 26
const BUTTON_ACK = 27
const GET_ADDRESS = 56
const ADDRESS = 57
const TX_REQUEST = 59
const TX_ACK = 60
const SIGN_MESSAGE = 64
const MESSAGE_SIGNATURE = 66
const SIGN_TX_EIP1559 = 452
/** The failure of who says no on the device. */
const ACTION_CANCELLED = 4

/** A number as protobuf writes it. */
function varint(number) {
  const bytes = []
  for (let rest = BigInt(number); ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)]
    bytes.push(Number(rest & 127n) | 128)
  }
}

/** A message of pairs: field number, and a number, text or bytes. */
function message(...fields) {
  const bytes = fields.flatMap(([field, value]) => {
    if (typeof value === 'number') return [...varint(field << 3), ...varint(value)]
    const body = typeof value === 'string' ? Buffer.from(value) : value
    return [...varint((field << 3) | 2), ...varint(body.length), ...body]
  })
  return Uint8Array.from(bytes)
}

/** All values of a message by field number. */
function read(bytes) {
  const fields = new Map()
  let at = 0
  const number = () => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = BigInt(bytes[at++])
      value |= (byte & 127n) << shift
      if (byte < 128n) return value
    }
  }
  while (at < bytes.length) {
    const tag = Number(number())
    let value = number()
    if ((tag & 7) === 2) {
      const end = at + Number(value)
      value = bytes.subarray(at, end)
      at = end
    }
    const field = tag >> 3
    fields.set(field, [...(fields.get(field) ?? []), value])
  }
  return { one: (field) => fields.get(field)?.[0], all: (field) => fields.get(field) ?? [] }
}

const whole = (bytes) => (bytes?.length ? BigInt(bytesToHex(bytes)) : 0n)
const path = (numbers) =>
  `m/${numbers.map((step) => (step >= 0x80000000n ? `${step - 0x80000000n}'` : `${step}`)).join('/')}`

/** An emulated device with the keys of `words`. */
export class Trezor {
  /** Whether somebody says yes on it. */
  willing = true
  /** What it signed: transactions as they were asked for, and messages. */
  signed = []
  #words
  #socket = createSocket('udp4')
  #received = []
  /** What comes after the button, or after the rest of the data. */
  #next

  constructor(words) {
    this.#words = words
    this.#socket.on('message', (chunk, from) => this.#hear(chunk, from))
  }

  async start() {
    await new Promise((done) => this.#socket.bind(PORT, '127.0.0.1', done))
  }

  stop() {
    this.#socket.close()
  }

  async #hear(chunk, { port, address }) {
    if (chunk.toString() === 'PINGPING') {
      this.#socket.send('PONGPONG', port, address)
      return
    }
    this.#received.push(chunk.subarray(1))
    const bytes = Buffer.concat(this.#received)
    // Magic, kind and length stand in the first chunk.
    const length = bytes.readUInt32BE(4)
    if (bytes.length < 8 + length) return
    this.#received = []
    const [kind, answer] = await this.#answer(bytes.readUInt16BE(2), bytes.subarray(8, 8 + length))
    const head = Buffer.alloc(8)
    head.write('##')
    head.writeUInt16BE(kind, 2)
    head.writeUInt32BE(answer.length, 4)
    const all = Buffer.concat([head, answer])
    for (let at = 0; at < all.length; at += CHUNK - 1) {
      const part = Buffer.alloc(CHUNK)
      part.write('?')
      all.copy(part, 1, at, at + CHUNK - 1)
      this.#socket.send(part, port, address)
    }
  }

  async #answer(kind, bytes) {
    const given = read(bytes)
    switch (kind) {
      case INITIALIZE:
        return [FEATURES, message([1, 'trezor.io'], [2, 2], [3, 8], [4, 0], [35, new Uint8Array(32)])]
      case GET_ADDRESS:
        return [ADDRESS, message([2, this.#account(given).address])]
      case SIGN_MESSAGE:
        return this.#button(() => this.#message(given))
      case SIGN_TX_EIP1559:
        return this.#gather(given, given.one(8) ?? Buffer.alloc(0))
      case BUTTON_ACK:
      case TX_ACK:
        return this.#next(given)
      default:
        throw new Error(`a Trezor is not asked for ${kind} here`)
    }
  }

  #account(given) {
    return mnemonicToAccount(this.#words, { path: path(given.all(1)) })
  }

  /** Asks whoever holds the device before `signs`. */
  #button(signs) {
    this.#next = () =>
      this.willing ? signs() : [FAILURE, message([1, ACTION_CANCELLED], [2, 'Cancelled'])]
    return [BUTTON_REQUEST, message()]
  }

  /** Asks for the data until all of it is here. */
  #gather(given, data) {
    const missing = Number(given.one(9) ?? 0n) - data.length
    if (missing === 0) return this.#button(() => this.#transaction(given, data))
    this.#next = (more) => this.#gather(given, Buffer.concat([data, more.one(1)]))
    return [TX_REQUEST, message([1, Math.min(missing, PART)])]
  }

  async #transaction(given, data) {
    const transaction = {
      type: 'eip1559',
      chainId: Number(given.one(10)),
      nonce: Number(whole(given.one(2))),
      maxFeePerGas: whole(given.one(3)),
      maxPriorityFeePerGas: whole(given.one(4)),
      gas: whole(given.one(5)),
      to: given.one(6)?.toString() || undefined,
      value: whole(given.one(7)),
      data: bytesToHex(data),
    }
    this.signed.push(transaction)
    const hash = keccak256(serializeTransaction(transaction))
    const { r, s, yParity } = parseSignature(await this.#account(given).sign({ hash }))
    return [TX_REQUEST, message([2, yParity], [3, hexToBytes(r)], [4, hexToBytes(s)])]
  }

  async #message(given) {
    const raw = given.one(2)
    this.signed.push(raw.toString())
    const signature = await this.#account(given).signMessage({ message: { raw: bytesToHex(raw) } })
    return [MESSAGE_SIGNATURE, message([2, hexToBytes(signature)], [3, this.#account(given).address])]
  }
}
