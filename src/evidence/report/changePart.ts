import type { Json } from '../../core/json.ts'
import { at, objectIn, stringIn, stringsIn } from '../facts.ts'
import type { Recorded } from '../recorded.ts'
import { refOf } from './counting.ts'
import {
  type Activation,
  type ChangedPart,
  type ChangeFigures,
  changedParts,
  type StopFigure,
} from './figures.ts'
import type { Part, Seen } from './part.ts'

/** Shown one by one, of each. */
const mostShown = 100

/** What changed the rules themselves: policies, and what was stopped. */
export function changePart(): Part<ChangeFigures> {
  const activations: Activation[] = []
  const refused: ChangeFigures['refused'][number][] = []
  const stops = new Map<string, StopFigure>()
  let before: string | null = null
  let moreActivations = 0

  function activate({ one, within }: Seen): void {
    if (!within) before = one.entry.subject.id
    else if (activations.length < mostShown) activations.push(activationOf(one))
    else moreActivations += 1
  }

  function resume({ one, within }: Seen): void {
    const id = stringIn(one.entry.data, 'stop') ?? ''
    const stop = stops.get(id)
    if (!stop) return
    // What was over before the period is of another report.
    if (within) stops.set(id, { ...stop, resumed: { ref: refOf(one), by: one.entry.actor.id } })
    else stops.delete(id)
  }

  return {
    see(seen) {
      const { type, subject } = seen.one.entry
      if (type === 'policy.activated') activate(seen)
      if (type === 'policy.refused' && seen.within && refused.length < mostShown)
        refused.push({ ref: refOf(seen.one), digest: subject.id, why: whyOf(seen.one) })
      if (type === 'stop.made' && stops.size < mostShown) stops.set(subject.id, stopOf(seen.one))
      if (type === 'stop.resumed') resume(seen)
    },
    end: () => ({ before, activations, moreActivations, refused, stops: [...stops.values()] }),
  }
}

function whyOf({ entry: { data } }: Recorded): string {
  return stringIn(data, 'says') ?? stringIn(data, 'why') ?? ''
}

function activationOf(one: Recorded): Activation {
  const { data, subject, actor } = one.entry
  return {
    ref: refOf(one),
    name: stringIn(data, 'name'),
    digest: subject.id,
    before: stringIn(data, 'before'),
    by: stringIn(data, 'by') ?? actor.id,
    approvedBy: stringsIn(data, 'approved_by'),
    brokenGlass: stringIn(data, 'broken_glass'),
    parts: changedParts.flatMap(([path, what]) => partOf(what, data[path])),
  }
}

function partOf(what: ChangedPart['what'], value: Json | undefined): readonly ChangedPart[] {
  const count = Number(at(value, 'count') ?? 0)
  return count > 0 ? [{ what, count, names: stringsIn(value, 'names') }] : []
}

function stopOf(one: Recorded): StopFigure {
  const { data, actor } = one.entry
  return { ref: refOf(one), by: actor.id, scope: scopeIn(data), resumed: null }
}

/** `the agent nightly`, `actions that fit db.*`, `everything`. */
function scopeIn(data: Json): string {
  const scope = objectIn(data, 'scope')
  const kind = stringIn(scope, 'kind')
  if (kind === 'action') return `actions that fit ${stringIn(scope, 'pattern')}`
  if (kind === 'agent') return `the agent ${stringIn(data, 'name') ?? stringIn(scope, 'agent')}`
  return 'everything'
}
