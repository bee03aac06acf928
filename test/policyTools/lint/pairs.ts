import fc from 'fast-check'
import { stringify } from 'yaml'
import type { Ask } from '../../../src/policy/ask.ts'
import { bundleFiles } from '../../policy/files.ts'
import { duration, maybe, require, rule, some } from '../../policy/generated.ts'

type Rule = Record<string, unknown> & { readonly id: string }

/** Everything that a bundle says, as plain values: what its files are written from. */
export interface Model {
  readonly bundle: Readonly<Record<string, unknown>>
  readonly actions: Readonly<Record<string, unknown>>
  readonly resources: readonly unknown[]
  readonly rules: readonly Rule[]
}

const leaf = fc.constantFrom(
  'environment == "prod"',
  'environment != "dev"',
  'time.hour > 12',
  'time.hour > 20',
  '"night" in time.windows',
  'size(time.windows) > 0',
  'resource.sensitivity == "unknown"',
  'resource.sensitivity == "public"',
  'resource.sensitivity in ["restricted", "secret"]',
  'resource.id == "x"',
  'has(resource.region) && resource.region == "eu"',
  'size(resource.labels) > 0',
  'has(resource.labels.tier) && resource.labels.tier == "1"',
  'has(resource.owner)',
  'initiator.kind == "human"',
  'agent.owner.id == "lee"',
  'agent.name == "ab"',
  'agent.name.startsWith("a")',
  '"team:data" in agent.tags',
  'resources.target.sensitivity == "public"',
  'has(resources.target.region) && resources.target.region == "eu"',
)
const condition = fc.oneof(
  leaf,
  fc.tuple(leaf, leaf, fc.constantFrom('&&', '||')).map(([a, b, how]) => `(${a}) ${how} (${b})`),
  leaf.map((one) => `!(${one})`),
)
const judged = fc
  .record({ one: rule, when: maybe(condition), unless: maybe(condition), grounds: maybe(condition) })
  .map(({ one, when, unless, grounds }): Record<string, unknown> => {
    const { break_glass, ...rest } = one as Record<string, unknown> // one of several shapes
    const path = break_glass ? { break_glass: { ...break_glass, when: grounds } } : {}
    return { ...rest, ...path, when, unless }
  })
const named = (id: string) => judged.map((one): Rule => ({ ...one, id, description: 'A generated rule.' }))

const directory = fc.record({
  'group:platform': fc.constantFrom('S0PLAT', 'S0ELSE').map((id) => ({ slack_usergroup: id })),
  'group:security': fc.constantFrom('S0SEC', 'S0ELSE').map((id) => ({ slack_usergroup: id })),
  'group:data': fc.constantFrom('S0DATA', 'S0SEC').map((id) => ({ slack_usergroup: id })),
  'user:omar': fc.constant({ slack_user: 'U0OMAR' }),
  'channel:approvals': fc.constant({ slack_channel: 'C0APPR' }),
  'channel:security': fc.constant({ slack_channel: 'C0SEC' }),
})
const parts = {
  timezone: fc.constantFrom('Europe/Berlin', 'Asia/Tokyo'),
  unmatched: fc.record({
    known_action: fc.constantFrom('deny', 'require_approval'),
    unknown_action: fc.constantFrom('deny', 'require_approval'),
  }),
  defaults: require.map(({ confirm: _, ...asked }) => ({
    ...asked,
    approvals: asked.approvals ?? [{ name: 'platform', from: ['group:platform'], count: 1 }],
    expires_in: asked.expires_in ?? '1h',
    grant: asked.grant ?? { ttl: '3m' },
    notify: { channel: 'channel:approvals' },
  })),
  floor: maybe(
    fc.record({
      max_expires_in: maybe(duration),
      max_grant_ttl: maybe(duration),
      never_allow_effects: maybe(some('read', 'write', 'admin')),
    }),
  ),
  windows: fc.record({
    night: fc.constantFrom({ from: '22:00', to: '06:00' }, { from: '12:00', to: '18:00' }),
    other: maybe(fc.constant({ from: '13:00', to: '23:00' })),
  }),
  environments: maybe(fc.constantFrom(['prod', 'dev'], ['prod', 'dev', 'other'])),
  directory,
}
const paramsOf = {
  'db.export': fc.constantFrom({ table: 'string', rows: 'int' }, { table: 'string', rows: 'int?' }, 'open'),
  's3.copy': fc.constantFrom({ bucket: 'string' }, { bucket: 'string', key: 'string?' }),
  'iam.role.update': fc.constant({ role: 'string' }),
}
const actions = Object.keys(paramsOf) as (keyof typeof paramsOf)[] // its own keys
const effect = fc.constantFrom('read', 'write', 'admin')
/** As rules.ts generates matches for. */
const usual = { 'db.export': 'read', 's3.copy': 'write', 'iam.role.update': 'admin' }
const naming = { 'db.export': 'table', 's3.copy': 'bucket', 'iam.role.update': 'role' }
/** With another resource that a parameter names, where there is one to name it. */
const declared = (name: keyof typeof paramsOf, params: unknown, effect: string) => ({
  effect,
  params,
  ...(params !== 'open' && { resources: { target: { type: 't', from: `params.${naming[name]}` } } }),
})
const catalogue = fc
  .record(paramsOf)
  .map((all) => Object.fromEntries(actions.map((name) => [name, declared(name, all[name], usual[name])])))
const entry = fc.record({
  match: fc.constantFrom(
    { type: 't', id: 'x' },
    { type: 't', id: 'x*' },
    { type: '*', id: '*' },
    { type: 't', id: '*x' },
  ),
  sensitivity: fc.constantFrom('public', 'internal', 'restricted', 'secret'),
  owner: maybe(fc.constantFrom('user:omar', 'group:data')),
  environment: maybe(fc.constantFrom('prod', 'dev')),
  region: maybe(fc.constantFrom('eu', 'us')),
  labels: maybe(fc.constantFrom({ tier: '1' }, { tier: '2' }, {})),
})
const entries = fc.uniqueArray(entry, {
  minLength: 1,
  maxLength: 3,
  selector: ({ match }) => JSON.stringify(match),
})

const model: fc.Arbitrary<Model> = fc.record({
  bundle: fc.record(parts),
  actions: catalogue,
  resources: entries,
  rules: fc
    .tuple(maybe(named('r0')), maybe(named('r1')), maybe(named('r2')))
    .map((all) => all.flatMap((one) => one ?? [])),
})

/** One edit of what the operator says about resources. */
const factEdit: fc.Arbitrary<(from: Model) => Model> = fc.oneof(
  entries.map((resources) => (from: Model) => ({ ...from, resources })),
  entry.map((one) => (from: Model) => ({
    ...from,
    resources: from.resources.map((other, index) =>
      index === 0 ? { ...one, match: (other as { match: unknown }).match } : other,
    ),
  })),
)

/** One edit of a bundle: of a rule, of one property of a rule, of one part outside the rules. */
const edit: fc.Arbitrary<(from: Model) => Model> = fc.oneof(
  fc
    .nat(2)
    .map((nth) => (from: Model) => ({ ...from, rules: from.rules.filter((_, index) => index !== nth) })),
  named('r9').map((added) => (from: Model) => ({ ...from, rules: [...from.rules, added] })),
  {
    weight: 4,
    arbitrary: fc
      .record({
        nth: fc.nat(2),
        other: judged,
        name: fc.constantFrom(
          'match',
          'when',
          'unless',
          'mode',
          'require',
          'notify',
          'break_glass',
          'verdict',
          'all',
        ),
      })
      .map(({ nth, other, name }) => (from: Model) => ({
        ...from,
        rules: from.rules.map((one, index) => (index === nth ? edited(one, other, name) : one)),
      })),
  },
  fc
    .constantFrom(...(Object.keys(parts) as (keyof typeof parts)[])) // its own keys
    .chain((name) =>
      (parts[name] as fc.Arbitrary<unknown>).map((value) => (from: Model) => ({
        ...from,
        bundle: { ...from.bundle, [name]: value },
      })),
    ),
  fc
    .constantFrom(...actions)
    .chain((name) =>
      maybe(fc.record({ effect, params: paramsOf[name] as fc.Arbitrary<unknown> })).map((value) => ({
        name,
        value: value && declared(name, value.params, value.effect),
      })),
    )
    .map(({ name, value }) => (from: Model) => ({ ...from, actions: { ...from.actions, [name]: value } })),
  factEdit,
)

/** A bundle, and the same after one edit or two. */
export const pairs = fc
  .record({ base: model, edits: fc.array(edit, { minLength: 1, maxLength: 2 }) })
  .map(({ base, edits }) => ({ base, head: edits.reduce((from, one) => one(from), base) }))

/** A bundle, and the same with other facts about its resources. */
export const factPairs = fc
  .record({ base: model, edit: factEdit })
  .map(({ base, edit }) => ({ base, head: edit(base) }))

/** Another verdict takes what goes with it along: a denial has no legs, an allow no path. */
function edited(one: Rule, other: Record<string, unknown>, name: string): Rule {
  if (name === 'all') return { ...other, id: one.id, description: one.description }
  const next = {
    ...one,
    [name]: other[name],
    ...(name === 'verdict' && pick(other, ['override', 'break_glass', 'require', 'notify'])),
  }
  return next as Rule // it keeps its id
}

function pick(from: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, from[name]]))
}

/** The files of a bundle; the loader may still refuse them. */
export function filesOf({ bundle, actions, resources, rules }: Model): ReadonlyMap<string, string> {
  const head = { apiVersion: 'countersign/v1' }
  const yaml = (value: unknown): string =>
    stringify(JSON.parse(JSON.stringify(value)), { aliasDuplicateObjects: false })
  return bundleFiles({
    'bundle.yaml': yaml({ ...head, kind: 'Bundle', name: 'acme', ...bundle }),
    'actions.yaml': yaml({ ...head, kind: 'ActionCatalogue', actions }),
    'resources.yaml': yaml({ ...head, kind: 'ResourceInventory', resources }),
    'rules/a.yaml': yaml(rules),
  })
}

const asked: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  'db.export': [{ table: 't', rows: 1 }, { table: 't' }],
  's3.copy': [{ bucket: 'x' }, { bucket: 'b', key: 'k' }],
  'iam.role.update': [{ role: 'xyx' }],
}

const agents = [
  { id: 'agt_1', name: 'ab', tags: ['team:data'], known: true },
  { id: 'agt_2', name: 'axc', tags: [], known: false },
  { id: 'agt_3', name: 'cb', known: true },
]

/** Requests that between them meet most of what the conditions go by; nobody is known to stand behind half of them. */
export const asks: readonly Ask[] = Object.entries(asked).flatMap(([action, all]) =>
  all.flatMap((params) =>
    ['prod', 'dev', 'other'].flatMap((environment) =>
      ['x', 'xyx', 'z'].flatMap((id) =>
        ['2026-11-24T11:30:00Z', '2026-11-24T23:00:00Z'].flatMap((at) =>
          agents.map(
            ({ known, ...agent }): Ask => ({
              action: {
                action,
                resource: { type: 't', id },
                params: params as Ask['action']['params'],
                environment,
              }, // JSON
              agent: { ...agent, owner: known ? { id: 'lee' } : null },
              initiator: known ? { id: 'dana', kind: 'human' } : null,
              at,
            }),
          ),
        ),
      ),
    ),
  ),
)
