/** What a person chose for this browser. */
import { persisted } from './store'

export type Settings = {
  theme: 'system' | 'light' | 'dark'
  /** Every decimal is shown. */
  exact: boolean
  /** Accepted loss to others' mints, in hundredths of a percent. */
  tolerance: bigint
  /** The deployment that is shown. */
  chainId?: number
  /** Nodes that were typed in, by chain. */
  nodes: Record<number, string>
  /** Gateways' URLs that were typed in, by address. */
  gateways: Record<string, string>
}

export const settings = persisted<Settings>('diem.settings', {
  theme: 'system',
  exact: false,
  tolerance: 50n,
  nodes: {},
  gateways: {},
})

export function applyTheme({ theme }: Settings): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
