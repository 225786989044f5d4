import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { zeroAddress } from 'viem'
import { getBlock } from 'viem/actions'
import { useChain } from '../chain/ChainProvider'
import type { Told } from '../chain/logs'
import { UNTIL_ANSWERED } from '../chain/node'
import { useTold } from '../chain/useTold'
import { shortAddress, utcText } from '../format'
import { csvOf, filtersOf, kindOf, valueText, type Kind } from '../history'
import { useRoute } from '../route'
import { text } from '../texts'
import { SelectField } from '../ui/fields'
import { Card, Empty, Table } from '../ui/parts'
import { useWallet } from '../wallet/useWallet'
import cssButton from '../ui/button.module.css'
import cssLayout from '../ui/layout.module.css'
import cssParts from '../ui/parts.module.css'
import cssTable from '../ui/Table.module.css'
import cssText from '../ui/text.module.css'

const t = text.history
const PAGE = 25
const KINDS = ['staking', 'minting', 'credit', 'leases', 'transfers'] as const
const CHOICES = [{ value: 'all' as const, label: t.all }, ...KINDS.map((value) => ({ value, label: t.kinds[value] }))]

export function History() {
  const { address } = useRoute()
  const { account } = useWallet()
  const shown = address ?? account
  const [kind, setKind] = useState<Kind | 'all'>('all')
  const [most, setMost] = useState(PAGE)
  const told = useTold('history', filtersOf(shown ?? zeroAddress), shown !== undefined)
  const chosen = useMemo(
    () => told?.filter((item) => kindOf(item) && (kind === 'all' || kindOf(item) === kind)).toReversed(),
    [told, kind],
  )
  const page = chosen?.slice(0, most)
  const times = useTimes(chosen)
  return (
    <>
      <div className={cssLayout.hero}>
        <h1>{t.title}</h1>
        <p className={cssLayout.lead}>{t.lead}</p>
      </div>
      <Card>
        <div className={cssLayout.toolbar}>
          <SelectField label={t.filter} value={kind} choices={CHOICES} onChange={setKind} />
          <button
            type="button"
            className={cssButton.button}
            disabled={!chosen || chosen.length === 0 || !times}
            onClick={() => save(csvOf(chosen ?? [], times ?? new Map()), `diem-${shown ?? ''}.csv`)}
          >
            {t.csv}
          </button>
        </div>
        {shown && chosen === undefined && <Empty>{text.common.loading}</Empty>}
        {!shown && <Empty>{text.wallet.needed}</Empty>}
        {chosen?.length === 0 && <Empty>{t.empty}</Empty>}
        {page && page.length > 0 && (
          <Table label={t.title} head={[t.time, t.event, t.details, t.block]}>
            {page.map((item) => (
              <Row key={`${item.block}/${item.index}`} item={item} time={times?.get(item.block)} />
            ))}
          </Table>
        )}
        {page && chosen && page.length < chosen.length && (
          <div className={`${cssLayout.row} ${cssLayout.more}`}>
            <span className={cssText.muted}>{t.count(page.length, chosen.length)}</span>
            <button
              type="button"
              className={`${cssButton.button} ${cssButton.small}`}
              onClick={() => setMost(most + PAGE)}
            >
              {t.more}
            </button>
          </div>
        )}
      </Card>
    </>
  )
}

const CONTRACTS = { vvv: text.units.vvv, sVvv: text.units.svvv, diem: text.units.diem }

function Row({ item, time }: { item: Told; time: bigint | undefined }) {
  return (
    <tr>
      <td className={cssTable.when}>{time === undefined ? '…' : utcText(time)}</td>
      <td>
        {t.events[item.name] ?? item.name} <span className={cssParts.tag}>{CONTRACTS[item.contract]}</span>
      </td>
      <td className={cssTable.details}>
        {Object.entries(item.args).map(([field, value]) => {
          const shown = valueText(field, value)
          const isAddress = shown.startsWith('0x')
          return (
            <span key={field} className={cssTable.pairing}>
              <span className={cssText.muted}>{t.fields[field] ?? field}</span>{' '}
              {isAddress ? (
                <span className={cssText.mono} title={shown}>
                  {shortAddress(shown)}
                </span>
              ) : (
                <data value={String(value)}>{shown}</data>
              )}
            </span>
          )
        })}
      </td>
      <td data-label={t.block}>
        <span className={cssText.mono}>{item.block.toString()}</span>
      </td>
    </tr>
  )
}

/** When blocks were. A block's time never changes, so each is asked for once. */
function useTimes(told: readonly Told[] | undefined): ReadonlyMap<bigint, bigint> | undefined {
  const { node } = useChain()
  const queries = useQueryClient()
  const place = [node.rpcUrl, node.deployment.diem]
  const timeOf = async (blockNumber: bigint) => {
    const queryFn = async () => (await getBlock(node.client, { blockNumber })).timestamp
    const queryKey = ['time', ...place, blockNumber.toString()]
    const forever = { staleTime: Infinity, gcTime: Infinity, ...UNTIL_ANSWERED }
    return [blockNumber, await queries.fetchQuery({ queryKey, queryFn, ...forever })] as const
  }
  const blocks = useMemo(() => [...new Set(told?.map(({ block }) => block))], [told])
  const { data } = useQuery({
    queryKey: ['times', ...place, blocks.join()],
    queryFn: async () => new Map(await Promise.all(blocks.map(timeOf))),
    enabled: blocks.length > 0,
    staleTime: Infinity,
    ...UNTIL_ANSWERED,
    structuralSharing: false,
    placeholderData: (last) => last,
  })
  return data
}

function save(content: string, name: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'text/csv;charset=utf-8' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  URL.revokeObjectURL(url)
}
