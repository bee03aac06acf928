import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Seconds. What people take, from a click at once to the next morning. */
const humanSeconds = [5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400, 43_200, 86_400]
/** Seconds. What a database takes. */
const databaseSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** Seconds. What Slack, and work that waits for it, take. */
const networkSeconds = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export type Instruments = ReturnType<typeof createInstruments>

/**
 * Everything that is measured, in a registry of its own. docs/metrics.md says what each means, and a test compares the
 * two; labels.ts says what their labels may say.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one table, a line for each metric
export function createInstruments() {
  const register = new Registry()
  const named = <L extends string>(name: string, help: string, labels: readonly L[]) => ({
    name: `countersign_${name}`,
    help,
    labelNames: labels,
    registers: [register],
  })
  const counter = <L extends string = never>(name: string, help: string, labels: readonly L[] = []) =>
    new Counter(named(name, help, labels))
  const gauge = <L extends string = never>(name: string, help: string, labels: readonly L[] = []) =>
    new Gauge(named(name, help, labels))
  const histogram = <L extends string = never>(
    name: string,
    help: string,
    { labels = [], buckets }: { readonly labels?: readonly L[]; readonly buckets: number[] },
  ) => new Histogram({ ...named(name, help, labels), buckets })

  return {
    register,
    requests: counter('requests_total', 'Requests that were submitted, by what policy said.', ['verdict']),
    ownerless: counter(
      'requests_owner_left_total',
      'Requests that were submitted by agents whose owner had left.',
    ),
    shadow: counter(
      'shadow_requests_total',
      'Requests that came while a bundle judged beside the active one, by what that made of them.',
      ['outcome'],
    ),
    states: counter('request_states_total', 'Requests that reached a state, and who brought them there.', [
      'state',
      'by',
    ]),
    deviations: counter(
      'deviations_total',
      'Reports by which something was not done as approved, by how it differed.',
      ['kind'],
    ),
    previews: counter(
      'previews_total',
      'Requests of which a target was asked what they would touch, by what came of it.',
      ['outcome'],
    ),
    entries: counter('entries_total', 'Entries written to the ledger, by type.', ['type']),
    decisionSeconds: histogram(
      'decision_seconds',
      'From submission to the decision, of requests that people settled.',
      {
        labels: ['outcome'],
        buckets: humanSeconds,
      },
    ),
    waiting: gauge('requests_waiting', 'Requests that wait for people now.'),
    overdue: gauge('requests_overdue', 'Requests that still wait a minute after their deadline.'),
    oldest: gauge('oldest_request_seconds', 'Age of the oldest request that waits; 0 when none does.'),
    keysExpiring: gauge('agent_keys_expiring', 'Keys of agents that work now and end within seven days.'),
    stops: gauge('stops', 'Stops that hold now: agents, actions or everything.'),
    ledgerSealed: gauge('ledger_sealed_entries', 'Entries that have their place in the tree of the ledger.'),
    ledgerWaiting: gauge(
      'ledger_waiting_entries',
      'Entries that are recorded and wait for their place in the tree.',
    ),
    streamLag: gauge(
      'stream_lag_entries',
      'Entries that the stream which is furthest behind has still to send.',
    ),
    anchoredAge: gauge(
      'anchored_age_seconds',
      'How long ago the anchor took a checkpoint that has waited longest for one.',
    ),
    jobs: counter('jobs_total', 'Jobs that this replica ran, by how they ended.', ['task', 'outcome']),
    jobSeconds: histogram('job_seconds', 'How long jobs took that this replica ran.', {
      labels: ['task'],
      buckets: networkSeconds,
    }),
    jobsDue: gauge('jobs_due', 'Jobs that are due and that no worker is running.', ['task']),
    jobsLate: gauge('jobs_late_seconds', 'How long the longest due of these jobs has been due.', ['task']),
    jobsDead: gauge('jobs_dead', 'Jobs that failed for good and will not be tried again.', ['task']),
    slackCalls: counter('slack_calls_total', "Calls to Slack with the bot's token, by how they ended.", [
      'method',
      'outcome',
    ]),
    slackDeliveries: counter(
      'slack_deliveries_total',
      'Deliveries of Slack over HTTP, by the signing secret that they were signed with.',
      ['secret'],
    ),
    slackSeconds: histogram('slack_call_seconds', 'How long calls to Slack took, whatever their outcome.', {
      labels: ['method'],
      buckets: networkSeconds,
    }),
    teamsCalls: counter(
      'teams_calls_total',
      'Calls by which people are told something in Teams, by how they ended.',
      ['method', 'outcome'],
    ),
    teamsDeliveries: counter(
      'teams_deliveries_total',
      "What was delivered as Teams', by whether it was believed.",
      ['outcome'],
    ),
    teamsSeconds: histogram('teams_call_seconds', 'How long calls to Teams took, whatever their outcome.', {
      labels: ['method'],
      buckets: networkSeconds,
    }),
    httpCalls: counter('http_calls_total', "Calls to the API that were answered, by the route's template.", [
      'method',
      'route',
      'status',
    ]),
    commitSeconds: histogram('commit_seconds', 'From submitting a change to its answer, including waiting.', {
      labels: ['outcome'],
      buckets: databaseSeconds,
    }),
    statementSeconds: histogram('statement_seconds', 'How long statements to the database took.', {
      labels: ['outcome'],
      buckets: databaseSeconds,
    }),
    policyAge: gauge('policy_age_seconds', 'Time since the active policy was activated.'),
    policyConfirmedAge: gauge(
      'policy_confirmed_age_seconds',
      'Time since this replica last saw in the database which policy is active.',
    ),
    policyConfirmed: gauge(
      'policy_confirmed',
      '1 when this replica judges by the active policy and has confirmed recently that it is, else 0.',
    ),
    replicas: gauge(
      'replicas',
      'Replicas that were heard from in the last ten seconds, by what they judge by.',
      ['policy'],
    ),
    condition: gauge('condition', '1 for what is wrong with this replica now, else 0, by its code.', [
      'code',
    ]),
    ready: gauge('ready', '1 when this replica is ready, as /readyz says, else 0.'),
  }
}
