import { useState } from 'react'
import { useChain, useReads } from '../chain/ChainProvider'
import { all } from '../chain/node'
import { useFlows, type Intent } from '../flow/FlowProvider'
import { stakeAct, type Step } from '../flow/flow'
import { amountText, percentText, utcText } from '../format'
import { aprDown, netOfFeeDown, WAD } from '../math/diem'
import { text } from '../texts'
import { AmountField, amountOf, amountProblem } from '../ui/fields'
import { Amount, Card, Fact, Facts, Notice, Segments, Tabs } from '../ui/parts'
import { Form, Submit } from '../ui/Submit'
import { useWallet } from '../wallet/useWallet'
import cssCard from '../ui/card.module.css'
import cssField from '../ui/fields.module.css'
import cssLayout from '../ui/layout.module.css'
import cssText from '../ui/text.module.css'

const t = text.stake
const TABS = (['stake', 'unstake', 'rewards'] as const).map((value) => ({ value, label: t.tabs[value] }))
const METHODS = [
  { value: 'permit', label: t.permit },
  { value: 'approve', label: t.approve },
] as const
const FAUCET = 10_000n * WAD

type Mine = {
  vvv: bigint
  free: bigint
  locked: bigint
  pending: bigint
  allowance: bigint
  cooldown: { end: bigint; amount: bigint }
}

export function Stake() {
  const { head, node } = useChain()
  const { account } = useWallet()
  const [tab, setTab] = useState<'stake' | 'unstake' | 'rewards'>('stake')
  const pool = useReads('stake', [], (read) =>
    all({
      total: read('sVvv', 'totalSupply'),
      emission: read('sVvv', 'emissionRatePerSecond'),
      reserve: read('sVvv', 'rewardReserve'),
      cooldown: read('sVvv', 'cooldownDuration'),
    }),
  )
  const mine = useMine(account)
  const emission = pool && pool.reserve > 0n ? pool.emission : 0n
  const apr = pool && aprDown(emission, pool.total)
  return (
    <>
      <div className={cssLayout.hero}>
        <h1>{t.title}</h1>
        <p className={cssLayout.lead}>{t.lead}</p>
      </div>
      <div className={cssLayout.columns}>
        <Card>
          <Tabs label={t.title} choices={TABS} value={tab} onChange={setTab}>
            {tab === 'stake' && (
              <>
                <StakeForm mine={mine} />
                {node.deployment.devnet && account && mine?.vvv === 0n && <Faucet account={account} />}
              </>
            )}
            {tab === 'unstake' && <UnstakeForm mine={mine} now={head?.timestamp} wait={pool?.cooldown} />}
            {tab === 'rewards' && <Rewards mine={mine} />}
          </Tabs>
        </Card>
        <div className={cssLayout.stack}>
          {account && (
            <Card>
              <Facts rows>
                <Fact term={t.balance} name="vvv">
                  <Amount wad={mine?.vvv} unit={text.units.vvv} />
                </Fact>
                <Fact term={t.free} name="free">
                  <Amount wad={mine?.free} unit={text.units.svvv} />
                </Fact>
                <Fact term={t.locked} name="locked">
                  <Amount wad={mine?.locked} unit={text.units.svvv} />
                </Fact>
                <Fact term={t.pending} name="pending">
                  <Amount wad={mine?.pending} unit={text.units.vvv} />
                </Fact>
              </Facts>
            </Card>
          )}
          <Card>
            <Facts>
              <Fact
                term={t.apr}
                note={apr !== undefined && `${percentText(netOfFeeDown(apr))} ${t.aprLocked}`}
                name="apr"
              >
                {apr !== undefined && <span className={cssText.big}>{percentText(apr)}</span>}
              </Fact>
            </Facts>
            {pool && (
              <details>
                <summary>{t.aprFormula}</summary>
                <p>{t.aprWords(emission, pool.total)}</p>
              </details>
            )}
          </Card>
        </div>
      </div>
    </>
  )
}

function useMine(account: `0x${string}` | undefined): Mine | undefined {
  const { node } = useChain()
  return useReads(
    'stake-mine',
    [account],
    async (read) => {
      const { stake, position, ...rest } = await all({
        vvv: read('vvv', 'balanceOf', account!),
        allowance: read('vvv', 'allowance', account!, node.deployment.sVvv),
        free: read('sVvv', 'balanceOfUnlocked', account!),
        pending: read('sVvv', 'pendingRewards', account!),
        stake: read('sVvv', 'stakes', account!),
        position: read('diem', 'position', account!),
      })
      return { ...rest, locked: position[0], cooldown: { end: stake[1], amount: stake[2] } }
    },
    account !== undefined,
  )
}

/** VVV to sVVV: by a permit, or by an exact approval where there is no allowance yet. */
function stakeIntent(account: `0x${string}`, amount: bigint, method: 'permit' | 'approve', allowance: bigint): Intent {
  const title = t.title1(amount)
  const plain: Step = { kind: 'act', act: stakeAct(account, amount), label: title }
  const signed: Step[] = [
    { kind: 'permit', amount },
    { kind: 'stakeSigned', recipient: account, amount },
  ]
  const approved: Step[] = [{ kind: 'approve', amount }, plain]
  const steps = allowance >= amount ? [plain] : method === 'permit' ? signed : approved
  return { title, summary: [[t.get, `${amountText(amount)} ${text.units.svvv}`]], steps }
}

function StakeForm({ mine }: { mine: Mine | undefined }) {
  const { account } = useWallet()
  const { start } = useFlows()
  const [typed, setTyped] = useState('')
  const [method, setMethod] = useState<'permit' | 'approve'>('permit')
  const amount = amountOf(typed)
  const problem = amountProblem(typed, mine?.vvv, text.units.vvv)
  return (
    <Form
      onSubmit={() => {
        if (account && amount !== undefined && mine && !problem)
          start(stakeIntent(account, amount, method, mine.allowance))
      }}
    >
      <AmountField
        label={text.common.amount}
        unit={text.units.vvv}
        value={typed}
        onChange={setTyped}
        available={mine?.vvv}
        problem={problem}
      />
      <Segments label={t.method} choices={METHODS} value={method} onChange={setMethod} />
      <p className={cssCard.hint}>{t.methodHint}</p>
      <Facts rows>
        <Fact term={t.get} name="get">
          <Amount wad={amount ?? 0n} unit={text.units.svvv} />
        </Fact>
        {mine && (
          <Fact term={t.become} name="become">
            <Amount wad={mine.free + (amount ?? 0n)} unit={text.units.svvv} />
          </Fact>
        )}
      </Facts>
      <Submit label={t.action} disabled={amount === undefined || problem !== undefined} />
    </Form>
  )
}

const single = (title: string, functionName: string, args: unknown[], summary: Intent['summary'] = []): Intent => ({
  title,
  summary,
  steps: [{ kind: 'act', act: { contract: 'sVvv', functionName, args }, label: title }],
})

/** On a dev node VVV is a stand-in that anybody may create. */
function Faucet({ account }: { account: `0x${string}` }) {
  const { start } = useFlows()
  const act = { contract: 'vvv' as const, functionName: 'mint', args: [account, FAUCET] }
  return (
    <Notice>
      <p>{t.faucetNote}</p>
      <Form
        onSubmit={() =>
          start({ title: t.faucetTitle, summary: [], steps: [{ kind: 'act', act, label: t.faucetTitle }] })
        }
      >
        <Submit label={t.faucet} quiet />
      </Form>
    </Notice>
  )
}

function UnstakeForm({
  mine,
  now,
  wait,
}: {
  mine: Mine | undefined
  now: bigint | undefined
  wait: bigint | undefined
}) {
  const { start } = useFlows()
  const [typed, setTyped] = useState('')
  const amount = amountOf(typed)
  const problem = amountProblem(typed, mine?.free, text.units.svvv)
  const { end = 0n, amount: cooling = 0n } = mine?.cooldown ?? {}
  const running = cooling > 0n
  const ripe = running && now !== undefined && now >= end
  const ready = now !== undefined && wait !== undefined ? utcText(now + wait) : undefined
  return (
    <>
      {running && (
        <Notice kind="warn">
          <h2>{t.running}</h2>
          <p>{ripe ? t.ripe(cooling) : t.runningBody(cooling, end)}</p>
          <Form onSubmit={() => start(single(t.finalizeTitle(cooling), 'finalizeUnstake', []))}>
            <Submit label={t.finalize} disabled={!ripe} quiet={!ripe} />
          </Form>
        </Notice>
      )}
      <Form
        onSubmit={() => {
          if (amount === undefined || problem) return
          const summary: Intent['summary'] = ready ? [[t.unstakeEnd, ready]] : []
          start(single(t.unstakeTitle(amount), 'initiateUnstake', [amount], summary))
        }}
      >
        <p className={cssText.muted}>{t.unstakeLead}</p>
        <AmountField
          label={text.common.amount}
          unit={text.units.svvv}
          value={typed}
          onChange={setTyped}
          available={mine?.free}
          problem={problem}
        />
        {ready && (
          <Facts rows>
            <Fact term={t.unstakeEnd}>{ready}</Fact>
          </Facts>
        )}
        <Submit label={t.unstake} disabled={amount === undefined || problem !== undefined || running} />
      </Form>
    </>
  )
}

function Rewards({ mine }: { mine: Mine | undefined }) {
  const { start } = useFlows()
  const pending = mine?.pending
  const nothing = (pending ?? 0n) === 0n
  return (
    <div className={cssField.form}>
      <p className={cssText.muted}>{t.rewardsLead}</p>
      <p className={cssText.big}>
        <Amount wad={pending ?? 0n} unit={text.units.vvv} places={6} />
      </p>
      {nothing && <p className={cssCard.hint}>{t.nothing}</p>}
      <div className={cssLayout.pair}>
        <Form onSubmit={() => start(single(t.claimTitle(pending ?? 0n), 'claim', []))}>
          <Submit label={t.claim} disabled={nothing} />
        </Form>
        <Form onSubmit={() => start(single(t.compoundTitle(pending ?? 0n), 'claimAndStake', []))}>
          <Submit label={t.compound} disabled={nothing} quiet />
        </Form>
      </div>
    </div>
  )
}
