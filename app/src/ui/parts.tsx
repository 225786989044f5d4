/** The small parts that all views are made of. */
import * as RadixTabs from '@radix-ui/react-tabs'
import { useId, useState, type ReactNode } from 'react'
import { useChain } from '../chain/ChainProvider'
import { amountText, partsOf, shortAddress } from '../format'
import { settings } from '../settings'
import { useStore } from '../store'
import { text } from '../texts'
import cssButton from './button.module.css'
import cssCard from './card.module.css'
import cssFacts from './facts.module.css'
import cssField from './fields.module.css'
import cssParts from './parts.module.css'
import cssTable from './Table.module.css'
import cssTabs from './Tabs.module.css'
import cssText from './text.module.css'

const PLACES = 4

/** An amount. Its machine-readable value is all of it, in wei; what is cut off for the eye is never rounded up. */
export function Amount({
  wad,
  unit,
  places = PLACES,
  prefix = '',
}: {
  wad: bigint | undefined
  unit?: string
  places?: number
  prefix?: string
}) {
  const { exact } = useStore(settings)
  if (wad === undefined) return <span className={cssFacts.pending} aria-label={text.common.loading} role="img" />
  const shown = exact ? 18 : places
  const short = amountText(wad, shown)
  const { whole, fraction } = partsOf(wad, shown)
  return (
    <span className={cssFacts.amount}>
      <data value={wad.toString()} title={`${prefix}${amountText(wad)}${unit ? ` ${unit}` : ''}`}>
        {short.startsWith('<') ? (
          `< ${prefix}${short.slice(2)}`
        ) : (
          <>
            {prefix}
            {whole}
            {fraction && <span className={cssFacts.fraction}>.{fraction}</span>}
          </>
        )}
      </data>
      {unit && <span className={cssFacts.unit}>{unit}</span>}
    </span>
  )
}

export const Usd = ({ wad, places = 2 }: { wad: bigint | undefined; places?: number }) => (
  <Amount wad={wad} prefix="$" places={places} />
)

export function Card({
  title,
  aside,
  children,
  id,
}: {
  title?: string
  aside?: ReactNode
  children: ReactNode
  id?: string
}) {
  const own = useId()
  return (
    <section className={cssCard.card} aria-labelledby={title && own} id={id}>
      {title && (
        <header className={cssCard.cardHead}>
          <h2 id={own}>{title}</h2>
          {aside}
        </header>
      )}
      {children}
    </section>
  )
}

/** Terms with their values; `rows` sets term and value side by side, `wide` leaves room for long numbers. */
export const Facts = ({ children, rows, wide }: { children: ReactNode; rows?: boolean; wide?: boolean }) => (
  <dl
    className={
      rows
        ? `${cssFacts.facts} ${cssFacts.factsRows}`
        : wide
          ? `${cssFacts.facts} ${cssFacts.factsWide}`
          : cssFacts.facts
    }
  >
    {children}
  </dl>
)

export const Fact = ({
  term,
  note,
  children,
  name,
}: {
  term: ReactNode
  note?: ReactNode
  children: ReactNode
  name?: string
}) => (
  <div className={cssFacts.fact} data-fact={name}>
    <dt>{term}</dt>
    <dd>
      <div className={cssFacts.factValue}>{children}</div>
      {note && <div className={cssFacts.factNote}>{note}</div>}
    </dd>
  </div>
)

const NOTICES = { info: '', warn: cssParts.noticeWarn, bad: cssParts.noticeBad }

export const Notice = ({ kind = 'info', children }: { kind?: keyof typeof NOTICES; children: ReactNode }) => (
  <div className={`${cssParts.notice} ${NOTICES[kind]}`}>{children}</div>
)

export const Empty = ({ children }: { children: ReactNode }) => <p className={cssParts.empty}>{children}</p>

/** The share of a day that was used. The words say the same, so that no colour is needed. */
export function Meter({ used, total, label }: { used: bigint; total: bigint; label: string }) {
  const share = total === 0n ? 0n : (used * 1000n) / total
  return (
    <svg className={cssParts.meter} viewBox="0 0 1000 12" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect className={cssParts.meterAll} width="1000" height="12" />
      <rect
        className={cssParts.meterLeft}
        x={share.toString()}
        width={(1000n - share).toString()}
        height="12"
        opacity={total === 0n ? 0 : 1}
      />
    </svg>
  )
}

export function Copy({ value, label = text.common.copy }: { value: string; label?: string }) {
  const [copied, setCopied] = useState(false)
  return (
    <button
      type="button"
      className={`${cssButton.button} ${cssButton.quiet} ${cssButton.small}`}
      onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
      onBlur={() => setCopied(false)}
    >
      <span aria-live="polite">{copied ? text.common.copied : label}</span>
    </button>
  )
}

const ZERO = /^0x0{40}$/

/** An address, short for the eye and whole for everything else. */
export function Addr({ address, none = text.common.nobody }: { address: string | undefined; none?: string }) {
  const { config } = useChain()
  if (address === undefined) return <span className={cssFacts.pending} aria-label={text.common.loading} role="img" />
  if (ZERO.test(address)) return <span className={cssText.muted}>{none}</span>
  const url = [...config.gateways].find(([known]) => known.toLowerCase() === address.toLowerCase())?.[1]
  return (
    <span className={cssParts.addr}>
      <a href={`#/${address}`} title={address} className={cssText.mono}>
        {shortAddress(address)}
      </a>
      {url && <span className={cssParts.addrName}>{new URL(url).host}</span>}
    </span>
  )
}

export type Choice<T extends string> = { value: T; label: string }

/** A few choices of which one holds, as radio buttons that look like one control. */
export function Segments<T extends string>({
  label,
  choices,
  value,
  onChange,
  hideLabel = false,
}: {
  label: string
  choices: readonly Choice<T>[]
  value: T
  onChange: (value: T) => void
  hideLabel?: boolean
}) {
  const name = useId()
  return (
    <fieldset className={cssField.segments}>
      <legend className={hideLabel ? cssText.hidden : cssField.label}>{label}</legend>
      <div className={cssField.segmentsRow}>
        {choices.map((choice) => (
          <label key={choice.value} className={cssField.segment}>
            <input type="radio" name={name} checked={choice.value === value} onChange={() => onChange(choice.value)} />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** Tabs whose panels are forms. */
export const Tabs = <T extends string>({
  label,
  choices,
  value,
  onChange,
  children,
}: {
  label: string
  choices: readonly Choice<T>[]
  value: T
  onChange: (value: T) => void
  children: ReactNode
}) => (
  <RadixTabs.Root value={value} onValueChange={(next) => onChange(next as T)}>
    <RadixTabs.List className={cssTabs.tabs} aria-label={label}>
      {choices.map((choice) => (
        <RadixTabs.Trigger key={choice.value} value={choice.value}>
          {choice.label}
        </RadixTabs.Trigger>
      ))}
    </RadixTabs.List>
    <RadixTabs.Content value={value}>{children}</RadixTabs.Content>
  </RadixTabs.Root>
)

/** A wide table that scrolls in its own box where it must. */
export const Table = ({ label, head, children }: { label: string; head: ReactNode[]; children: ReactNode }) => (
  <div className={cssTable.tableBox} tabIndex={0} role="group" aria-label={label}>
    <table>
      <thead>
        <tr>
          {head.map((cell, index) => (
            <th key={index} scope="col">
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
)
