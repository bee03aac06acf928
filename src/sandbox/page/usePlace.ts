import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { type Place, readPlace, writePlace } from './place.ts'

/** The place in the URL's hash, and how to go elsewhere: fields that are left out stay. */
export function usePlace(): readonly [Place, (change: Partial<Place>) => void] {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash)
  const place = useMemo(() => readPlace(hash), [hash])
  const go = useCallback((change: Partial<Place>) => {
    const next = writePlace({ ...readPlace(window.location.hash), ...change })
    if (next !== window.location.hash) window.location.hash = next
  }, [])
  return [place, go]
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange)
  return () => window.removeEventListener('hashchange', onChange)
}
