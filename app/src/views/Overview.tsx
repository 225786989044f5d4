import { useMemo, useState } from 'react'
import { encodeEventTopics, isAddress, numberToHex } from 'viem'
import { diemAbi } from '@abi'
import { useChain, useReads } from '../chain/ChainProvider'
import { all } from '../chain/node'
import { useTold } from '../chain/useTold'
import { percentText, spanText } from '../format'
import { Curve, epochAt, mulDivDown, WAD } from '../math/diem'
import { useRoute } from '../route'
import { text } from '../texts'
import { CurveChart } from '../ui/CurveChart'
import { TextField } from '../ui/fields'
import { Addr, Amount, Card, Fact, Facts, Notice, Usd } from '../ui/parts'
import { useNarrow } from '../ui/useNarrow'
import { useWallet } from '../wallet/useWallet'
import cssButton from '../ui/button.module.css'
import cssCard from '../ui/card.module.css'
import cssCurve from '../ui/CurveChart.module.css'
import cssLayout from '../ui/layout.module.css'
import cssOverview from './Overview.module.css'
import cssText from '../ui/text.module.css'

/** How much more DIEM the rate is shown after. */
const MORE = 1_000n * WAD

const t = text.overview

export function Overview() {
  const { address } = useRoute()
  const { account } = useWallet()
  const shown = address ?? account
  const narrow = useNarrow()
  const { head } = useChain()
  const reads = useReads('overview', [], (read) =>
    all({
      supply: read('diem', 'totalSupply'),
      rate: read('diem', 'mintRate'),
      base: read('diem', 'baseRate'),
      target: read('diem', 'targetSupply'),
      treasury: read('diem', 'treasury'),
      fees: read('diem', 'pendingFees'),
      feesPaid: read('diem', 'totalFeesCollected'),
      totalStaked: read('diem', 'totalStaked'),
      paused: read('diem', 'mintPaused'),
      sTotal: read('sVvv', 'totalSupply'),
      sLocked: read('sVvv', 'totalLockedStakedVVV'),
      reserve: read('sVvv', 'rewardReserve'),
      emission: read('sVvv', 'emissionRatePerSecond'),
    }),
  )
  const settled = useSettledToday(head && epochAt(head.timestamp))
  const curve = useMemo(() => reads && new Curve(reads.base, reads.target), [reads?.base, reads?.target])
  const after = curve && reads && reads.supply + MORE <= curve.supplyCap ? curve.rateAt(reads.supply + MORE) : undefined
  return (
    <>
      <div className={cssLayout.hero}>
        <h1>{address ? t.of : t.title}</h1>
        {address ? (
          <p className={`${cssText.mono} ${cssText.wholeAddress}`}>{address}</p>
        ) : (
          <p className={cssLayout.lead}>{text.tagline}</p>
        )}
      </div>
      {shown && <Holdings account={shown} />}
      {reads?.paused && <Notice kind="warn">{t.paused}</Notice>}
      <Card title={t.curve} aside={<span className={cssCard.cardNote}>{t.curveNote}</span>}>
        <div className={cssOverview.split}>
          <div className={cssCurve.curveBox}>
            {curve && reads && <CurveChart compact={narrow} curve={curve} supply={reads.supply} />}
          </div>
          <Facts>
            <Fact term={t.supply} note={curve && t.supplyNote(curve.targetSupply, curve.supplyCap)} name="supply">
              <Amount wad={reads?.supply} unit={text.units.diem} />
            </Fact>
            <Fact term={t.rate} name="rate">
              <Amount wad={reads?.rate} unit={text.units.rate} />
            </Fact>
            {(after !== undefined || !reads) && (
              <Fact term={t.rateAfter(MORE)} name="rate-after">
                <Amount wad={after} unit={text.units.rate} />
              </Fact>
            )}
          </Facts>
        </div>
      </Card>
      <div className={cssOverview.grid}>
        <Card>
          <Facts>
            <Fact term={t.settled} note={t.settledNote} name="settled">
              <Usd wad={settled} />
            </Fact>
            <Fact term={t.stakedDiem} note={t.stakedDiemNote} name="total-staked">
              <Amount wad={reads?.totalStaked} unit={text.units.diem} />
            </Fact>
          </Facts>
        </Card>
        <Card>
          <Facts>
            <Fact term={t.staked} name="svvv-total">
              <Amount wad={reads?.sTotal} unit={text.units.vvv} />
            </Fact>
            <Fact term={t.locked} note={t.lockedNote} name="locked-share">
              {reads && percentText(reads.sTotal === 0n ? 0n : mulDivDown(reads.sLocked, WAD, reads.sTotal))}
            </Fact>
          </Facts>
        </Card>
        <Card>
          <Facts>
            <Fact term={t.reserve} name="reserve">
              <Amount wad={reads?.reserve} unit={text.units.vvv} />
            </Fact>
            <Fact term={t.runway} note={t.runwayNote} name="runway">
              {reads && (reads.emission === 0n ? t.runwayNever : spanText(reads.reserve / reads.emission))}
            </Fact>
          </Facts>
        </Card>
        <Card>
          <Facts>
            <Fact term={t.fees} name="fees">
              <Amount wad={reads?.fees} unit={text.units.vvv} />
            </Fact>
            <Fact
              term={t.treasury}
              note={
                <>
                  <Amount wad={reads?.feesPaid} unit={text.units.vvv} /> {t.feesPaid.toLowerCase()}
                </>
              }
              name="treasury"
            >
              <Addr address={reads?.treasury} />
            </Fact>
          </Facts>
        </Card>
      </div>
      <LookUp />
    </>
  )
}

/** What gateways stated today, summed over all lines. A later statement of a line holds the earlier ones. */
function useSettledToday(epoch: bigint | undefined): bigint | undefined {
  const topic = epoch === undefined ? null : numberToHex(epoch, { size: 32 })
  const [credits] = encodeEventTopics({ abi: diemAbi, eventName: 'CreditsSettled' })
  const [leases] = encodeEventTopics({ abi: diemAbi, eventName: 'LeaseSettled' })
  const told = useTold(
    'settled',
    { contracts: ['diem'], topics: [[credits!, leases!], null, null, topic] },
    topic !== null,
  )
  return useMemo(() => {
    if (!told) return undefined
    const last = new Map<string, bigint>()
    for (const { name, args } of told) last.set(`${name}/${String(args.account ?? args.id)}`, args.used as bigint)
    return [...last.values()].reduce((sum, used) => sum + used, 0n)
  }, [told])
}

export function Holdings({ account }: { account: `0x${string}` }) {
  const reads = useReads('holdings', [account], (read) =>
    all({
      vvv: read('vvv', 'balanceOf', account),
      free: read('sVvv', 'balanceOfUnlocked', account),
      pending: read('sVvv', 'pendingRewards', account),
      position: read('diem', 'position', account),
      diem: read('diem', 'balanceOf', account),
      staked: read('diem', 'stakedInfos', account),
      credits: read('diem', 'creditsOf', account),
    }),
  )
  return (
    <Card title={t.balances}>
      <Facts wide>
        <Fact term={t.today} name="credit">
          <Usd wad={reads?.credits[2]} />
        </Fact>
        <Fact term={t.diemStaked} name="diem-staked">
          <Amount wad={reads?.staked[0]} />
        </Fact>
        <Fact term={t.diem} name="diem">
          <Amount wad={reads?.diem} />
        </Fact>
        {reads && reads.staked[2] > 0n && (
          <Fact term={t.cooling} name="cooling">
            <Amount wad={reads.staked[2]} />
          </Fact>
        )}
        <Fact term={t.outstanding} name="outstanding">
          <Amount wad={reads?.position[1]} />
        </Fact>
        <Fact term={t.vvv} name="vvv">
          <Amount wad={reads?.vvv} />
        </Fact>
        <Fact term={t.free} name="free">
          <Amount wad={reads?.free} />
        </Fact>
        <Fact term={t.lockedMine} name="locked">
          <Amount wad={reads?.position[0]} />
        </Fact>
        <Fact term={t.pending} name="pending">
          <Amount wad={reads?.pending} unit={text.units.vvv} />
        </Fact>
      </Facts>
    </Card>
  )
}

function LookUp() {
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string>()
  return (
    <form
      className={cssOverview.lookup}
      onSubmit={(event) => {
        event.preventDefault()
        const address = typed.trim()
        if (!isAddress(address, { strict: false })) return setProblem(text.field.address)
        setProblem(undefined)
        location.hash = `#/${address}`
      }}
    >
      <TextField label={t.lookUp} value={typed} onChange={setTyped} problem={problem} mono />
      <button type="submit" className={cssButton.button}>
        {t.show}
      </button>
    </form>
  )
}
