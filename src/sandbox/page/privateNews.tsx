import { useEffect, useState } from 'react'
import type { Message, Snapshot } from '../wire.ts'
import { Mrkdwn } from './blocks/inline.tsx'
import { newestPrivate } from './reading.ts'

/**
 * Says to a screen reader what only this member was told, such as a refusal, in whichever conversation it stands. It is
 * there before anything is said: a region that comes together with its text is often passed over.
 */
export function PrivateNews({ snapshot }: { snapshot: Snapshot }) {
  const newest = newestPrivate(snapshot)
  const [known, setKnown] = useState({ viewer: snapshot.viewer, ts: newest?.ts ?? '' })
  const [said, setSaid] = useState<Message | null>(null)

  useEffect(() => {
    const ts = newest?.ts ?? ''
    if (known.viewer === snapshot.viewer && known.ts === ts) return
    setKnown({ viewer: snapshot.viewer, ts })
    // What was there when somebody became this member is no news.
    setSaid(known.viewer === snapshot.viewer && newest && ts > known.ts ? newest : null)
  }, [snapshot.viewer, newest, known])

  return (
    <div className="visually-hidden" role="status" aria-label="For you alone" data-testid="private-news">
      {said && (
        <p key={said.ts}>
          Only visible to you: <Mrkdwn text={said.text} />
        </p>
      )}
    </div>
  )
}
