// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { Curve } from '../../src/math/diem'
import { CurveChart } from '../../src/ui/CurveChart'

const WAD = 10n ** 18n
const curve = new Curve(90n * WAD, 40_000n * WAD)
afterEach(cleanup)

const pointsOf = (path: Element | null) =>
  [...path!.getAttribute('d')!.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const)

test('the curve rises from left to right and stays within its picture', () => {
  for (const supply of [0n, 21_000n * WAD, 79_999n * WAD]) {
    const { container, unmount } = render(<CurveChart curve={curve} supply={supply} />)
    const [, , width, height] = container.querySelector('svg')!.getAttribute('viewBox')!.split(' ').map(Number)
    const points = pointsOf(container.querySelector('path'))
    points.slice(1).forEach(([x, y], index) => {
      const [before, above] = points[index]!
      expect(x > before && y <= above).toBe(true)
    })
    expect(points.every(([x, y]) => x >= 0 && x <= width! && y >= 0 && y <= height!)).toBe(true)
    unmount()
  }
})

test('the point stands on the curve, and the label says where', () => {
  const { container } = render(<CurveChart curve={curve} supply={20_000n * WAD} />)
  const circle = container.querySelector('circle')!
  const near = pointsOf(container.querySelector('path')).reduce((best, point) =>
    Math.abs(point[0] - Number(circle.getAttribute('cx'))) < Math.abs(best[0] - Number(circle.getAttribute('cx')))
      ? point
      : best,
  )
  expect(Math.abs(near[1] - Number(circle.getAttribute('cy')))).toBeLessThan(3)
  expect(screen.getByRole('img', { name: /^Mint curve\. At 20,000 DIEM the rate is 115\.56/ })).toBeTruthy()
})

test('a planned mint has an area from here to there, and words; without one there is none', () => {
  const { container, rerender } = render(<CurveChart curve={curve} supply={20_000n * WAD} />)
  expect(container.querySelectorAll('path')).toHaveLength(1)
  const { diem, rateAfter } = curve.quoteExact(20_000n * WAD, 5_000n * WAD)
  rerender(<CurveChart curve={curve} supply={20_000n * WAD} mint={{ diem, rateAfter }} />)
  const area = pointsOf(container.querySelector('path'))
  expect(area[0]![0]).toBeCloseTo(Number(container.querySelector('circle')!.getAttribute('cx')), 0)
  expect(Math.max(...area.map(([x]) => x))).toBeGreaterThan(area[0]![0] + 50)
  expect(screen.getByRole('img').getAttribute('aria-label')).toContain('This mint of 5,000 DIEM takes it to')
})

test('a mint too small for a pixel is still seen', () => {
  const { container } = render(
    <CurveChart curve={curve} supply={20_000n * WAD} mint={{ diem: 1n, rateAfter: 115n * WAD }} />,
  )
  const xs = pointsOf(container.querySelector('path')).map(([x]) => x)
  expect(Math.max(...xs) - Math.min(...xs)).toBeGreaterThanOrEqual(1.9)
})
