import { useMemo, useState } from 'react'
import { useReads } from '../chain/ChainProvider'
import { all } from '../chain/node'
import { useFlows, type Intent } from '../flow/FlowProvider'
import { amountInput, amountText } from '../format'
import {
  burnUnlocksDown,
  CapExceeded,
  Curve,
  lessToleranceDown,
  mulDivDown,
  plusToleranceUp,
  WAD,
  type Quote,
} from '../math/diem'
import { settings } from '../settings'
import { useStore } from '../store'
import { text } from '../texts'
import { CurveChart } from '../ui/CurveChart'
import { AmountField, amountOf, amountProblem } from '../ui/fields'
import { Amount, Card, Empty, Fact, Facts, Notice, Segments, Tabs } from '../ui/parts'
import { Form, Submit } from '../ui/Submit'
import { useWallet } from '../wallet/useWallet'
import cssCard from '../ui/card.module.css'
import cssCurve from '../ui/CurveChart.module.css'
import cssLayout from '../ui/layout.module.css'
import cssText from '../ui/text.module.css'

const t = text.mint
const TABS = (['mint', 'burn'] as const).map((value) => ({ value, label: t.tabs[value] }))
/** In hundredths of a percent. */
const TOLERANCES = ['10', '50', '100', '300'].map((value) => ({ value, label: `${Number(value) / 100} %` }))

type Market = { supply: bigint; rate: bigint; paused: boolean; curve: Curve }
type Mine = { free: bigint; diem: bigint; locked: bigint; outstanding: bigint; pendingYield: bigint }

export function Mint() {
  const { account } = useWallet()
  const [tab, setTab] = useState<'mint' | 'burn'>('mint')
  const [plan, setPlan] = useState<Quote>()
  const market = useReads('mint', [], async (read): Promise<Market> => {
    const { base, target, ...rest } = await all({
      supply: read('diem', 'totalSupply'),
      rate: read('diem', 'mintRate'),
      paused: read('diem', 'mintPaused'),
      base: read('diem', 'baseRate'),
      target: read('diem', 'targetSupply'),
    })
    return { ...rest, curve: new Curve(base, target) }
  })
  const mine = useReads(
    'mint-mine',
    [account],
    async (read): Promise<Mine> => {
      const { position, ...rest } = await all({
        free: read('sVvv', 'balanceOfUnlocked', account!),
        diem: read('diem', 'balanceOf', account!),
        position: read('diem', 'position', account!),
      })
      return { ...rest, locked: position[0], outstanding: position[1], pendingYield: position[2] }
    },
    account !== undefined,
  )
  return (
    <>
      <div className={cssLayout.hero}>
        <h1>{t.title}</h1>
        <p className={cssLayout.lead}>{t.lead}</p>
      </div>
      {market?.paused && <Notice kind="warn">{text.overview.paused}</Notice>}
      <div className={cssLayout.columns}>
        <Card>
          <Tabs label={t.title} choices={TABS} value={tab} onChange={setTab}>
            {tab === 'mint' ? (
              <MintForm market={market} mine={mine} onPlan={setPlan} />
            ) : (
              <BurnForm mine={mine} connected={account !== undefined} />
            )}
          </Tabs>
        </Card>
        <div className={cssLayout.stack}>
          <Card>
            <div className={`${cssCurve.curveBox} ${cssCurve.compact}`}>
              {market && (
                <CurveChart
                  compact
                  curve={market.curve}
                  supply={market.supply}
                  mint={tab === 'mint' ? plan : undefined}
                />
              )}
            </div>
            <Facts rows>
              <Fact term={t.rateNow} name="rate">
                <Amount wad={market?.rate} unit={text.units.rate} />
              </Fact>
              <Fact term={text.overview.supply} name="supply">
                <Amount wad={market?.supply} unit={text.units.diem} />
              </Fact>
            </Facts>
          </Card>
          {account && <Position mine={mine} />}
        </div>
      </div>
    </>
  )
}

function Position({ mine }: { mine: Mine | undefined }) {
  const { start } = useFlows()
  const title = t.claimTitle(mine?.pendingYield ?? 0n)
  return (
    <Card title={t.position}>
      <Facts rows>
        <Fact term={t.locked} name="locked">
          <Amount wad={mine?.locked} unit={text.units.svvv} />
        </Fact>
        <Fact term={t.outstanding} name="outstanding">
          <Amount wad={mine?.outstanding} unit={text.units.diem} />
        </Fact>
        <Fact term={t.yield} name="yield">
          <Amount wad={mine?.pendingYield} unit={text.units.vvv} />
        </Fact>
      </Facts>
      <p className={cssCard.hint}>{t.yieldNote}</p>
      {mine && mine.pendingYield > 0n && (
        <Form
          onSubmit={() =>
            start({
              title,
              summary: [],
              steps: [{ kind: 'act', act: { contract: 'diem', functionName: 'claimYield', args: [] }, label: title }],
            })
          }
        >
          <Submit label={t.claimYield} quiet />
        </Form>
      )}
    </Card>
  )
}

type Side = 'lock' | 'get'

/** The quote for what was typed on one side, or what the curve has against it. */
function quoteOf(market: Market, side: Side, amount: bigint): Quote | { problem: string } {
  const { curve, supply } = market
  try {
    const quote = side === 'lock' ? curve.quote(supply, amount) : curve.quoteExact(supply, amount)
    return quote.diem === 0n ? { problem: t.tooSmall } : quote
  } catch (error) {
    if (!(error instanceof CapExceeded)) throw error
    return { problem: t.cap(error.available, side === 'lock' ? text.units.svvv : text.units.diem) }
  }
}

function mintIntent(side: Side, quote: Quote, tolerance: bigint): Intent {
  const title = t.mintTitle(quote.diem)
  const least = lessToleranceDown(quote.diem, tolerance)
  const most = plusToleranceUp(quote.svvv, tolerance)
  const act =
    side === 'lock'
      ? { contract: 'diem' as const, functionName: 'mint', args: [quote.svvv, least] }
      : { contract: 'diem' as const, functionName: 'mintExact', args: [quote.diem, most] }
  return {
    title,
    summary: [
      side === 'lock' ? [t.lock, t.sureMost(quote.svvv)] : [t.get, t.sureLeast(quote.diem)],
      side === 'lock' ? [t.least, t.sureLeast(least)] : [t.most, t.sureMost(most)],
    ],
    steps: [{ kind: 'act', act, label: title }],
  }
}

function MintForm({
  market,
  mine,
  onPlan,
}: {
  market: Market | undefined
  mine: Mine | undefined
  onPlan: (quote: Quote | undefined) => void
}) {
  const { start } = useFlows()
  const { tolerance } = useStore(settings)
  const [typed, setTyped] = useState<{ side: Side; value: string }>({ side: 'lock', value: '' })
  const amount = amountOf(typed.value)
  const answer = useMemo(
    () => (market && amount !== undefined ? quoteOf(market, typed.side, amount) : undefined),
    [market?.supply, market?.curve.baseRate, typed.side, amount],
  )
  const quote = answer && !('problem' in answer) ? answer : undefined
  const curveProblem = answer && 'problem' in answer ? answer.problem : undefined
  const set = (side: Side) => (value: string) => {
    setTyped({ side, value })
    const next = amountOf(value)
    const planned = market && next !== undefined ? quoteOf(market, side, next) : undefined
    onPlan(planned && !('problem' in planned) ? planned : undefined)
  }
  const short = quote && mine && quote.svvv > mine.free ? text.field.more(mine.free, text.units.svvv) : undefined
  const problemOf = (side: Side) =>
    typed.side === side
      ? (amountProblem(typed.value) ?? curveProblem ?? (side === 'lock' ? short : undefined))
      : side === 'lock'
        ? short
        : undefined
  const shown = (side: Side) =>
    typed.side === side ? typed.value : quote ? amountInput(side === 'lock' ? quote.svvv : quote.diem) : ''
  const refused = quote === undefined || short !== undefined || market?.paused === true
  return (
    <Form
      onSubmit={() => {
        if (quote && !refused) start(mintIntent(typed.side, quote, tolerance))
      }}
    >
      <AmountField
        label={t.lock}
        unit={text.units.svvv}
        value={shown('lock')}
        onChange={set('lock')}
        available={mine?.free}
        problem={problemOf('lock')}
      />
      <AmountField
        label={t.get}
        unit={text.units.diem}
        value={shown('get')}
        onChange={set('get')}
        problem={problemOf('get')}
      />
      <Segments
        label={t.tolerance}
        choices={TOLERANCES}
        value={tolerance.toString()}
        onChange={(value) => settings.set((now) => ({ ...now, tolerance: BigInt(value) }))}
      />
      <p className={cssCard.hint}>{t.toleranceHint}</p>
      {quote && (
        <Facts rows>
          {typed.side === 'lock' ? (
            <Fact term={t.least} name="least">
              <Amount wad={lessToleranceDown(quote.diem, tolerance)} unit={text.units.diem} />
            </Fact>
          ) : (
            <Fact term={t.most} name="most">
              <Amount wad={plusToleranceUp(quote.svvv, tolerance)} unit={text.units.svvv} />
            </Fact>
          )}
          <Fact term={t.average} name="average">
            <Amount wad={mulDivDown(quote.svvv, WAD, quote.diem)} unit={text.units.rate} />
          </Fact>
          <Fact term={t.rateAfter} name="rate-after">
            <Amount wad={quote.rateAfter} unit={text.units.rate} />
          </Fact>
          {mine && (
            <>
              <Fact term={t.lockedThen} name="locked-then">
                <Amount wad={mine.locked + quote.svvv} unit={text.units.svvv} />
              </Fact>
              <Fact term={t.outstandingThen} name="outstanding-then">
                <Amount wad={mine.outstanding + quote.diem} unit={text.units.diem} />
              </Fact>
            </>
          )}
          <Fact term={t.credit} name="credit">
            <Amount wad={quote.diem} prefix="$" />
          </Fact>
        </Facts>
      )}
      <Submit label={t.action} disabled={refused} />
    </Form>
  )
}

function BurnForm({ mine, connected }: { mine: Mine | undefined; connected: boolean }) {
  const { start } = useFlows()
  const [typed, setTyped] = useState('')
  const amount = amountOf(typed)
  const most = mine && (mine.diem < mine.outstanding ? mine.diem : mine.outstanding)
  const problem = amountProblem(typed, most, text.units.diem)
  const fits = amount !== undefined && !problem && mine !== undefined && mine.outstanding > 0n
  const unlocked = fits ? burnUnlocksDown(amount, mine.locked, mine.outstanding) : 0n
  if (connected && mine?.outstanding === 0n) return <Empty>{t.none}</Empty>
  return (
    <Form
      onSubmit={() => {
        if (!fits) return
        const title = t.burnTitle(amount)
        start({
          title,
          summary: [[t.unlocks, `${amountText(unlocked)} ${text.units.svvv}`]],
          steps: [{ kind: 'act', act: { contract: 'diem', functionName: 'burn', args: [amount] }, label: title }],
        })
      }}
    >
      <p className={cssText.muted}>{t.burnLead}</p>
      <AmountField
        label={t.burnAmount}
        unit={text.units.diem}
        value={typed}
        onChange={setTyped}
        available={most}
        problem={problem}
      />
      <Facts rows>
        <Fact term={t.unlocks} note={t.unlocksNote} name="unlocks">
          <Amount wad={unlocked} unit={text.units.svvv} />
        </Fact>
        {fits && (
          <>
            <Fact term={t.lockedThen} name="locked-then">
              <Amount wad={mine.locked - unlocked} unit={text.units.svvv} />
            </Fact>
            <Fact term={t.outstandingThen} name="outstanding-then">
              <Amount wad={mine.outstanding - amount} unit={text.units.diem} />
            </Fact>
          </>
        )}
      </Facts>
      <Submit label={t.burn} disabled={!fits} />
    </Form>
  )
}
