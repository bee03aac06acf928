import { useEffect, useState } from 'react'

/** How far each member has read, by `member conversation`; kept for the browser session. */
type ReadTo = Readonly<Record<string, string>>

const storageKey = 'countersign-sandbox-read'

/** Marks the open conversation as read, up to its newest message, while it is shown. Returns how far the viewer has read a conversation. */
export function useReading(
  viewer: string,
  open: string | null,
  newest: string,
): (conversation: string) => string | undefined {
  const [readTo, setReadTo] = useState<ReadTo>(load)
  const key = `${viewer} ${open}`

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
