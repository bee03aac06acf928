// Bundles of the size and the kind that people have, and requests for them.
import { evaluate } from '../../src/policy/evaluate.ts'
import { loadBundle } from '../../src/policy/load.ts'

export { evaluate }

export type Bundle = ReturnType<typeof load>
export type Ask = Parameters<typeof evaluate>[1]

const bundleYaml = `apiVersion: countersign/v1
kind: Bundle
name: bench
timezone: Europe/Berlin
unmatched: {known_action: require_approval, unknown_action: deny}
defaults:
  approvals: [{name: platform, from: [group:platform], count: 1}]
  expires_in: 1h
  grant: {ttl: 3m}
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
export const differentConditions = (n: number) =>
  `(${conditions[(n + Math.floor(n / 50)) % 5]}) && params.table != "t${n}"`
const verdicts = ['allow', 'require_approval', 'require_approval', 'allow', 'deny']

export function rulesFor(
  rules: number,
  actions: number,
  when: (n: number) => string | undefined = (n) => conditions[n % conditions.length],
): ReadonlyMap<string, string> {
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

/** @throws Error with every problem of the bundle */
export function load(of: ReadonlyMap<string, string>) {
  const loaded = loadBundle(of)
  if (!loaded.ok) throw new Error(loaded.problems.map(({ code, message }) => `${code} ${message}`).join('\n'))
  return loaded.bundle
}

/** Who asks, and why. */
export const somebody = {
  agent: {
    id: 'agt_1',
    name: 'bot',
    model: 'm',
    owner: { id: 'per_1', email: 'lee@acme.test', groups: ['eng'] },
  },
  initiator: { id: 'per_2', email: 'alice@acme.test', groups: ['eng'], kind: 'human' },
  request: { reason: 'Because', source: 'api' },
} as const satisfies Partial<Ask>

export function asks(actions: number): readonly Ask[] {
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
    ...somebody,
    at: new Date(Date.UTC(2026, 10, 24, 13, 0, n % 60)).toISOString(),
  }))
}

/** The slowest condition that is accepted, and a request that it takes longest for. */
export function worstCondition(): { readonly bundle: Bundle; readonly ask: Ask } {
  const body = Array.from({ length: 13 }, (_, n) => `x == "${n}"`).join(' || ')
  const worst = Array.from({ length: 2 }, () => `params.columns.exists(x, ${body})`).join(' || ')
  const bundle = load(rulesFor(1, 1, () => worst))
  const [ask] = asks(1)
  if (!ask) throw new Error('there is no request')
  const columns = Array.from({ length: 1_000 }, () => 'a'.repeat(200))
  return { bundle, ask: { ...ask, action: { ...ask.action, params: { ...ask.action.params, columns } } } }
}
