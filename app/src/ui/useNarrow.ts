import { useSyncExternalStore } from 'react'

/** As in the style sheets: one column, no room for a wide picture. */
const query = matchMedia('(max-width: 620px)')

const subscribe = (listener: () => void) => {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => query.matches)
