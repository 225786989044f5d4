/** The view is in the address's fragment, so that the page runs from any folder. */
import { getAddress, isAddress, type Address } from 'viem'
import { useSyncExternalStore } from 'react'

export const VIEWS = ['overview', 'stake', 'mint', 'credit', 'leases', 'keys', 'history', 'operator'] as const
export type View = (typeof VIEWS)[number]
export type Route = { view: View; address?: Address }

export function routeOf(fragment: string): Route {
  const [view = '', of = ''] = fragment.replace(/^#\/?/, '').split('/')
  if (isAddress(view, { strict: false })) return { view: 'overview', address: getAddress(view) }
  const known = VIEWS.find((name) => name === view) ?? 'overview'
  return isAddress(of, { strict: false }) ? { view: known, address: getAddress(of) } : { view: known }
}

export const hrefOf = (view: View): string => `#/${view === 'overview' ? '' : view}`

const subscribe = (listener: () => void) => {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

export function useRoute(): Route {
  const fragment = useSyncExternalStore(subscribe, () => location.hash)
  return routeOf(fragment)
}
