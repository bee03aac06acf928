import type { Entry } from '../../ledger/entry.ts'
import { stringIn, stringsIn } from '../facts.ts'
import { countersOf, mostListed, refOf } from './counting.ts'
import type { DeviationFigures, DoneFigures, RollbackFigures } from './figures.ts'
import type { Part, Seen } from './part.ts'

/** Deviations and rollbacks that are shown one by one, each. */
const mostShown = 50

const kinds = [
  'issued',
  'redeemed',
  'succeeded',
  'failed',
  'unreported',
  'lapsed',
  'revoked',
  'deviated',
  'rollbacks',
] as const

/** What became of approvals: grants, what was reported, what differed, what was undone. */
export function donePart(): Part<DoneFigures> {
  const counted = countersOf(kinds, mostListed)
  const deviations: DeviationFigures[] = []
  const rollbacks = new Map<string, RollbackFigures>()

  function roll(seen: Seen): void {
    const { request, type } = seen.one.entry
    const begun = rollbacks.get(request ?? '')
    if (begun && request !== null && (type.startsWith('request.') || type.startsWith('execution.')))
      rollbacks.set(request, { ...begun, last: type })
    else if (kindOf(seen.one.entry) === 'rollbacks' && request !== null && rollbacks.size < mostShown)
      rollbacks.set(request, rollbackOf(seen))
  }

  return {
    see(seen) {
      if (!seen.within) return
      const kind = kindOf(seen.one.entry)
      if (kind) counted.add(kind, seen.one)
      if (kind === 'deviated' && deviations.length < mostShown) deviations.push(deviationOf(seen))
      roll(seen)
    },
    end: () => ({ ...counted.listed(), deviations, rollbackList: [...rollbacks.values()] }),
  }
}

function kindOf({ type, data }: Entry): (typeof kinds)[number] | null {
  if (type === 'execution.reported') {
    const to = data.moved_to
    return to === 'succeeded' || to === 'failed' ? to : null
  }
  if (type === 'request.submitted') return stringIn(data, 'rolls_back') === null ? null : 'rollbacks'
  return kindsByType[type] ?? null
}

const kindsByType: Readonly<Partial<Record<Entry['type'], (typeof kinds)[number]>>> = {
  'grant.issued': 'issued',
  'grant.redeemed': 'redeemed',
  'request.unreported': 'unreported',
  'request.lapsed': 'lapsed',
  'request.revoked': 'revoked',
  'execution.deviated': 'deviated',
}

function deviationOf({ one, asked }: Seen): DeviationFigures {
  const { data, subject } = one.entry
  return {
    ref: refOf(one),
    agent: subject.id,
    action: asked?.action ?? null,
    kinds: stringsIn(data, 'kinds'),
    pointers: stringsIn(data, 'pointers'),
    count: Number(data.deviations),
  }
}

function rollbackOf({ one, asked }: Seen): RollbackFigures {
  const { data, type } = one.entry
  return {
    ref: refOf(one),
    undoes: stringIn(data, 'rolls_back') ?? '',
    action: asked?.action ?? '',
    last: type,
  }
}
