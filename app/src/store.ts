/** Small stores that outlive a reload and agree between tabs. */
import { useSyncExternalStore } from 'react'

const MARK = 'bigint:'

const write = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${MARK}${part}` : part))

const read = (text: string): unknown =>
  JSON.parse(text, (_, part: unknown) =>
    typeof part === 'string' && /^bigint:-?\d+$/.test(part) ? BigInt(part.slice(MARK.length)) : part,
  )

export type Store<T> = {
  get: () => T
  set: (change: (now: T) => T) => void
  subscribe: (listener: () => void) => () => void
}

/** `empty` is what counts where nothing is kept, or what is kept cannot be read. */
export function persisted<T>(key: string, empty: T, storage: Storage = localStorage): Store<T> {
  const listeners = new Set<() => void>()
  const load = (): T => {
    try {
      const text = storage.getItem(key)
      return text === null ? empty : (read(text) as T)
    } catch {
      return empty
    }
  }
  let value = load()
  const tell = () => listeners.forEach((listener) => listener())
  addEventListener('storage', (event) => {
    if (event.key !== key && event.key !== null) return
    value = load()
    tell()
  })
  return {
    get: () => value,
    set(change) {
      // What another tab wrote in the meantime is the ground of the change.
      value = change(load())
      try {
        storage.setItem(key, write(value))
      } catch {
        // A full or forbidden storage costs the memory of a reload, not the work at hand.
      }
      tell()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get)
