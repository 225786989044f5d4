/** The mint curve with the present point and, where one is planned, the area of a mint. Pixels, not money. */
import { useMemo } from 'react'
import { amountText } from '../format'
import type { Curve } from '../math/diem'
import { text } from '../texts'
import cssCurve from './CurveChart.module.css'

const WIDE = 640
const COMPACT = 470
const HEIGHT = 250
const LEFT = 52
const RIGHT = 16
const TOP = 18
const BOTTOM = 34
const POINTS = 96
/** Pixels below which an area could not be seen. */
const LEAST_AREA = 2

const number = (wad: bigint): number => Number(wad) / 1e18

/** A round step that divides `span` into two to five parts. */
function stepOf(span: number): number {
  const power = 10 ** Math.floor(Math.log10(span / 3))
  return (
    [1, 2, 5, 10]
      .map((factor) => factor * power)
      .filter((step) => span / step >= 2)
      .at(-1) ?? power
  )
}

const ticks = (end: number): number[] => {
  const step = stepOf(end)
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step)
}

export function CurveChart({
  curve,
  supply,
  mint,
  compact = false,
}: {
  curve: Curve
  supply: bigint
  mint?: { diem: bigint; rateAfter: bigint } | undefined
  compact?: boolean
}) {
  const width = compact ? COMPACT : WIDE
  const after = supply + (mint?.diem ?? 0n)
  const target = number(curve.targetSupply)
  const base = number(curve.baseRate)
  const end = Math.min(2 * target, Math.max(1.1 * target, number(after) * 1.06))
  const { path, area, x, y, top } = useMemo(() => {
    const rate = (s: number) => base * Math.exp(2 * (s / target) ** 3)
    const top = rate(end)
    const x = (s: number) => LEFT + (s / end) * (width - LEFT - RIGHT)
    const y = (r: number) => HEIGHT - BOTTOM - (r / top) * (HEIGHT - TOP - BOTTOM)
    const line = (from: number, to: number) =>
      Array.from({ length: POINTS + 1 }, (_, index) => {
        const s = from + ((to - from) * index) / POINTS
        return `${x(s).toFixed(1)} ${y(rate(s)).toFixed(1)}`
      }).join(' L')
    const [from, to] = [number(supply), number(after)]
    const wide = Math.max(to, from + (LEAST_AREA * end) / (width - LEFT - RIGHT))
    const area = `M${x(from).toFixed(1)} ${y(0)} L${line(from, wide)} L${x(wide).toFixed(1)} ${y(0)} Z`
    return { path: `M${line(0, end)}`, area, x, y, top }
  }, [base, target, end, supply, after, width])
  const rateNow = curve.rateAt(supply)
  const label =
    text.mint.chartLabel(supply, rateNow) +
    (mint && mint.diem > 0n ? text.mint.chartMint(mint.diem, mint.rateAfter) : '')
  const [px, py] = [x(number(supply)), y(number(rateNow))]
  return (
    <svg className={cssCurve.curve} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={label}>
      <g className={cssCurve.curveGrid}>
        {ticks(top).map((tick) => (
          <g key={tick}>
            <line x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} />
            <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
              {tick.toLocaleString('en')}
            </text>
          </g>
        ))}
        {ticks(end).map((tick) => (
          <text key={tick} x={x(tick)} y={HEIGHT - 12} textAnchor="middle">
            {tick >= 10_000 ? `${tick / 1000}k` : tick.toLocaleString('en')}
          </text>
        ))}
      </g>
      <line className={cssCurve.curveTarget} x1={x(target)} x2={x(target)} y1={TOP} y2={HEIGHT - BOTTOM} />
      <text x={x(target) - 6} y={TOP + 4} textAnchor="end">
        {text.mint.target}
      </text>
      {mint && mint.diem > 0n && <path className={cssCurve.curveArea} d={area} />}
      <path className={cssCurve.curveLine} d={path} />
      <circle className={cssCurve.curvePoint} cx={px} cy={py} r="5" />
      <text className={cssCurve.curveHere} x={Math.max(px, LEFT + 4)} y={py - 12}>
        {amountText(rateNow, 2)}
      </text>
    </svg>
  )
}
