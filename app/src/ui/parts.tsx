/** The small parts that all views are made of. */
import * as RadixTabs from '@radix-ui/react-tabs'
import { useId, useState, type ReactNode } from 'react'
import { useChain } from '../chain/ChainProvider'
import { amountText, partsOf, shortAddress } from '../format'
import { settings } from '../settings'
import { useStore } from '../store'
import { text } from '../texts'

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
  if (wad === undefined) return <span className="pending" aria-label={text.common.loading} role="img" />
  const shown = exact ? 18 : places
  const short = amountText(wad, shown)
  const { whole, fraction } = partsOf(wad, shown)
  return (
    <span className="amount">
      <data value={wad.toString()} title={`${prefix}${amountText(wad)}${unit ? ` ${unit}` : ''}`}>
        {short.startsWith('<') ? (
          `< ${prefix}${short.slice(2)}`
        ) : (
          <>
            {prefix}
            {whole}
            {fraction && <span className="fraction">.{fraction}</span>}
          </>
        )}
      </data>
      {unit && <span className="unit">{unit}</span>}
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
    <section className="card" aria-labelledby={title && own} id={id}>
      {title && (
        <header className="card-head">
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
  <dl className={rows ? 'facts facts-rows' : wide ? 'facts facts-wide' : 'facts'}>{children}</dl>
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
  <div className="fact" data-fact={name}>
    <dt>{term}</dt>
    <dd>
      <div className="fact-value">{children}</div>
      {note && <div className="fact-note">{note}</div>}
    </dd>
  </div>
)

export const Notice = ({
  kind = 'info',
  children,
}: {
  kind?: 'info' | 'warn' | 'bad' | 'good'
  children: ReactNode
}) => <div className={`notice notice-${kind}`}>{children}</div>

export const Empty = ({ children }: { children: ReactNode }) => <p className="empty">{children}</p>

/** The share of a day that was used. The words say the same, so that no colour is needed. */
export function Meter({ used, total, label }: { used: bigint; total: bigint; label: string }) {
  const share = total === 0n ? 0n : (used * 1000n) / total
  return (
    <svg className="meter" viewBox="0 0 1000 12" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect className="meter-all" width="1000" height="12" />
      <rect
        className="meter-left"
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
      className="button quiet small"
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
  if (address === undefined) return <span className="pending" aria-label={text.common.loading} role="img" />
  if (ZERO.test(address)) return <span className="muted">{none}</span>
  const url = [...config.gateways].find(([known]) => known.toLowerCase() === address.toLowerCase())?.[1]
  return (
    <span className="addr">
      <a href={`#/${address}`} title={address} className="mono">
        {shortAddress(address)}
      </a>
      {url && <span className="addr-name">{new URL(url).host}</span>}
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
    <fieldset className="segments">
      <legend className={hideLabel ? 'hidden' : 'label'}>{label}</legend>
      <div className="segments-row">
        {choices.map((choice) => (
          <label key={choice.value} className="segment">
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
    <RadixTabs.List className="tabs" aria-label={label}>
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
  <div className="table-box" tabIndex={0} role="group" aria-label={label}>
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
