import { type ReactNode, useEffect, useState } from 'react'

/** A message that only the viewer can see. */
interface News {
  readonly ts: string
  readonly said: ReactNode
}

/**
 * Says to a screen reader what only this member was told, such as a refusal, in whichever conversation it stands. It is
 * there before anything is said: a region that comes together with its text is often passed over.
 */
export function PrivateNews({ viewer, newest }: { viewer: string; newest: News | undefined }) {
  const ts = newest?.ts ?? ''
  const [known, setKnown] = useState({ viewer, ts })
  const [said, setSaid] = useState<News | null>(null)

  useEffect(() => {
    if (known.viewer === viewer && known.ts === ts) return
    setKnown({ viewer, ts })
    // What was there when somebody became this member is no news.
    setSaid(known.viewer === viewer && newest && ts > known.ts ? newest : null)
  }, [viewer, newest, ts, known])

  return (
    <div className="visually-hidden" role="status" aria-label="For you alone" data-testid="private-news">
      {said && <p key={said.ts}>Only visible to you: {said.said}</p>}
    </div>
  )
}
