/** Where a flow stands: what was agreed to, its steps, what is awaited, and what went wrong. */
import { useChain } from '../chain/ChainProvider'
import type { Problem } from '../chain/explain'
import { text } from '../texts'
import { Dialog } from '../ui/Dialog'
import { Notice } from '../ui/parts'
import { isFinished, type Flow, type Step } from './flow'
import type { Phase } from './FlowProvider'
import cssButton from '../ui/button.module.css'
import cssDialog from '../ui/Dialog.module.css'
import cssFacts from '../ui/facts.module.css'
import cssFlow from './FlowDialog.module.css'
import cssText from '../ui/text.module.css'

function wordsOf(step: Step, flow: Flow): string {
  switch (step.kind) {
    case 'permit':
      return text.flow.permit(step.amount)
    case 'approve':
      return text.flow.approve(step.amount)
    case 'act':
      return step.label
    case 'stakeSigned':
      return flow.title
    case 'batch':
      return text.flow.batch
  }
}

export function FlowDialog({
  flow,
  phase,
  problem,
  elsewhere,
  wrongChain,
  onContinue,
  onInstead,
  onAbandon,
  onClose,
}: {
  flow: Flow
  phase: Phase
  problem: Problem | undefined
  elsewhere: boolean
  wrongChain: boolean
  onContinue: () => void
  onInstead: () => void
  onAbandon: () => void
  onClose: () => void
}) {
  const { down } = useChain()
  const finished = isFinished(flow)
  const now = flow.steps[flow.at]
  const halted = elsewhere ? text.flow.otherAccount : wrongChain ? text.flow.wrongChain : undefined
  const idle = phase === 'ready' || phase === 'lost'
  const status = finished ? text.flow.finished : text.flow[phase]
  const stateOf = (index: number) => (index < flow.at ? 'done' : index === flow.at ? 'now' : 'next')
  return (
    <Dialog title={flow.title} onClose={onClose}>
      {flow.summary.length > 0 && (
        <dl className={`${cssFacts.facts} ${cssFacts.factsRows}`}>
          {flow.summary.map(([term, value]) => (
            <div className={cssFacts.fact} key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <ol className={cssFlow.steps} aria-label={text.flow.steps}>
        {flow.steps.map((step, index) => (
          <li key={index} data-state={stateOf(index)} aria-current={index === flow.at ? 'step' : undefined}>
            <span className={cssFlow.stepMark} aria-hidden="true" />
            <span>{wordsOf(step, flow)}</span>
            <span className={cssText.hidden}>
              {{ done: text.flow.stepDone, now: text.flow.stepNow, next: text.flow.stepNext }[stateOf(index)]}
            </span>
          </li>
        ))}
      </ol>
      <div
        aria-live="polite"
        className={cssFlow.flowStatus}
        data-phase={finished ? 'done' : problem ? 'problem' : phase}
      >
        {halted && !finished ? (
          <Notice kind="warn">{halted}</Notice>
        ) : problem ? (
          <Notice kind="bad">{problem.message}</Notice>
        ) : (
          <p className={finished ? cssFlow.statusDone : undefined}>{status}</p>
        )}
      </div>
      <div className={cssDialog.dialogActions}>
        {finished ? (
          <button type="button" className={`${cssButton.button} ${cssButton.primary}`} onClick={onClose}>
            {text.flow.done}
          </button>
        ) : (
          <>
            {phase !== 'block' && (
              <button type="button" className={`${cssButton.button} ${cssButton.quiet}`} onClick={onAbandon}>
                {text.flow.abandon}
              </button>
            )}
            {now?.kind === 'permit' && (
              <button
                type="button"
                className={cssButton.button}
                onClick={onInstead}
                disabled={halted !== undefined || down}
              >
                {text.flow.instead}
              </button>
            )}
            {idle && (
              <button
                type="button"
                className={`${cssButton.button} ${cssButton.primary}`}
                onClick={onContinue}
                disabled={halted !== undefined || down}
              >
                {problem ? text.flow.retry : phase === 'lost' ? text.flow.again : text.flow.resume}
              </button>
            )}
          </>
        )}
      </div>
    </Dialog>
  )
}
