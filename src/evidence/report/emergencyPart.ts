import { stringIn } from '../facts.ts'
import { counter, type Listed, refOf } from './counting.ts'
import type { EmergencyFigures, Glass } from './figures.ts'
import type { Part, Seen } from './part.ts'

/** Broken glasses that are kept. */
const mostKept = 2_000

type Broken = Omit<Glass, 'state'>

/** Every broken glass of the period, and those from before it whose reviews were not closed when it began. */
export function emergencyPart(): Part<EmergencyFigures> {
  const broken = counter()
  const glasses = new Map<string, Broken>()
  let more = 0

  function close({ one, within }: Seen): void {
    const { request, actor, data } = one.entry
    const glass = glasses.get(request ?? '')
    if (!glass || request === null) return
    // What was closed before the period is of another report.
    if (!within) return void glasses.delete(request)
    const closed = { ref: refOf(one), person: actor.id, late: data.late === true }
    glasses.set(request, { ...glass, closed })
  }

  return {
    see(seen) {
      const { type, request } = seen.one.entry
      if (type === 'review.closed') close(seen)
      if (type !== 'glass.broken' || request === null) return
      if (seen.within) broken.add(seen.one)
      if (glasses.size < mostKept) glasses.set(request, glassOf(seen))
      else if (seen.within) more += 1
    },
    end(until) {
      const all = [...glasses.values()].map((glass) => ({ ...glass, state: stateOf(glass, until) }))
      const listed = (state: Glass['state']): Listed => {
        const of = counter()
        for (const glass of all) if (glass.state === state) of.add(glass.ref)
        return of.listed()
      }
      return {
        broken: broken.listed(),
        ...{ onTime: listed('on time'), late: listed('late') },
        ...{ overdue: listed('overdue'), open: listed('open') },
        glasses: all,
        more,
      }
    },
  }
}

function glassOf({ one, asked }: Seen): Broken {
  const { actor, data } = one.entry
  return {
    ref: refOf(one),
    person: actor.id,
    action: asked?.action ?? null,
    verdict: stringIn(data, 'verdict'),
    reviewBy: stringIn(data, 'review_by'),
    closed: null,
  }
}

function stateOf({ closed, reviewBy }: Broken, until: string): Glass['state'] {
  if (closed) return closed.late ? 'late' : 'on time'
  return reviewBy !== null && Date.parse(reviewBy) < Date.parse(until) ? 'overdue' : 'open'
}
