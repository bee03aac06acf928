import { type Edge, emptyEdge, grown, rootOf } from '../../ledger/edge.ts'
import type { EntryType } from '../../ledger/entry.ts'
import { leafHash } from '../../ledger/hashes.ts'
import { type IndexRange, isIn, type Recorded, type Span } from '../recorded.ts'
import { agentPart } from './agentPart.ts'
import { rememberAsked } from './asked.ts'
import { attemptPart } from './attemptPart.ts'
import { changePart } from './changePart.ts'
import { byCount, byName, counter } from './counting.ts'
import { donePart } from './donePart.ts'
import { emergencyPart } from './emergencyPart.ts'
import type { Figures, LedgerFigures, ReportPeriod } from './figures.ts'
import { peoplePart } from './peoplePart.ts'
import { recordPart } from './recordPart.ts'
import { requestPart } from './requestPart.ts'

/** What a report is about. */
export interface ReportScope {
  /** The name of the ledger. */
  readonly origin: string
  readonly period: ReportPeriod
  /** The entries of the period. */
  readonly range: IndexRange
  /** Whose times count, of these. */
  readonly span: Span
}

/**
 * Begins the figures of a report. `page` wants every entry of the ledger in order, from index 0 up to the end of the range: what came
 * before the period says who owns an agent, what was waiting, and what the root of the tree is. Nothing of an entry is kept but what
 * is listed: for each figure its first 20 entries (8 in a cell), 300 names of actions, people, rules and codes, 1,000 agents, and what
 * was asked by up to 100,000 requests that wait and the last 50,000 that are over. That is under 100 MB, however long the ledger is.
 *
 * @throws RangeError when an entry is missing or comes twice
 */
export function beginFigures({ origin, period, range, span }: ReportScope) {
  const parts = partsOf(period)
  const types = typeTable()
  const asked = rememberAsked()
  let edge: Edge = emptyEdge

  function see(one: Recorded): void {
    // From after the period, though it stands before the last one of it.
    if (!isIn({ ...span, since: null }, one.entry)) return
    const within = one.index >= range.from && isIn(span, one.entry)
    if (within) types.add(one)
    const seen = { one, within, asked: asked.of(one) }
    for (const part of Object.values(parts)) part.see(seen)
  }

  return {
    page(page: readonly Recorded[]): void {
      const gap = page.find(({ index }, nth) => index !== edge.size + nth)
      if (gap) throw new RangeError(`the entry at index ${gap.index} is not the next one`)
      const leaves = page.map(({ leaf }) => leafHash(Buffer.from(leaf)))
      edge = grown(edge, leaves).edge
      for (const one of page) see(one)
    },
    end(): Figures {
      if (edge.size !== range.to) throw new RangeError(`${edge.size} entries came, and not ${range.to}`)
      const root = rootOf(edge).toString('base64')
      const waiting = counter()
      for (const { ref } of asked.waiting()) waiting.add(ref)
      const { until } = period
      return {
        period,
        ledger: { origin, range, root, types: types.end() },
        requests: { ...parts.requests.end(until), waiting: waiting.listed() },
        people: parts.people.end(until),
        attempts: parts.attempts.end(until),
        emergencies: parts.emergencies.end(until),
        done: parts.done.end(until),
        agents: parts.agents.end(until),
        changes: parts.changes.end(until),
        record: parts.record.end(until),
      }
    },
  }
}

function partsOf(period: ReportPeriod) {
  return {
    requests: requestPart(period),
    people: peoplePart(),
    attempts: attemptPart(),
    emergencies: emergencyPart(),
    done: donePart(),
    agents: agentPart(),
    changes: changePart(),
    record: recordPart(),
  }
}

function typeTable() {
  const types = byName(() => counter())
  return {
    add: (one: Recorded): void => types.of(one.entry.type)?.add(one),
    end: (): LedgerFigures['types'] =>
      types
        .all()
        .map(([name, entries]) => ({ name: name as EntryType, entries: entries.listed() })) // as `add` named it
        .sort(byCount(({ entries }) => entries.count))
        .map(({ name, entries }) => ({ type: name, entries })),
  }
}
