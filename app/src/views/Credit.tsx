import { useState } from 'react'
import { useChain, useReads } from '../chain/ChainProvider'
import { all } from '../chain/node'
import { useGateways } from '../chain/useGateways'
import { useFlows, type Intent } from '../flow/FlowProvider'
import { amountText, localText, spanText, utcText } from '../format'
import { text } from '../texts'
import { AmountField, amountOf, amountProblem } from '../ui/fields'
import { GatewayChooser } from '../ui/GatewayChooser'
import { Addr, Amount, Card, Fact, Facts, Meter, Notice, Tabs, Usd } from '../ui/parts'
import { Form, Submit } from '../ui/Submit'
import { useSecond } from '../ui/useSecond'
import { useWallet } from '../wallet/useWallet'
import type { Address } from 'viem'
import cssCard from '../ui/card.module.css'
import cssLayout from '../ui/layout.module.css'
import cssParts from '../ui/parts.module.css'
import cssText from '../ui/text.module.css'

const t = text.credit
const TABS = (['stake', 'unstake'] as const).map((value) => ({ value, label: t.tabs[value] }))

type Mine = {
  diem: bigint
  staked: bigint
  bucket: { end: bigint; amount: bigint }
  leased: bigint
  line: { allowance: bigint; used: bigint; gateway: Address; next: bigint; nextGateway: Address }
}

const single = (title: string, functionName: string, args: unknown[], summary: Intent['summary'] = []): Intent => ({
  title,
  summary,
  steps: [{ kind: 'act', act: { contract: 'diem', functionName, args }, label: title }],
})

export function Credit() {
  const { account } = useWallet()
  const { start } = useFlows()
  const [tab, setTab] = useState<'stake' | 'unstake'>('stake')
  const clock = useReads('credit', [], (read) =>
    all({ refresh: read('diem', 'nextRefresh'), wait: read('diem', 'cooldownDuration') }),
  )
  const mine = useReads(
    'credit-mine',
    [account],
    async (read): Promise<Mine> => {
      const { infos, line, ...rest } = await all({
        diem: read('diem', 'balanceOf', account!),
        infos: read('diem', 'stakedInfos', account!),
        leased: read('diem', 'leasedOut', account!),
        line: read('diem', 'lineOf', account!),
      })
      const [, allowance, used, gateway, next, nextGateway] = line
      return {
        ...rest,
        staked: infos[0],
        bucket: { end: infos[1], amount: infos[2] },
        line: { allowance, used, gateway, next, nextGateway },
      }
    },
    account !== undefined,
  )
  const atOnce = mine?.line.allowance === 0n
  return (
    <>
      <div className={cssLayout.hero}>
        <h1>{t.title}</h1>
        <p className={cssLayout.lead}>{t.lead}</p>
      </div>
      <div className={cssLayout.columns}>
        <div className={cssLayout.stack}>
          <Card title={t.today} aside={clock && <Countdown refresh={clock.refresh} />}>
            {account ? <Today line={mine?.line} /> : <p className={cssText.muted}>{text.wallet.needed}</p>}
            {clock && (
              <p className={cssCard.hint}>
                {t.refresh} {utcText(clock.refresh)}, {t.local(localText(clock.refresh))}.
              </p>
            )}
          </Card>
          <Card title={t.gateway}>
            <p className={cssText.muted}>{t.gatewayWhy}</p>
            {account && (
              <>
                <Facts rows>
                  <Fact term={t.gatewayToday} name="gateway">
                    <GatewayState address={mine?.line.gateway} />
                  </Fact>
                  <Fact term={t.gatewayNext} name="next-gateway">
                    <GatewayState address={mine?.line.nextGateway} />
                  </Fact>
                </Facts>
                <GatewayChooser
                  now={mine?.line.nextGateway}
                  hint={atOnce ? t.fromNow : t.fromTomorrow}
                  onChoose={(gateway, name) => start(single(t.chooseTitle(name), 'chooseGateway', [gateway]))}
                />
              </>
            )}
          </Card>
        </div>
        <div className={cssLayout.stack}>
          <Card>
            <Tabs label={t.title} choices={TABS} value={tab} onChange={setTab}>
              {tab === 'stake' ? <StakeForm mine={mine} /> : <UnstakeForm mine={mine} wait={clock?.wait} />}
            </Tabs>
          </Card>
          {mine && mine.bucket.amount > 0n && <Bucket bucket={mine.bucket} />}
          {account && (
            <Card>
              <Facts rows>
                <Fact term={t.liquid} name="diem">
                  <Amount wad={mine?.diem} unit={text.units.diem} />
                </Fact>
                <Fact term={t.staked} name="staked">
                  <Amount wad={mine?.staked} unit={text.units.diem} />
                </Fact>
                <Fact term={t.leased} name="leased">
                  <Amount wad={mine?.leased} unit={text.units.diem} />
                </Fact>
              </Facts>
            </Card>
          )}
        </div>
      </div>
    </>
  )
}

/** A number that ticks is for the eye; readers find the time itself beside it. */
function Countdown({ refresh }: { refresh: bigint }) {
  const now = useSecond()
  return (
    <span className={cssCard.cardNote} aria-hidden="true">
      {t.refresh.toLowerCase()} {t.refreshIn(spanText(refresh - now))}
    </span>
  )
}

function GatewayState({ address }: { address: Address | undefined }) {
  const gateways = useGateways()
  const revoked = gateways?.some((known) => known.address === address && !known.allowed)
  return (
    <>
      <Addr address={address} /> {revoked && <span className={cssParts.tag}>{t.revoked}</span>}
    </>
  )
}

function Today({ line }: { line: Mine['line'] | undefined }) {
  const left = line && line.allowance - line.used
  return (
    <>
      <p className={cssCard.figure}>
        <span className={cssText.huge} data-fact="left">
          <Usd wad={left} />
        </span>
        <span className={cssText.muted} data-fact="of">
          {t.left} <Usd wad={line?.allowance} />
        </span>
      </p>
      {line && <Meter used={line.used} total={line.allowance} label={t.meter(line.used, line.allowance)} />}
      <Facts>
        <Fact term={t.allowance} name="allowance">
          <Usd wad={line?.allowance} places={4} />
        </Fact>
        <Fact term={t.used} name="used">
          <Usd wad={line?.used} places={4} />
        </Fact>
        <Fact term={t.next} name="next">
          <Usd wad={line?.next} places={4} />
        </Fact>
      </Facts>
    </>
  )
}

function StakeForm({ mine }: { mine: Mine | undefined }) {
  const { start } = useFlows()
  const [typed, setTyped] = useState('')
  const amount = amountOf(typed)
  const problem = amountProblem(typed, mine?.diem, text.units.diem)
  return (
    <Form
      onSubmit={() => {
        if (amount !== undefined && !problem) start(single(t.stakeTitle(amount), 'stake', [amount]))
      }}
    >
      <AmountField
        label={text.common.amount}
        unit={text.units.diem}
        value={typed}
        onChange={setTyped}
        available={mine?.diem}
        problem={problem}
        hint={t.stakeNote}
      />
      {mine && (
        <Facts rows>
          <Fact term={t.allowanceThen} name="allowance-then">
            <Usd wad={mine.line.allowance + (amount ?? 0n)} places={4} />
          </Fact>
        </Facts>
      )}
      <Submit label={t.stake} disabled={amount === undefined || problem !== undefined} />
    </Form>
  )
}

function UnstakeForm({ mine, wait }: { mine: Mine | undefined; wait: bigint | undefined }) {
  const { head } = useChain()
  const { start } = useFlows()
  const [typed, setTyped] = useState('')
  const amount = amountOf(typed)
  const problem = amountProblem(typed, mine?.line.next, text.units.diem)
  const { end = 0n, amount: cooling = 0n } = mine?.bucket ?? {}
  const ripe = head !== undefined && head.timestamp >= end
  const warning = cooling === 0n ? undefined : ripe ? t.restartRipe(cooling) : t.restart(cooling, end)
  return (
    <Form
      onSubmit={() => {
        if (amount === undefined || problem || !head || wait === undefined) return
        const summary: Intent['summary'] = [[t.endsAt, utcText(head.timestamp + wait)]]
        if (cooling > 0n) summary.push([t.bucket, `${amountText(cooling + amount)} ${text.units.diem}`])
        start(single(t.unstakeTitle(amount), 'initiateUnstake', [amount], summary))
      }}
    >
      {warning && <Notice kind="warn">{warning}</Notice>}
      <AmountField
        label={text.common.amount}
        unit={text.units.diem}
        value={typed}
        onChange={setTyped}
        available={mine?.line.next}
        problem={problem}
        hint={t.unstakeNote}
      />
      <Submit label={t.unstake} disabled={amount === undefined || problem !== undefined} />
    </Form>
  )
}

function Bucket({ bucket: { end, amount } }: { bucket: Mine['bucket'] }) {
  const { head } = useChain()
  const { start } = useFlows()
  const ripe = head !== undefined && head.timestamp >= end
  return (
    <Card title={t.bucket}>
      <p>{ripe ? t.bucketRipe(amount) : t.bucketBody(amount, end)}</p>
      <Form onSubmit={() => start(single(t.withdrawTitle(amount), 'unstake', []))}>
        <Submit label={t.withdraw} disabled={!ripe} quiet={!ripe} />
      </Form>
    </Card>
  )
}
