/**
 * Where the viewer is. It lives in the URL's hash, so that a reload or a second window keeps it:
 * `#as=U0ALICE&in=C0DATA&thread=1764000000.000100`, in Teams with `via=teams` and Teams' ids.
 */
export interface Place {
  readonly via: Via
  readonly as: string | null
  /** A conversation id, or `home` for the app's Home tab. */
  readonly open: string | null
  /** The `ts` of the message whose thread is open. */
  readonly thread: string | null
}

/** Which of the local workspaces is looked at. */
export type Via = 'slack' | 'teams'

/** The Home tab is no conversation, so it has a name that no Slack id can have. */
export const homePlace = 'home'

export function readPlace(hash: string): Place {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  return {
    via: fields.get('via') === 'teams' ? 'teams' : 'slack',
    as: fields.get('as') || null,
    open: fields.get('in') || null,
    thread: fields.get('thread') || null,
  }
}

export function writePlace(place: Place): string {
  const fields = new URLSearchParams()
  if (place.via !== 'slack') fields.set('via', place.via)
  if (place.as) fields.set('as', place.as)
  if (place.open) fields.set('in', place.open)
  if (place.thread) fields.set('thread', place.thread)
  return `#${fields.toString()}`
}
