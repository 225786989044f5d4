import { useState } from 'react'
import { getAddress, isAddress, type Address } from 'viem'
import { useChain, useReads } from '../chain/ChainProvider'
import { all } from '../chain/node'
import { givenUntil, useGiven, useLeases, type Given, type Lease } from '../chain/useLeases'
import { useFlows, type Intent } from '../flow/FlowProvider'
import { dayText, shortAddress } from '../format'
import { epochAt } from '../math/diem'
import { text } from '../texts'
import { Dialog } from '../ui/Dialog'
import { AmountField, amountOf, amountProblem, TextField } from '../ui/fields'
import { GatewayChooser } from '../ui/GatewayChooser'
import { Addr, Amount, Card, Empty, Fact, Facts, Meter, Usd } from '../ui/parts'
import { Form, Submit } from '../ui/Submit'
import { useWallet } from '../wallet/useWallet'
import cssButton from '../ui/button.module.css'
import cssCard from '../ui/card.module.css'
import cssField from '../ui/fields.module.css'
import cssLayout from '../ui/layout.module.css'
import cssParts from '../ui/parts.module.css'
import cssText from '../ui/text.module.css'

const t = text.leases
const LONGEST = 365

const single = (title: string, functionName: string, args: unknown[], summary: Intent['summary'] = []): Intent => ({
  title,
  summary,
  steps: [{ kind: 'act', act: { contract: 'diem', functionName, args }, label: title }],
})

export function Leases() {
  const { head } = useChain()
  const { account } = useWallet()
  const leases = useLeases(account)
  const ever = useGiven(account)
  const mine = useReads(
    'leases-mine',
    [account],
    (read) =>
      all({ available: read('diem', 'nextAllowanceOf', account!), leased: read('diem', 'leasedOut', account!) }),
    account !== undefined,
  )
  const epoch = head && epochAt(head.timestamp)
  const given = leases?.filter(({ lessor }) => lessor === account)
  const held = leases?.filter(({ lessee }) => lessee === account)
  const past = given && ever?.filter(({ id }) => !given.some((lease) => lease.id === id))
  return (
    <>
      <div className={cssLayout.hero}>
        <h1>{t.title}</h1>
        <p className={cssLayout.lead}>{t.lead}</p>
      </div>
      <div className={cssLayout.columns}>
        <Card title={t.give}>
          <GiveForm available={mine?.available} epoch={epoch} />
        </Card>
        <div className={cssLayout.stack}>
          <Card
            title={t.mine}
            aside={
              mine && (
                <span className={cssCard.cardNote} data-fact="leased">
                  <Usd wad={mine.leased} /> {text.common.perDay}
                </span>
              )
            }
          >
            {account && leases === undefined && <Empty>{text.common.loading}</Empty>}
            {!account && <Empty>{text.wallet.needed}</Empty>}
            {given?.length === 0 && <Empty>{t.noneGiven}</Empty>}
            {given?.map((lease) => (
              <LeaseItem
                key={lease.id}
                lease={lease}
                epoch={epoch}
                as="lessor"
                settled={ever?.find(({ id }) => id === lease.id)?.used}
              />
            ))}
          </Card>
          <Card title={t.held}>
            {!account && <Empty>{text.wallet.needed}</Empty>}
            {held?.length === 0 && <Empty>{t.noneHeld}</Empty>}
            {held?.map((lease) => (
              <LeaseItem key={lease.id} lease={lease} epoch={epoch} as="lessee" />
            ))}
          </Card>
          {past && past.length > 0 && (
            <Card title={t.past}>
              {past.toReversed().map((lease) => (
                <PastItem key={lease.id} lease={lease} />
              ))}
            </Card>
          )}
        </div>
      </div>
    </>
  )
}

const addressProblem = (typed: string): string | undefined =>
  typed.trim() === '' || isAddress(typed.trim(), { strict: false }) ? undefined : text.field.address

const addressOf = (typed: string): Address | undefined =>
  isAddress(typed.trim(), { strict: false }) ? getAddress(typed.trim()) : undefined

function GiveForm({ available, epoch }: { available: bigint | undefined; epoch: bigint | undefined }) {
  const { start } = useFlows()
  const [to, setTo] = useState('')
  const [typed, setTyped] = useState('')
  const [days, setDays] = useState('30')
  const lessee = addressOf(to)
  const amount = amountOf(typed)
  const problem = amountProblem(typed, available, text.units.usd)
  const epochs = /^\d{1,3}$/.test(days) ? Number(days) : 0
  const fits = epochs >= 1 && epochs <= LONGEST
  const term = epoch !== undefined && fits ? t.days(dayText(epoch + 1n), dayText(epoch + BigInt(epochs))) : undefined
  return (
    <Form
      onSubmit={() => {
        if (!lessee || amount === undefined || problem || !fits || !term) return
        const summary: Intent['summary'] = [
          [t.lessee, shortAddress(lessee)],
          [t.term, term],
        ]
        start(single(t.openTitle(amount, epochs), 'lease', [lessee, amount, epochs], summary))
      }}
    >
      <TextField label={t.lessee} value={to} onChange={setTo} problem={addressProblem(to)} hint={t.lesseeHint} mono />
      <AmountField
        label={t.amount}
        unit={text.units.usd}
        value={typed}
        onChange={setTyped}
        available={available}
        problem={problem}
      />
      <TextField
        label={t.epochs}
        value={days}
        onChange={setDays}
        problem={days !== '' && !fits ? t.epochsHint : undefined}
        hint={t.epochsHint}
      />
      <Facts rows>
        <Fact term={t.term}>{term ?? '–'}</Fact>
        <Fact term={t.costs} name="costs">
          <Amount wad={amount ?? 0n} unit={text.units.diem} />
        </Fact>
      </Facts>
      <Submit label={t.action} disabled={!lessee || amount === undefined || problem !== undefined || !fits} />
    </Form>
  )
}

function stateOf(lease: Lease, epoch: bigint): string {
  if (epoch >= lease.end) return t.ended
  return epoch < lease.start ? t.begins : t.daysLeft(lease.end - epoch)
}

/** What a lease has cost its lessor so far: credit that somebody else had, and how much of it was used. */
function Cost({ lease, epoch, settled }: { lease: Given | Lease; epoch: bigint; settled: bigint | undefined }) {
  return (
    <p className={cssCard.hint}>
      {epoch < lease.end ? t.cost : t.costInAll} <Usd wad={givenUntil(lease, epoch)} /> · {t.costUsed}{' '}
      <Usd wad={settled} places={4} />
    </p>
  )
}

function PastItem({ lease }: { lease: Given }) {
  const { id, lessee, amount, start, end, used } = lease
  return (
    <article className={cssCard.item} aria-label={t.manage(id)} data-fact={`lease-${id}`}>
      <div className={cssLayout.row}>
        <h3>
          <Usd wad={amount} /> {text.common.perDay}
        </h3>
        <span className={cssParts.tag}>{t.closed}</span>
      </div>
      <p className={cssCard.hint}>
        {t.manage(id)} · {t.lessee} <Addr address={lessee} /> · {t.days(dayText(start), dayText(end - 1n))}
      </p>
      <Cost lease={lease} epoch={end} settled={used} />
    </article>
  )
}

function LeaseItem({
  lease,
  epoch,
  as,
  settled,
}: {
  lease: Lease
  epoch: bigint | undefined
  as: 'lessor' | 'lessee'
  /** What was ever settled on it; for its lessor. */
  settled?: bigint | undefined
}) {
  const { down } = useChain()
  const { start } = useFlows()
  const [managed, setManaged] = useState(false)
  const { id, lessor, lessee, amount, allowance, used } = lease
  const over = epoch !== undefined && epoch >= lease.end
  return (
    <article className={cssCard.item} aria-label={t.manage(id)} data-fact={`lease-${id}`}>
      <div className={cssLayout.row}>
        <h3>
          <Usd wad={amount} /> {text.common.perDay}
        </h3>
        <span className={cssParts.tag}>{epoch !== undefined && stateOf(lease, epoch)}</span>
        <span className={cssLayout.rowEnd}>
          {over && (
            <button
              type="button"
              className={`${cssButton.button} ${cssButton.small}`}
              disabled={down}
              onClick={() => start(single(t.closeTitle(id), 'closeLease', [id]))}
            >
              {t.close}
              <span className={cssText.hidden}> {t.manage(id)}</span>
            </button>
          )}
          {as === 'lessee' && !over && (
            <button type="button" className={`${cssButton.button} ${cssButton.small}`} onClick={() => setManaged(true)}>
              {t.choose} / {t.transfer.toLowerCase()}
              <span className={cssText.hidden}> {t.manage(id)}</span>
            </button>
          )}
        </span>
      </div>
      <p className={cssCard.hint}>
        {t.manage(id)} · {as === 'lessor' ? t.lessee : t.from} <Addr address={as === 'lessor' ? lessee : lessor} /> ·{' '}
        {t.days(dayText(lease.start), dayText(lease.end - 1n))}
      </p>
      {as === 'lessor' && epoch !== undefined && <Cost lease={lease} epoch={epoch} settled={settled} />}
      {as === 'lessee' && (
        <>
          <p className={cssCard.hint}>
            {t.left} <Usd wad={allowance - used} /> · {text.credit.gateway} <Addr address={lease.gateway} />
          </p>
          <Meter used={used} total={allowance} label={text.credit.meter(used, allowance)} />
        </>
      )}
      {managed && <ManageDialog lease={lease} onClose={() => setManaged(false)} />}
    </article>
  )
}

function ManageDialog({ lease, onClose }: { lease: Lease; onClose: () => void }) {
  const { start } = useFlows()
  const [to, setTo] = useState('')
  const { id } = lease
  const lessee = addressOf(to)
  const begin = (intent: Intent) => {
    onClose()
    start(intent)
  }
  return (
    <Dialog title={t.manage(id)} onClose={onClose}>
      <div className={cssField.form}>
        <GatewayChooser
          now={lease.nextGateway}
          hint={lease.allowance === 0n ? text.credit.fromNow : text.credit.fromTomorrow}
          onChoose={(gateway, name) => begin(single(t.chooseTitle(id, name), 'chooseLeaseGateway', [id, gateway]))}
        />
        <Form onSubmit={() => lessee && begin(single(t.transferTitle(id, lessee), 'transferLease', [id, lessee]))}>
          <TextField
            label={t.transfer}
            value={to}
            onChange={setTo}
            problem={addressProblem(to)}
            hint={t.transferNote}
            mono
          />
          <Submit label={t.transfer} disabled={!lessee} quiet />
        </Form>
      </div>
    </Dialog>
  )
}
