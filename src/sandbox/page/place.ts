/**
 * Where the viewer is. It lives in the URL's hash, so that a reload or a second window keeps it:
 * `#as=U0ALICE&in=C0DATA&thread=1764000000.000100`.
 */
export interface Place {
  readonly as: string | null
  /** A conversation id, or `home` for the app's Home tab. */
  readonly open: string | null
  /** The `ts` of the message whose thread is open. */
  readonly thread: string | null
}

/** The Home tab is no conversation, so it has a name that no Slack id can have. */
export const homePlace = 'home'

export function readPlace(hash: string): Place {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  return {
    as: fields.get('as') || null,
    open: fields.get('in') || null,
    thread: fields.get('thread') || null,
  }
}

export function writePlace(place: Place): string {
  const fields = new URLSearchParams()
  if (place.as) fields.set('as', place.as)
  if (place.open) fields.set('in', place.open)
  if (place.thread) fields.set('thread', place.thread)
  return `#${fields.toString()}`
}
