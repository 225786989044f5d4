/** Runs the flow of the connected account, one step after the other, and shows it in a dialog. */
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { getCode } from 'viem/actions'
import { useChain } from '../chain/ChainProvider'
import type { Act } from '../chain/contracts'
import { explain, type Problem } from '../chain/explain'
import { ended, entryOf, type Entry } from '../journal/journal'
import { useStore } from '../store'
import { text } from '../texts'
import { stateOf, useWallet, type Provider } from '../wallet/useWallet'
import { FlowDialog } from './FlowDialog'
import {
  approveInstead,
  change,
  currentOf,
  drop,
  flowOf,
  flows,
  inOneBatch,
  isFinished,
  put,
  stakeAct,
  type Flow,
} from './flow'
import { canBatch, send, sendBatch, signPermit, simulate, simulatePull, type Place } from './send'

/** What is awaited now. `lost`: a reload came between the wallet's question and its answer. */
export type Phase = 'ready' | 'checking' | 'wallet' | 'block' | 'lost'

/** A flow without what the engine adds. */
export type Intent = Pick<Flow, 'title' | 'summary' | 'steps'>

type Flows = {
  flow: Flow | undefined
  /** Shows the intent and asks for its first signature. */
  start: (intent: Intent) => void
  open: () => void
}

const Context = createContext<Flows | undefined>(undefined)

export function useFlows(): Flows {
  const found = useContext(Context)
  if (!found) throw new Error('there is no FlowProvider')
  return found
}

/** Thrown where the wallet is at another account or chain than the flow. */
class Elsewhere extends Error {}

export function FlowProvider({ children }: { children: ReactNode }) {
  const { node, head, refresh } = useChain()
  const { account, provider, wrongChain } = useWallet()
  const all = useStore(flows)
  const [shown, setShown] = useState<string>()
  const [phase, setPhase] = useState<Phase>('ready')
  const [problem, setProblem] = useState<Problem>()
  /** The run that counts: an older one, whose wallet answers late, changes nothing any more. */
  const run = useRef(0)
  const latest = useRef(head)
  latest.current = head

  // The dialog stays with the flow that it shows, also when the wallet moves on to another account.
  const flow = all.find(({ id }) => id === shown) ?? flowOf(all, node.chain.id, account)

  const proceed = useCallback(
    async (id: string) => {
      const mine = ++run.current
      const counts = () => run.current === mine
      setProblem(undefined)
      try {
        for (let now = currentOf(id); now && !isFinished(now) && counts(); now = currentOf(id)) {
          setPhase('checking')
          const wallet = await provider()
          await insist(wallet, now)
          if (!latest.current) throw new Error(text.problem.node)
          const place = { node, account: now.account, head: latest.current }
          const entry = await step(place, wallet, now, (next) => counts() && setPhase(next))
          if (!counts()) return
          if (entry) {
            change(id, { entry })
            setPhase('block')
            await refresh()
            const { state, reason } = await ended(entry)
            await refresh()
            if (!counts()) return
            if (state !== 'done') throw new Ended(state, reason)
          }
          change(id, { at: now.at + 1, entry: undefined })
        }
        if (counts()) setPhase('ready')
      } catch (error) {
        if (!counts()) return
        setPhase('ready')
        setProblem(problemOf(error))
        change(id, { entry: undefined })
      }
    },
    [node, provider, refresh],
  )

  const start = useCallback(
    (intent: Intent) => {
      if (!account) return
      const made: Flow = { ...intent, id: crypto.randomUUID(), chainId: node.chain.id, account, at: 0 }
      put(made)
      setShown(made.id)
      void prepared(made, node, provider).then((flow) => {
        put(flow)
        void proceed(flow.id)
      })
    },
    [account, node, provider, proceed],
  )

  const close = useCallback(() => {
    setShown(undefined)
    if (flow && isFinished(flow)) drop(flow.id)
  }, [flow])

  const abandon = useCallback(() => {
    run.current++
    setPhase('ready')
    setProblem(undefined)
    setShown(undefined)
    if (flow) drop(flow.id)
  }, [flow])

  const instead = useCallback(() => {
    if (!flow) return
    run.current++
    put(approveInstead(flow))
    void proceed(flow.id)
  }, [flow, proceed])

  // A flow that was found after a reload with a transaction under way goes on by itself up to the next signature.
  const found = flow?.entry
  useEffect(() => {
    if (!flow || !found || phase !== 'ready' || problem) return
    const { id, at } = flow
    const entry = entryOf(found)
    if (!entry) return change(id, { entry: undefined })
    const mine = ++run.current
    setPhase(entry.state === 'asked' ? 'lost' : 'block')
    void ended(found).then(({ state, reason }) => {
      if (run.current !== mine) return
      setPhase('ready')
      if (state === 'done') change(id, { at: at + 1, entry: undefined })
      else {
        change(id, { entry: undefined })
        setProblem(problemOf(new Ended(state, reason)))
      }
    })
    // Only what was found counts, not each change of the flow.
  }, [found])

  const value = useMemo(() => ({ flow, start, open: () => flow && setShown(flow.id) }), [flow, start])
  return (
    <Context value={value}>
      {children}
      {flow && shown === flow.id && (
        <FlowDialog
          flow={flow}
          phase={phase}
          problem={problem}
          elsewhere={account?.toLowerCase() !== flow.account.toLowerCase()}
          wrongChain={wrongChain}
          onContinue={() => void proceed(flow.id)}
          onInstead={instead}
          onAbandon={abandon}
          onClose={close}
        />
      )}
    </Context>
  )
}

/** A transaction ended otherwise than as intended. */
class Ended extends Error {
  constructor(
    readonly state: Entry['state'],
    readonly reason?: string,
  ) {
    super(state)
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof Ended) {
    const { state, reason } = error
    const words = text.problem.ended[state as keyof typeof text.problem.ended] ?? state
    return { kind: state === 'rejected' ? 'rejected' : 'refused', message: reason ? `${words} ${reason}` : words }
  }
  if (error instanceof Elsewhere) return { kind: 'wallet', message: error.message }
  return explain(error)
}

async function insist(wallet: Provider, flow: Flow): Promise<void> {
  const now = await stateOf(wallet)
  if (now.account?.toLowerCase() !== flow.account.toLowerCase()) throw new Elsewhere(text.flow.otherAccount)
  if (now.chainId !== flow.chainId) throw new Elsewhere(text.flow.wrongChain)
}

/** EIP-7702: an account's code that begins so names another's; the account still signs by itself. */
const DELEGATION = '0xef0100'

/** A contract account cannot sign a permit; a wallet that batches needs none. */
async function prepared(flow: Flow, node: Place['node'], provider: () => Promise<Provider>): Promise<Flow> {
  if (flow.steps[0]?.kind !== 'permit') return flow
  try {
    const wallet = await provider()
    const [code, batches] = await Promise.all([
      getCode(node.client, { address: flow.account }),
      canBatch(wallet, flow.account, flow.chainId),
    ])
    const isContract = code !== undefined && code !== '0x' && !code.startsWith(DELEGATION)
    if (!isContract && !batches) return flow
    return batches ? inOneBatch(flow) : approveInstead(flow)
  } catch {
    return flow
  }
}

const approval = (place: Pick<Place, 'node'>, amount: bigint): Act => ({
  contract: 'vvv',
  functionName: 'approve',
  args: [place.node.deployment.sVvv, amount],
})

/** Does one step. Resolves to its journal entry, or to nothing where it needs no transaction. */
async function step(
  place: Place,
  wallet: Provider,
  flow: Flow,
  phase: (next: Phase) => void,
): Promise<string | undefined> {
  const now = flow.steps[flow.at]!
  const noted = (entry: string) => change(flow.id, { entry })
  const transact = async (act: Act, label: string) => {
    await simulate(place, act)
    phase('wallet')
    return send(place, wallet, act, label, noted)
  }
  switch (now.kind) {
    case 'permit': {
      await simulatePull(place, now.amount)
      phase('wallet')
      const permit = await signPermit(place, wallet, now.amount)
      // A signature that comes after something else was chosen is not used.
      if (currentOf(flow.id)?.steps[flow.at]?.kind === 'permit') change(flow.id, { permit })
      return undefined
    }
    case 'approve':
      await simulatePull(place, now.amount)
      return transact(approval(place, now.amount), text.flow.approveLabel)
    case 'act':
      return transact(now.act, now.label)
    case 'stakeSigned': {
      const { permit } = flow
      if (!permit || permit.deadline < place.head.timestamp) {
        change(flow.id, { at: flow.at - 1 })
        throw new Error(text.flow.permitExpired)
      }
      const { deadline, v, r, s } = permit
      const args = [now.recipient, now.amount, deadline, v, r, s]
      return transact({ contract: 'sVvv', functionName: 'stakeWithPermit', args }, flow.title)
    }
    case 'batch': {
      const acts = [approval(place, now.amount), stakeAct(now.recipient, now.amount)]
      await simulatePull(place, now.amount)
      phase('wallet')
      return sendBatch(place, wallet, acts, flow.title, noted)
    }
  }
}
