/** The page's settings: one file beside the page, checked before anything is shown. */
import { getAddress, isAddress, type Address } from 'viem'

export type Deployment = {
  chainId: number
  name: string
  rpcUrl: string
  vvv: Address
  sVvv: Address
  diem: Address
  /** VVV is a stand-in with a faucet. */
  devnet: boolean
  /** First block with events of the contracts. */
  fromBlock: bigint
}

export type Config = { deployments: Deployment[]; gateways: Map<Address, string> }

/** The settings are not what they must be; the message says where. */
export class BadConfig extends Error {}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function address(value: unknown, where: string): Address {
  if (typeof value !== 'string' || !isAddress(value, { strict: false })) throw new BadConfig(`${where} is no address`)
  return getAddress(value)
}

/** An http or https URL without its last slash. */
export function httpUrl(value: unknown, where: string): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw new BadConfig(`${where} is no http address`)
  return url.href.replace(/\/$/, '')
}

function deployment(value: unknown, index: number): Deployment {
  const where = `deployments[${index}]`
  if (!isRecord(value)) throw new BadConfig(`${where} is no object`)
  const { chainId, name, fromBlock } = value
  if (!Number.isSafeInteger(chainId) || (chainId as number) < 1) throw new BadConfig(`${where}.chainId is no chain id`)
  if (!Number.isSafeInteger(fromBlock) || (fromBlock as number) < 0)
    throw new BadConfig(`${where}.fromBlock is no block`)
  return {
    chainId: chainId as number,
    name: typeof name === 'string' ? name : `Chain ${String(chainId)}`,
    rpcUrl: httpUrl(value.rpcUrl, `${where}.rpcUrl`),
    vvv: address(value.vvv, `${where}.vvv`),
    sVvv: address(value.sVvv, `${where}.sVvv`),
    diem: address(value.diem, `${where}.diem`),
    devnet: value.devnet === true,
    fromBlock: BigInt(fromBlock as number),
  }
}

export function readConfig(value: unknown): Config {
  if (!isRecord(value) || !Array.isArray(value.deployments)) throw new BadConfig('deployments is no list')
  if (value.deployments.length === 0) throw new BadConfig('there is no deployment')
  const gateways = isRecord(value.gateways) ? Object.entries(value.gateways) : []
  return {
    deployments: value.deployments.map(deployment),
    gateways: new Map(gateways.map(([key, url]) => [address(key, `gateways.${key}`), httpUrl(url, `gateways.${key}`)])),
  }
}

export async function loadConfig(): Promise<Config> {
  const response = await fetch('./config.json')
  if (!response.ok) throw new BadConfig(`config.json cannot be read (${response.status})`)
  return readConfig(await response.json())
}
