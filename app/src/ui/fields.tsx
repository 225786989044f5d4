/** Fields: label, hint and complaint belong to their input for every reader. */
import { useId, type ReactNode } from 'react'
import { amountInput, amountText, parseAmount } from '../format'
import { text } from '../texts'
import cssButton from './button.module.css'
import cssCard from './card.module.css'
import cssField from './fields.module.css'
import cssText from './text.module.css'

type Common = { label: string; hint?: ReactNode; problem?: string | undefined }

function Frame({
  id,
  label,
  hint,
  problem,
  aside,
  children,
}: Common & { id: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <div className={problem ? `${cssField.field} ${cssField.fieldBad}` : cssField.field}>
      <div className={cssField.fieldHead}>
        <label htmlFor={id} className={cssField.label}>
          {label}
        </label>
        {aside}
      </div>
      {children}
      <p id={`${id}-hint`} className={cssCard.hint}>
        {problem ? <span className={cssText.problem}>{problem}</span> : hint}
      </p>
    </div>
  )
}

export function TextField({
  value,
  onChange,
  mono = false,
  type = 'text',
  ...common
}: Common & { value: string; onChange: (value: string) => void; mono?: boolean; type?: 'text' | 'password' }) {
  const id = useId()
  return (
    <Frame id={id} {...common}>
      <div className={cssField.inputBox}>
        <input
          id={id}
          type={type}
          className={mono ? cssText.mono : undefined}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={common.problem ? true : undefined}
          aria-describedby={`${id}-hint`}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
    </Frame>
  )
}

export function SelectField<T extends string>({
  value,
  onChange,
  choices,
  ...common
}: Common & { value: T; onChange: (value: T) => void; choices: readonly { value: T; label: string }[] }) {
  const id = useId()
  return (
    <Frame id={id} {...common}>
      <div className={cssField.inputBox}>
        <select
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value as T)}
          aria-describedby={`${id}-hint`}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      </div>
    </Frame>
  )
}

/** What is wrong with a typed amount; nothing where it is empty or fine. */
export function amountProblem(typed: string, available?: bigint, unit = ''): string | undefined {
  const parsed = parseAmount(typed)
  if ('problem' in parsed) return parsed.problem === 'empty' ? undefined : text.field[parsed.problem]
  if (parsed.value === 0n) return text.field.zero
  return available !== undefined && parsed.value > available ? text.field.more(available, unit) : undefined
}

/** The typed amount where it is one, above zero. */
export function amountOf(typed: string): bigint | undefined {
  const parsed = parseAmount(typed)
  return 'value' in parsed && parsed.value > 0n ? parsed.value : undefined
}

/** Characters from which an amount is set smaller, so that all 18 decimals are seen on a narrow screen. */
const LONG = 13

/** An amount with its unit, and all that is there at a click. */
export function AmountField({
  value,
  onChange,
  unit,
  available,
  ...common
}: Common & { value: string; onChange: (value: string) => void; unit: string; available?: bigint | undefined }) {
  const id = useId()
  const aside = available !== undefined && (
    <span className={cssField.fieldAside} data-fact="available">
      {text.common.available} <data value={available.toString()}>{amountText(available, 4)}</data>
      <button
        type="button"
        className={`${cssButton.button} ${cssButton.link}`}
        onClick={() => onChange(amountInput(available))}
        aria-label={`${text.common.max}: ${common.label}`}
      >
        {text.common.max}
      </button>
    </span>
  )
  return (
    <Frame id={id} aside={aside} {...common}>
      <div className={`${cssField.inputBox} ${cssField.inputAmount}`} data-long={value.length > LONG}>
        <input
          id={id}
          inputMode="decimal"
          placeholder="0"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={common.problem ? true : undefined}
          aria-describedby={`${id}-hint`}
          autoComplete="off"
          spellCheck={false}
        />
        <span className={cssField.inputUnit}>{unit}</span>
      </div>
    </Frame>
  )
}
