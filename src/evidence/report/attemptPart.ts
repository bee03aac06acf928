import type { EntryType } from '../../ledger/entry.ts'
import { stringIn } from '../facts.ts'
import { ownAttempts } from '../ownAttempts.ts'
import { matches } from '../query.ts'
import { byCount, byName, counter, refOf } from './counting.ts'
import type { AttemptFigures, OwnAttempt } from './figures.ts'
import type { Part, Seen } from './part.ts'
import { refusedTypes } from './refusedTypes.ts'

/** Attempts of people behind an action that are shown one by one. */
const mostShown = 50

/** What was tried and refused, first of all by people behind an action. */
export function attemptPart(): Part<AttemptFigures> {
  const own = counter()
  const ownList: OwnAttempt[] = []
  const kinds = byName((name) => ({ name, entries: counter() }))
  return {
    see(seen) {
      const { one, within } = seen
      const refused = refusedTypes[one.entry.type]
      if (!within || refused === null) return
      const code = refused.fact === null ? null : stringIn(one.entry.data, refused.fact)
      kinds.of(JSON.stringify([one.entry.type, code]))?.entries.add(one)
      if (!matches(one, ownAttempts)) return
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

function attemptOf({ one, asked }: Seen): OwnAttempt {
  return {
    ref: refOf(one),
    person: one.entry.actor.id,
    verb: stringIn(one.entry.data, 'kind') ?? '',
    action: asked?.action ?? null,
  }
}
