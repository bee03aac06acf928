import { stringIn } from '../facts.ts'
import type { Recorded } from '../recorded.ts'
import { byCount, byName, counter, countersOf } from './counting.ts'
import { type Deed, deeds, type PeopleFigures, type PersonFigures } from './figures.ts'
import type { Part } from './part.ts'

/** Actions that are told apart for each person. */
const mostActions = 20
/** People whose names are remembered. */
const mostKnown = 5_000

/** Who decided what. Names are those that the directory gave with what each did last, unless that was erased. */
export function peoplePart(): Part<PeopleFigures> {
  const names = new Map<string, string | null>()
  const people = byName(() => ({
    did: countersOf(deeds),
    actions: byName(() => ({ count: 0 }), mostActions),
  }))
  const others = counter()
  return {
    see({ one, within, asked }) {
      if (one.entry.actor.kind !== 'person') return
      learn(names, one)
      const deed = deedOf(one)
      if (!within || !deed) return
      const person = people.of(one.entry.actor.id)
      if (!person) return others.add(one)
      person.did.add(deed, one)
      const decided = deed === 'approved' || deed === 'denied' || deed === 'brokeGlass'
      const action = decided && asked ? person.actions.of(asked.action) : null
      if (action) action.count += 1
    },
    end: () => ({
      people: people
        .all()
        .map(
          ([name, { did, actions }]): PersonFigures => ({
            name,
            did: did.listed(),
            actions: actions
              .all()
              .map(([action, { count }]) => ({ name: action, count }))
              .sort(byCount(({ count }) => count)),
          }),
        )
        .sort(byCount(({ did }) => deeds.reduce((sum, deed) => sum + did[deed].count, 0))),
      others: others.listed(),
      names,
    }),
  }
}

function deedOf({ entry: { type, data } }: Recorded): Deed | null {
  if (type === 'decision.made') return data.kind === 'approve' ? 'approved' : 'denied'
  return deedsByType[type] ?? null
}

const deedsByType: Readonly<Partial<Record<Recorded['entry']['type'], Deed>>> = {
  'decision.withdrawn': 'tookBack',
  'decision.refused': 'refused',
  'glass.broken': 'brokeGlass',
  'review.closed': 'reviewed',
}

/** `identity` is the account as the directory gave it. */
function learn(names: Map<string, string | null>, { entry, blobs }: Recorded): void {
  const identity = blobs.identity
  if (identity === undefined || (names.size >= mostKnown && !names.has(entry.actor.id))) return
  // As `newEntry` wrote it.
  names.set(entry.actor.id, identity === null ? null : stringIn(JSON.parse(identity), 'name'))
}
