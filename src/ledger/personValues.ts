import type { Entry } from './entry.ts'

/** What a value beside an entry is found by. */
export interface ValueName {
  readonly entry: string
  readonly name: string
}

/** What an action was, or was shown as: no fact about whoever decided about it. */
const ofTheAction = ['params', 'seen', 'preview', 'action', 'deviations', 'lowered']

/** The record of who changed what: the policy, who is who, stops, erasures and the ledger itself. It stays. */
const record = /^(policy|stop|resume|parting|record|erasure|retention|ledger)\.|^person\.(linked|unlinked)$/

/**
 * Which values beside an entry say who one of these people is, or what they said: of what they did, and of what is about them, all
 * but the action itself; of what was asked for them, who is behind it, where nobody else is. The record of changes stays.
 */
export function personValues(entry: Entry, people: ReadonlySet<string>): readonly ValueName[] {
  if (record.test(entry.type)) return []
  const { actor, subject, blobs } = entry
  const isOwn =
    (actor.kind === 'person' && people.has(actor.id)) || (subject.kind === 'person' && people.has(subject.id))
  const names = blobs.map(({ name }) => name)
  const theirs = isOwn
    ? names.filter((name) => !ofTheAction.includes(name))
    : isBehindAlone(entry, people)
      ? names.filter((name) => name === 'identity')
      : []
  return theirs.map((name) => ({ entry: entry.id, name }))
}

/** One value has all who are behind a request: it is evidence of the others, too. */
function isBehindAlone({ type, data }: Entry, people: ReadonlySet<string>): boolean {
  const behind = type === 'request.submitted' && Array.isArray(data.behind) ? data.behind : []
  return behind.length > 0 && behind.every((one) => people.has(String(Object(one).person)))
}
