import type { EntryType } from '../../ledger/entry.ts'
import { at, stringIn } from '../facts.ts'
import { byCount, byName, counter, refOf } from './counting.ts'
import type { AttemptFigures, OwnAttempt } from './figures.ts'
import type { Part, Seen } from './part.ts'

/** What would let an action through, or cover up that one was. Whoever is behind it and denies it harms nobody. */
const letsThrough = new Set<unknown>(['approve', 'break_glass', 'close_review'])

/** Attempts of people behind an action that are shown one by one. */
const mostShown = 50

/** Entries that record what somebody tried and was refused, and which of their facts says why. */
const refusals: Readonly<Partial<Record<EntryType, string | null>>> = {
  'decision.refused': 'code',
  'grant.refused': 'code',
  'grant.replayed': null,
  'grant.mismatched': null,
  'token.refused': 'why',
  'stop.refused': null,
  'agent.limited': null,
  'confirmation.refused': 'code',
  'confirmation.disowned': null,
  'parting.refused': 'why',
  'resume.refused': 'why',
  'policy.refused': 'why',
}

/** What was tried and refused, first of all by people behind an action. */
export function attemptPart(): Part<AttemptFigures> {
  const own = counter()
  const ownList: OwnAttempt[] = []
  const kinds = byName((name) => ({ name, entries: counter() }))
  return {
    see(seen) {
      const { one, within } = seen
      const path = refusals[one.entry.type]
      if (!within || path === undefined) return
      const code = path === null ? null : stringIn(one.entry.data, path)
      kinds.of(JSON.stringify([one.entry.type, code]))?.entries.add(one)
      if (!isOwn(seen)) return
      own.add(one)
      if (ownList.length < mostShown) ownList.push(attemptOf(seen))
    },
    end: () => ({
      own: own.listed(),
      ownList,
      kinds: kinds
        .all()
        .map(([name, { entries }]) => {
          const [type, code] = JSON.parse(name) as [EntryType, string | null] // as it was made above
          return { name, type, code, entries: entries.listed() }
        })
        .sort(byCount(({ entries }) => entries.count)),
    }),
  }
}

function isOwn({ one: { entry } }: Seen): boolean {
  return (
    entry.type === 'decision.refused' &&
    at(entry.data, 'code') === 'own_request' &&
    letsThrough.has(entry.data.kind)
  )
}

function attemptOf({ one, asked }: Seen): OwnAttempt {
  return {
    ref: refOf(one),
    person: one.entry.actor.id,
    verb: stringIn(one.entry.data, 'kind') ?? '',
    action: asked?.action ?? null,
  }
}
