import { useChain, useReads } from '../chain/ChainProvider'
import { all } from '../chain/node'
import { useOwner, usePrograms, type Owner } from '../chain/operator'
import { useGateways } from '../chain/useGateways'
import { dayText, spanText, utcText } from '../format'
import { epochAt } from '../math/diem'
import { text } from '../texts'
import { Addr, Amount, Card, Empty, Fact, Facts, Table } from '../ui/parts'
import cssCard from '../ui/card.module.css'
import cssFacts from '../ui/facts.module.css'
import cssLayout from '../ui/layout.module.css'
import cssParts from '../ui/parts.module.css'
import cssText from '../ui/text.module.css'
import cssTable from '../ui/Table.module.css'

const t = text.operator
const NAMES = { vvv: text.units.vvv, sVvv: text.units.svvv, diem: text.units.diem }

export function Operator() {
  const { head } = useChain()
  const reads = useReads('operator', [], (read) =>
    all({
      owner: read('diem', 'owner'),
      pendingOwner: read('diem', 'pendingOwner'),
      sOwner: read('sVvv', 'owner'),
      sPending: read('sVvv', 'pendingOwner'),
      guardian: read('diem', 'guardian'),
      treasury: read('diem', 'treasury'),
      paused: read('diem', 'mintPaused'),
      emission: read('sVvv', 'emissionRatePerSecond'),
      most: read('sVvv', 'maxEmissionRatePerSecond'),
      default: read('diem', 'defaultGateway'),
    }),
  )
  const programs = usePrograms()
  const owner = useOwner(reads?.owner)
  const gateways = useGateways()
  const epoch = head && epochAt(head.timestamp)
  return (
    <>
      <div className={cssLayout.hero}>
        <h1>{t.title}</h1>
        <p className={cssLayout.lead}>{t.lead}</p>
      </div>
      <div className={cssLayout.columns}>
        <Card title={t.roles}>
          <Facts rows>
            <Fact term={t.owner} note={t.ownerCan} name="owner">
              <Addr address={reads?.owner} none={t.renounced} />{' '}
              {owner && <span className={cssParts.tag}>{kindText(owner)}</span>}
              <Offered to={reads?.pendingOwner} />
            </Fact>
            <Fact term={t.ownerS} name="svvv-owner">
              <Addr address={reads?.sOwner} none={t.renounced} />
              <Offered to={reads?.sPending} />
            </Fact>
            <Fact term={t.guardian} note={t.guardianCan} name="guardian">
              <Addr address={reads?.guardian} />
            </Fact>
            <Fact term={t.treasury} name="treasury">
              <Addr address={reads?.treasury} />
            </Fact>
          </Facts>
        </Card>
        <div className={cssLayout.stack}>
          <Card>
            <Facts rows>
              <Fact term={t.minting} name="minting">
                {reads && (
                  <span className={cssParts.tag} data-state={reads.paused ? 'bad' : 'good'}>
                    {reads.paused ? t.paused : t.running}
                  </span>
                )}
              </Fact>
              <Fact term={t.emission} name="emission">
                <Amount wad={reads?.emission} unit={t.perSecond} />
              </Fact>
              <Fact term={t.emissionMax} name="emission-most">
                <Amount wad={reads?.most} unit={t.perSecond} />
              </Fact>
            </Facts>
          </Card>
          <Card title={t.queue}>
            <Queue owner={owner} now={head?.timestamp} />
          </Card>
        </div>
      </div>
      <Card title={t.gateways}>
        {gateways?.length === 0 && <Empty>{text.credit.noGateways}</Empty>}
        {gateways && gateways.length > 0 && (
          <Table label={t.gateways} head={[t.address, t.state]}>
            {gateways.map(({ address, allowed }) => (
              <tr key={address}>
                <td>
                  <Addr address={address} />
                </td>
                <td className={cssParts.tags}>
                  <span className={cssParts.tag} data-state={allowed ? 'good' : 'bad'}>
                    {allowed ? t.registered : t.revoked}
                  </span>
                  {reads?.default[0] === address && <span className={cssParts.tag}>{t.default}</span>}
                  {reads && epoch !== undefined && reads.default[1] === address && reads.default[2] > epoch && (
                    <span className={cssParts.tag}>{t.defaultFrom(dayText(reads.default[2]))}</span>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Card>
      <Card title={t.programs}>
        <p className={`${cssText.muted} ${cssCard.cardLead}`}>{t.programsLead}</p>
        {programs && head && (
          <Table label={t.programs} head={[t.program, t.address, t.expires, t.cache]}>
            {programs.map(({ name, address, version, left, cached }) => (
              <tr key={name} data-program={name}>
                <td data-label={t.program}>
                  <span>
                    {NAMES[name]} {version !== undefined && <span className={cssText.muted}>v{version}</span>}
                  </span>
                </td>
                <td data-label={t.address}>
                  <Addr address={address} />
                </td>
                <td data-label={t.expires}>
                  {left === undefined ? (
                    t.noProgram
                  ) : (
                    <span>
                      <span className={cssTable.whole}>{utcText(head.timestamp + left)}</span>{' '}
                      <span className={cssTable.whole}>({spanText(left)})</span>
                    </span>
                  )}
                </td>
                <td data-label={t.cache}>{cached === undefined ? '–' : cached ? t.cached : t.notCached}</td>
              </tr>
            ))}
          </Table>
        )}
      </Card>
    </>
  )
}

const kindText = (owner: Owner): string =>
  owner.kind === 'timelock' ? t.timelock(spanText(owner.delay)) : t[owner.kind]

const ZERO = /^0x0{40}$/

function Offered({ to }: { to: string | undefined }) {
  if (to === undefined || ZERO.test(to)) return null
  return (
    <div className={cssFacts.factNote}>
      {t.pending} <Addr address={to} />
    </div>
  )
}

function Queue({ owner, now }: { owner: Owner | undefined; now: bigint | undefined }) {
  if (!owner || now === undefined) return <Empty>{text.common.loading}</Empty>
  if (owner.kind !== 'timelock') return <Empty>{t.queueNone}</Empty>
  if (!owner.queue) return <Empty>{text.common.loading}</Empty>
  if (owner.queue.length === 0) return <Empty>{t.queueEmpty}</Empty>
  return (
    <ul className={cssParts.activity}>
      {owner.queue.map(({ id, what, readyAt }) => (
        <li key={id}>
          <span className={`${cssText.mono} ${cssText.break}`}>{what}</span>
          <span className={cssParts.tag}>{now >= readyAt ? t.ready : t.readyAt(utcText(readyAt))}</span>
        </li>
      ))}
    </ul>
  )
}
