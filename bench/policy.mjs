/**
 * How fast policy decides: `npm run build && npm run bench -- policy`. Prints a table: whole verdicts a second and their
 * p50 and p99 at 1, 50 and 500 rules over 50 actions, with every rule on one action (as many as the limits let), the
 * time to load, and the slowest condition that is accepted.
 */
import { evaluate } from '../dist/policy/evaluate.js'
import { loadBundle } from '../dist/policy/load.js'

const bundleYaml = `apiVersion: countersign/v1
kind: Bundle
name: bench
timezone: Europe/Berlin
unmatched: {known_action: require_approval, unknown_action: deny}
defaults:
  approvals: [{name: platform, from: [group:platform], count: 1}]
  expires_in: 1h
  grant: {ttl: 15m}
  notify: {channel: channel:approvals}
windows: {night: {from: "22:00", to: "06:00"}}
directory:
  group:platform: {slack_usergroup: S0PLAT}
  channel:approvals: {slack_channel: C0APPR}
`
const params = '{table: string, rows: int, columns: {list: string}, destination: string, note: string?}'
const conditions = [
  'params.rows > 1000 && params.destination.startsWith("s3://acme-")',
  'params.rows >= 100000 || params.columns.exists(c, c in ["email", "ssn", "iban"])',
  'resource.sensitivity in ["restricted", "secret"] && "night" in time.windows',
  'has(params.note) && params.note.matches("^(CHG|INC)-[0-9]+")',
  'environment == "prod" && !(initiator.email.endsWith("@acme.test"))',
]
// Real bundles do not repeat themselves: here no two rules of an action have the same condition.
const different = (n) => `(${conditions[(n + Math.floor(n / 50)) % 5]}) && params.table != "t${n}"`
const verdicts = ['allow', 'require_approval', 'require_approval', 'allow', 'deny']

function files(rules, actions, when = (n) => conditions[n % conditions.length]) {
  const list = Array.from({ length: rules }, (_, n) => ({
    id: `r${n}`,
    description: 'A rule.',
    match: { actions: [`action.a${n % actions}`] },
    when: when(n),
    verdict: verdicts[n % verdicts.length],
  }))
  const catalogue = Array.from(
    { length: actions },
    (_, n) => `  action.a${n}: {effect: read, params: ${params}}\n`,
  )
  return new Map([
    ['bundle.yaml', bundleYaml],
    ['actions.yaml', `apiVersion: countersign/v1\nkind: ActionCatalogue\nactions:\n${catalogue.join('')}`],
    ['rules/all.yaml', JSON.stringify(list)], // JSON is YAML
  ])
}

function load(of) {
  const loaded = loadBundle(of)
  if (!loaded.ok) throw new Error(loaded.problems.map(({ code, message }) => `${code} ${message}`).join('\n'))
  return loaded.bundle
}

function asks(actions) {
  return Array.from({ length: 1_000 }, (_, n) => ({
    action: {
      action: `action.a${n % actions}`,
      resource: { type: 'table', id: `t${n % 17}` },
      params: {
        table: 'users',
        rows: n * 37,
        columns: ['id', 'name', n % 9 === 0 ? 'email' : 'plan'],
        destination: 's3://acme-lake-in/x',
        ...(n % 3 === 0 && { note: 'CHG-123' }),
      },
      environment: n % 2 === 0 ? 'prod' : 'staging',
    },
    agent: {
      id: 'agt_1',
      name: 'bot',
      model: 'm',
      owner: { id: 'per_1', email: 'lee@acme.test', groups: ['eng'] },
    },
    initiator: { id: 'per_2', email: 'alice@acme.test', groups: ['eng'], kind: 'human' },
    request: { reason: 'Because', source: 'api' },
    at: new Date(Date.UTC(2026, 10, 24, 13, 0, n % 60)).toISOString(),
  }))
}

function measure(bundle, actions, milliseconds = 2_000) {
  const all = asks(actions)
  for (const ask of all) evaluate(bundle, ask) // warm up
  const took = []
  const start = performance.now()
  for (let n = 0; performance.now() - start < milliseconds; n += 1) {
    const before = process.hrtime.bigint()
    evaluate(bundle, all[n % all.length])
    took.push(Number(process.hrtime.bigint() - before) / 1_000)
  }
  const total = performance.now() - start
  took.sort((left, right) => left - right)
  const at = (share) => took[Math.floor(took.length * share)].toFixed(1)
  return { perSecond: Math.round((took.length / total) * 1_000), p50: at(0.5), p99: at(0.99) }
}

function row(name, { perSecond, p50, p99 }) {
  console.log(`${name.padEnd(36)}${String(perSecond).padStart(10)}${p50.padStart(10)}${p99.padStart(10)}`)
}

console.log(
  `${'verdicts'.padEnd(36)}${'a second'.padStart(10)}${'p50 µs'.padStart(10)}${'p99 µs'.padStart(10)}`,
)
row('1 rule, 1 action', measure(load(files(1, 1)), 1))
row('50 rules, 50 actions', measure(load(files(50, 50)), 50))
row('500 rules, 50 actions', measure(load(files(500, 50)), 50))
row('500 rules, 50 actions, none alike', measure(load(files(500, 50, different)), 50))
row('200 rules on 1 action (the limit)', measure(load(files(200, 1)), 1))

const big = files(500, 50)
load(big)
const start = performance.now()
load(big)
console.log(
  `\n${'load and check 500 rules'.padEnd(36)}${`${(performance.now() - start).toFixed(0)} ms`.padStart(10)}`,
)

const body = Array.from({ length: 13 }, (_, n) => `x == "${n}"`).join(' || ')
const worst = Array.from({ length: 2 }, () => `params.columns.exists(x, ${body})`).join(' || ')
const heavy = load(files(1, 1, () => worst))
const [ask] = asks(1)
const columns = Array.from({ length: 1_000 }, () => 'a'.repeat(200))
const largest = { ...ask, action: { ...ask.action, params: { ...ask.action.params, columns } } }
const times = Array.from({ length: 20 }, () => {
  const before = performance.now()
  evaluate(heavy, largest)
  return performance.now() - before
}).sort((left, right) => left - right)
console.log(`${'the worst permitted condition'.padEnd(36)}${`${times[10].toFixed(1)} ms`.padStart(10)}`)
