import { conditions } from '../../src/core/health.ts'
import { routes } from '../../src/http/routes.ts'
import { labelValues } from '../../src/metrics/labels.ts'
import { slackMethods, slackOutcomes } from '../../src/slack/outbound/endedCall.ts'
import { teamsMethods, teamsOutcomes } from '../../src/teams/outbound/watched.ts'
import type { Sample } from './page.ts'

type Values = readonly string[] | RegExp

const { decision, committed, done, answered, ...labels } = labelValues
const number = /^(\+Inf|[0-9.e+-]+)$/

/** Every label that a metric may have, and every value. What is not here is not allowed. */
export const allowedLabels: Readonly<Record<string, Readonly<Record<string, Values>>>> = {
  countersign_requests_total: { verdict: labels.verdict },
  countersign_request_states_total: { state: labels.state, by: labels.by },
  countersign_deviations_total: { kind: labels.kind },
  countersign_previews_total: { outcome: labels.preview },
  countersign_shadow_requests_total: { outcome: labels.shadow },
  countersign_decision_seconds: { outcome: decision, le: number },
  countersign_entries_total: { type: labels.type },
  countersign_jobs_total: { task: labels.task, outcome: done },
  countersign_job_seconds: { task: labels.task, le: number },
  countersign_jobs_due: { task: labels.task },
  countersign_jobs_late_seconds: { task: labels.task },
  countersign_jobs_dead: { task: labels.task },
  countersign_slack_calls_total: { method: [...slackMethods, 'other'], outcome: slackOutcomes },
  countersign_slack_deliveries_total: { secret: labels.secret },
  countersign_slack_call_seconds: { method: [...slackMethods, 'other'], le: number },
  countersign_teams_calls_total: { method: teamsMethods, outcome: teamsOutcomes },
  countersign_teams_deliveries_total: { outcome: labels.delivered },
  countersign_teams_call_seconds: { method: teamsMethods, le: number },
  countersign_http_calls_total: {
    method: ['GET', 'HEAD', 'POST', 'other'],
    route: [...routes.map(({ url }) => url), '/openapi.json', 'none'],
    status: /^[1-5]\d\d$/,
  },
  countersign_commit_seconds: { outcome: committed, le: number },
  countersign_statement_seconds: { outcome: answered, le: number },
  countersign_replicas: { policy: labels.policy },
  countersign_condition: { code: Object.keys(conditions) },
  // What Node says of itself, in the words of the library.
  nodejs_active_resources: { type: /^\w+$/ },
  nodejs_active_handles: { type: /^\w+$/ },
  nodejs_active_requests: { type: /^\w+$/ },
  nodejs_gc_duration_seconds: { kind: ['major', 'minor', 'incremental', 'weakcb'], le: number },
  nodejs_heap_space_size_total_bytes: { space: /^\w+$/ },
  nodejs_heap_space_size_used_bytes: { space: /^\w+$/ },
  nodejs_heap_space_size_available_bytes: { space: /^\w+$/ },
  nodejs_version_info: { version: [process.version], major: /^\d+$/, minor: /^\d+$/, patch: /^\d+$/ },
}

/** The metric that a sample belongs to: a histogram has three names more. */
export const metricOf = (name: string) =>
  name in allowedLabels ? name : name.replace(/_(bucket|sum|count)$/, '')

/** What a page says that no label may say, as `metric{label="value"}`. */
export function forbiddenIn(samples: readonly Sample[]): readonly string[] {
  return samples.flatMap(({ name, labels: found }) =>
    Object.entries(found)
      .filter(([label, value]) => !allows(allowedLabels[metricOf(name)]?.[label], value))
      .map(([label, value]) => `${name}{${label}="${value}"}`),
  )
}

function allows(values: Values | undefined, value: string): boolean {
  if (values === undefined) return false
  return values instanceof RegExp ? values.test(value) : values.includes(value)
}
