import fc from 'fast-check'

/** One or two of them. */
export const some = <T>(...values: readonly T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 })
/** Or nothing. */
export const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
/** As policy writes it. */
export const duration = fc.constantFrom('30s', '5m', '20m', '1h', '2d')

/** One leg. */
const leg = fc.record({
  name: fc.constantFrom('a', 'b'),
  from: some('owner', 'group:data', 'group:security', 'user:omar'),
  count: fc.integer({ min: 1, max: 3 }),
})
/** What a rule may ask for. */
export const require = fc.record({
  approvals: maybe(leg.map((one) => [one])),
  expires_in: maybe(duration),
  deny_count: maybe(fc.integer({ min: 1, max: 3 })),
  grant: maybe(duration.map((ttl) => ({ ttl }))),
  reason: maybe(fc.constantFrom({ min_length: 10 }, { min_length: 30, pattern: '^CHG' }, { pattern: 'x' })),
  confirm: maybe(fc.constantFrom('resource.id', 'environment').map((value) => ({ type: 'typed', value }))),
  step_up: maybe(fc.constant('passkey')),
  via: maybe(fc.constantFrom(['card'], ['card', 'api'], ['api', 'thread', 'card'])),
})
/** Some of them cannot be evaluated. */
const condition = maybe(
  fc.constantFrom(
    'environment == "prod"',
    'time.hour > 20',
    'initiator.id == "x"', // nobody is known here, so this cannot be evaluated
    'has(request.reason) || resource.sensitivity == "unknown"',
  ),
)
/** A whole emergency path. */
const path = fc.record({
  who: some('group:data', 'group:security', 'user:omar'),
  reason: fc.constantFrom({ min_length: 10 }, { min_length: 30, pattern: '^INC' }),
  grant: duration.map((ttl) => ({ ttl })),
  notify: fc.constant(['channel:security']),
  review_within: duration,
})
/** What a rule may match, so that it fits some action. */
const match = fc
  .record({
    actions: maybe(some('*', 'db.*', 'db.export', 's3.copy', 'iam.role.update')),
    environments: maybe(some('prod', 'dev')),
    agents: maybe(some('ab', 'a*', '*b', 'a*c')),
    effects: maybe(some('read', 'write', 'admin')),
  })
  .filter(({ actions, environments, effects }) => {
    const names = actions ?? ['*']
    const reach = {
      read: ['*', 'db.*', 'db.export'],
      write: ['*', 's3.copy'],
      admin: ['*', 'iam.role.update'],
    }
    const reaches = (effect: string) =>
      names.some((name) => Object.entries(reach).some(([e, all]) => e === effect && all.includes(name)))
    return (
      (actions ?? environments ?? effects) !== undefined &&
      (effects ?? ['read', 'write', 'admin']).some(reaches)
    )
  })
/** A rule but for its id and description, that the loader accepts with the small bundle of files.ts. */
export const rule = fc
  .record({
    match,
    verdict: fc.constantFrom('allow', 'require_approval', 'deny'),
    require,
    notify: fc.record({
      remind: maybe(duration.map((one) => [one])),
      escalate: maybe(fc.constantFrom('group:data', 'group:platform').map((to) => [{ after: '10s', to }])),
    }),
    when: condition,
    unless: condition,
    mode: maybe(fc.constantFrom('enforce', 'observe')),
    break_glass: maybe(path),
  })
  .map(({ require, notify, break_glass, ...rule }) => {
    if (rule.verdict === 'require_approval') return { ...rule, require, notify, break_glass }
    if (rule.verdict === 'allow' || break_glass === undefined) return rule
    return { ...rule, override: 'break_glass', break_glass }
  })
/** A few rules, `r0` and so on. */
export const rules = fc
  .array(rule, { maxLength: 6 })
  .map((all) => all.map((one, n) => ({ id: `r${n}`, description: 'd', ...one })))
/** Parameters that fit the small catalogue. */
export const params = {
  'db.export': { table: 't', rows: 1 },
  's3.copy': { bucket: 'b' },
  'iam.role.update': { role: 'r' },
} as const
/** What a request may be about. */
export const actions = fc.record({
  action: fc.constantFrom('db.export', 's3.copy', 'iam.role.update'),
  environment: fc.constantFrom('prod', 'dev', 'other'),
})
