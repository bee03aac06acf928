import { useEffect, useState } from 'react'
import type { Snapshot } from '../wire.ts'
import { newestIn } from './reading.ts'

/** How far each member has read, by `member conversation`; kept for the browser session. */
type ReadTo = Readonly<Record<string, string>>

const storageKey = 'countersign-sandbox-read'

/** Marks the open conversation as read while it is shown. Returns how far the viewer has read a conversation. */
export function useReading(
  snapshot: Snapshot | null,
  open: string | null,
): (conversation: string) => string | undefined {
  const [readTo, setReadTo] = useState<ReadTo>(load)
  const viewer = snapshot?.viewer ?? ''
  const key = `${viewer} ${open}`
  const newest = snapshot && open ? newestIn(open, snapshot) : ''

  useEffect(() => {
    if (viewer === '' || open === null) return
    setReadTo((all) => {
      if (all[key] !== undefined && all[key] >= newest) return all
      const next = { ...all, [key]: newest }
      sessionStorage.setItem(storageKey, JSON.stringify(next))
      return next
    })
  }, [viewer, open, key, newest])

  return (conversation) => readTo[`${viewer} ${conversation}`]
}

function load(): ReadTo {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? '{}')
    return typeof stored === 'object' && stored !== null ? (stored as ReadTo) : {} // we alone write it
  } catch {
    return {}
  }
}
