import { setTimeout as delay } from 'node:timers/promises'
import { collectDefaultMetrics } from 'prom-client'
import type { Store } from '../approvals/ports.ts'
import type { ShadowTotals } from '../approvals/shadow/records.ts'
import { countCommits } from './commits.ts'
import { type Glance, showGlance } from './glance.ts'
import { createInstruments, type Instruments } from './instruments.ts'
import { knownOr, labelValues } from './labels.ts'

/** What is counted and timed, in words of its own: nobody else knows the library. */
export interface Metrics {
  /** The same store, with its commits counted. */
  counted(store: Store): Store
  statementEnded(statement: { readonly seconds: number; readonly failed: boolean }): void
  slackCallEnded(call: { readonly method: string; readonly outcome: string; readonly seconds: number }): void
  teamsCallEnded(call: { readonly method: string; readonly outcome: string; readonly seconds: number }): void
  /** Something was delivered as Teams': believed or not, or its answer never left. */
  teamsDelivered(outcome: 'taken' | 'refused' | 'failed'): void
  slackSignedWith(secret: 'current' | 'previous'): void
  shadowJudged(outcome: keyof ShadowTotals, count: number): void
  jobEnded(job: { readonly task: string; readonly failed: boolean; readonly seconds: number }): void
  httpCallEnded(call: { readonly method: string; readonly route: string; readonly status: number }): void
  /** The page that is scraped; `look` finds out how things stand. Scrapes at the same moment share one look. */
  page(look: () => Promise<Glance>): MetricsPage
}

interface MetricsPage {
  readonly contentType: string
  readonly text: () => Promise<string>
}

export function createMetrics(): Metrics {
  const count = createInstruments()
  beginAtZero(count)
  return {
    counted: (store) => countCommits(store, count),
    statementEnded: ({ seconds, failed }) =>
      count.statementSeconds.observe({ outcome: failed ? 'failed' : 'answered' }, seconds),
    slackCallEnded({ method, outcome, seconds }) {
      count.slackCalls.inc({ method, outcome })
      count.slackSeconds.observe({ method }, seconds)
    },
    teamsCallEnded({ method, outcome, seconds }) {
      count.teamsCalls.inc({ method, outcome })
      count.teamsSeconds.observe({ method }, seconds)
    },
    teamsDelivered: (outcome) => count.teamsDeliveries.inc({ outcome }),
    slackSignedWith: (secret) => count.slackDeliveries.inc({ secret }),
    shadowJudged: (outcome, requests) => count.shadow.inc({ outcome }, requests),
    jobEnded({ task: name, failed, seconds }) {
      const task = knownOr(name, labelValues.task)
      count.jobs.inc({ task, outcome: failed ? 'failed' : 'done' })
      count.jobSeconds.observe({ task }, seconds)
    },
    httpCallEnded: ({ method, route, status }) => count.httpCalls.inc({ method, route, status }),
    page: (look) => pageOf(count, look),
  }
}

function pageOf(count: Instruments, look: () => Promise<Glance>): MetricsPage {
  const { register } = count
  let isFirst = true
  let scrape: Promise<string> | null = null
  const read = async () => {
    if (isFirst) await beginProcessMetrics(count)
    isFirst = false
    showGlance(count, await look())
    return register.metrics()
  }
  return {
    contentType: register.contentType,
    text() {
      scrape ??= read().finally(() => {
        scrape = null
      })
      return scrape
    },
  }
}

/** Milliseconds. The library measures the event loop every ten, and says nonsense before it has once. */
const firstMeasurementMs = 50

/** It measures with a timer that never ends: a process that nobody scrapes does without. */
async function beginProcessMetrics({ register }: Instruments): Promise<void> {
  collectDefaultMetrics({ register })
  await delay(firstMeasurementMs)
}

/** Who brings requests where. */
const usualStates = [
  ['pending', 'agent'],
  ['approved', 'policy'],
  ['approved', 'person'],
  ['denied', 'policy'],
  ['denied', 'person'],
  ['expired', 'system'],
  ['cancelled', 'agent'],
  ['cancelled', 'system'],
  ['succeeded', 'agent'],
  ['succeeded', 'resource'],
  ['failed', 'agent'],
  ['failed', 'resource'],
] as const

/** A counter that appears with its first count shows no rise, so that what happens for the first time would be missed. */
function beginAtZero(count: Instruments): void {
  for (const verdict of labelValues.verdict) count.requests.inc({ verdict }, 0)
  for (const [state, by] of usualStates) count.states.inc({ state, by }, 0)
  for (const outcome of labelValues.shadow) count.shadow.inc({ outcome }, 0)
  for (const secret of labelValues.secret) count.slackDeliveries.inc({ secret }, 0)
  for (const outcome of labelValues.delivered) count.teamsDeliveries.inc({ outcome }, 0)
  for (const kind of labelValues.kind) count.deviations.inc({ kind }, 0)
  for (const outcome of labelValues.preview) count.previews.inc({ outcome }, 0)
  for (const type of labelValues.type) count.entries.inc({ type }, 0)
  for (const task of labelValues.task)
    for (const outcome of labelValues.done) count.jobs.inc({ task, outcome }, 0)
  for (const outcome of labelValues.decision) count.decisionSeconds.zero({ outcome })
  for (const outcome of labelValues.committed) count.commitSeconds.zero({ outcome })
  for (const outcome of labelValues.answered) count.statementSeconds.zero({ outcome })
}
