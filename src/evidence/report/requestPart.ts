import { stringIn, stringsIn } from '../facts.ts'
import type { Recorded } from '../recorded.ts'
import { byCount, byName, type Counter, counter, countersOf, mostInCell } from './counting.ts'
import { endingOf } from './ending.ts'
import { type ActionFigures, type Ending, endings, type RequestFigures } from './figures.ts'
import { overTime } from './overTime.ts'
import type { Part, Seen } from './part.ts'
import { decisionTimes } from './times.ts'

/** What is asked, and how it ends. Who waits at the end is known elsewhere. */
export function requestPart(period: {
  readonly since: string
  readonly until: string
}): Part<Omit<RequestFigures, 'waiting'>> {
  const asked = counter()
  const ended = countersOf(endings, 20)
  const bars = overTime(period)
  const actions = actionTable()
  const outcomes = byName(() => counter())
  const rules = byName(() => counter())
  const times = decisionTimes()

  function askedIn({ one, asked: what }: Seen): void {
    asked.add(one)
    actions.asked(what?.action ?? null, one)
  }

  function endedIn(ending: Ending, { one, asked: what }: Seen): void {
    ended.add(ending, one)
    bars.add(ending, one)
    actions.ended(what?.action ?? null, { ending, one })
    times.add(ending, { one, askedAt: what?.ref.at ?? null })
    if (ending !== 'denied' && ending !== 'refused' && ending !== 'expired') return
    outcomes.of(stringIn(one.entry.data, 'outcome') ?? one.entry.type)?.add(one)
    for (const rule of stringsIn(one.entry.data, 'rules')) rules.of(rule)?.add(one)
  }

  return {
    see(seen) {
      bars.begins(seen.one.entry.ts)
      if (!seen.within) return
      if (seen.one.entry.type === 'request.submitted') askedIn(seen)
      const ending = endingOf(seen.one.entry)
      if (ending) endedIn(ending, seen)
    },
    end: () => ({
      asked: asked.listed(),
      ended: ended.listed(),
      overTime: bars.end(),
      ...actions.end(),
      outcomes: counted(outcomes.all()),
      denyingRules: counted(rules.all()),
      times: times.end(),
    }),
  }
}

function counted(all: readonly (readonly [string, Counter])[]) {
  return all
    .map(([name, one]) => ({ name, entries: one.listed() }))
    .sort(byCount(({ entries }) => entries.count))
}

function actionTable() {
  const others = counter()
  const rows = byName(() => ({ asked: counter(mostInCell), ended: countersOf(endings) }))
  const rowOf = (action: string | null) => (action === null ? null : rows.of(action))
  return {
    asked(action: string | null, one: Recorded): void {
      const row = rowOf(action)
      if (row) row.asked.add(one)
      else others.add(one)
    },
    ended(action: string | null, { ending, one }: { readonly ending: Ending; readonly one: Recorded }): void {
      const row = rowOf(action)
      if (row) row.ended.add(ending, one)
      else others.add(one)
    },
    end(): Pick<RequestFigures, 'actions' | 'otherActions'> {
      const actions = rows
        .all()
        .map(([name, row]): ActionFigures => ({ name, asked: row.asked.listed(), ended: row.ended.listed() }))
        .sort(byCount(totalOf))
      return { actions, otherActions: others.listed() }
    },
  }
}

/** How often an action was asked or, when it was asked before the period, ended. */
function totalOf({ asked, ended }: ActionFigures): number {
  return Math.max(
    asked.count,
    endings.reduce((sum, ending) => sum + ended[ending].count, 0),
  )
}
