import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPlan } from '../../../../src/policy/readers/terraform/planReader.ts'

const file = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
const facts = (text: string) => {
  const reading = readPlan(text)
  return reading.understood ? reading.facts : { why: reading.why }
}
const why = (text: string) => facts(text).why

interface Resource {
  readonly address: string
  readonly actions?: readonly unknown[]
  readonly [key: string]: unknown
}

const resource = ({ address, actions = ['create'], change = {}, ...more }: Resource) => {
  const parts = address.split('.')
  const mode = parts.includes('data') ? 'data' : 'managed'
  return { address, mode, type: parts.at(-2), change: { actions, ...(change as object) }, ...more }
}
const plan = (resources: readonly Resource[], more: object = {}) =>
  JSON.stringify({ format_version: '1.2', resource_changes: resources.map(resource), ...more })

describe('a plan', () => {
  test('of Terraform, cut as the page of the policy says, is counted by what happens to each resource', () => {
    expect(facts(file('planCut.json'))).toEqual({
      format_version: '1.2',
      complete: true,
      applyable: true,
      errored: false,
      creates: 0,
      updates: 0,
      replaces: 1,
      destroys: 1,
      forgets: 2,
      reads: 0,
      no_ops: 1,
      moves: 1,
      imports: 0,
      created: [],
      updated: [],
      replaced: ['module.m.terraform_data.c[0]'],
      destroyed: ['module.m.terraform_data.c[1]'],
      forgotten: ['terraform_data.b["x"]', 'terraform_data.b["y.z"]'],
      types: ['terraform_data'],
      destroyed_types: ['terraform_data'],
      modules: ['module.m'],
      provisioners: ['local-exec'],
    })
  })

  test('is cut by the program that the page of the policy shows', () => {
    const [, program = ''] = /jq -c '\n([^']*)'/.exec(readFileSync('docs/policy.md', 'utf8')) ?? []
    const words = (text: string) => text.replace(/\s+/g, '')

    expect(words(program)).toBe(words(file('cut.jq')))
  })

  test('that was not cut is not understood, and the sentence says how to cut it', () => {
    expect(why(file('plan.json'))).toMatch(/It still has values \(`variables` in the plan\): cut it with jq/)
    for (const key of ['before', 'after', 'after_unknown', 'before_sensitive', 'after_sensitive'])
      expect(why(plan([{ address: 'a.b', change: { [key]: null } }])), key).toContain('still has values')
    for (const key of ['planned_values', 'prior_state', 'configuration', 'output_changes'])
      expect(why(plan([], { [key]: {} })), key).toContain('still has values')
  })

  test('of OpenTofu, and of an older Terraform, says less: what it does not say is no fact', () => {
    const read = facts(plan([], { format_version: '1.0' }))

    expect(read).toMatchObject({ format_version: '1.0', creates: 0, created: [] })
    for (const name of ['complete', 'applyable', 'errored', 'provisioners'])
      expect(read).not.toHaveProperty(name)
  })

  test.each([
    [['create'], 'creates'],
    [['update'], 'updates'],
    [['read'], 'reads'],
    [['delete'], 'destroys'],
    [['delete', 'create'], 'replaces'],
    [['create', 'delete'], 'replaces'],
    [['forget'], 'forgets'],
    [['no-op'], 'no_ops'],
  ])('with the actions %s counts under %s', (actions, name) => {
    expect(facts(plan([{ address: 'a.b', actions }]))).toMatchObject({ [name]: 1 })
  })

  test('names modules, types and what is moved, imported or deposed', () => {
    const read = facts(
      plan([
        { address: 'module.net["a.b"].module.in[0].aws_vpc.main', actions: ['update'] },
        { address: 'aws_db_instance.main', actions: ['delete'], deposed: '0a1b2c3d' },
        { address: 'aws_db_instance.main', actions: ['no-op'], change: { importing: true } },
        { address: 'data.aws_ami.x', actions: ['read'] },
        { address: 'aws_s3_bucket.new', actions: ['no-op'], previous_address: 'aws_s3_bucket.old' },
      ]),
    )

    expect(read).toMatchObject({
      modules: ['module.net["a.b"].module.in[0]'],
      types: ['aws_vpc', 'aws_db_instance'],
      destroyed: ['aws_db_instance.main'],
      destroyed_types: ['aws_db_instance'],
      imports: 1,
      moves: 1,
      reads: 1,
      no_ops: 2,
    })
  })
})

describe('what is not understood', () => {
  const one = (json: string) => `{"format_version":"1.2","resource_changes":[${json}]}`
  const good = '{"address":"a.b","mode":"managed","type":"a","change":{"actions":["create"]}}'

  test('is nothing of a text that is well formed', () => {
    expect(facts(one(good))).toMatchObject({ created: ['a.b'] })
    expect(facts(JSON.stringify(JSON.parse(one(good)), null, 2))).toMatchObject({ created: ['a.b'] })
  })

  test.each([
    ['nothing', ''],
    ['no JSON', 'terraform will perform'],
    ['a list', '[]'],
    ['null', 'null'],
    ['two documents', `${one(good)}${one(good)}`],
    ['another major version', one(good).replace('1.2', '2.0')],
    ['no version', '{"resource_changes":[]}'],
    ['a version that is a number', '{"format_version":1.2,"resource_changes":[]}'],
    ['no changes', '{"format_version":"1.2"}'],
    ['the same key twice', one(good.replace('"mode"', '"address":"c.d","mode"'))],
    ['the same key twice, once escaped', one(good.replace('"mode"', '"\\u0061ddress":"c.d","mode"'))],
    ['a key in another case', one(good.replace('"actions"', '"Actions"'))],
    ['both cases', one(good.replace('"change":', '"Change":{"actions":["delete"]},"change":'))],
    ['a key that looks alike', one(good.replace('"actions"', '"аctions"'))],
    ['__proto__', one(good.replace('"mode"', '"__proto__":{"actions":["delete"]},"mode"'))],
    ['constructor', one(good.replace('"mode"', '"constructor":{},"mode"'))],
    ['a huge number', `{"format_version":"1.2","resource_changes":[],"timestamp":1e999}`],
    ['an action that is not known', one(good.replace('"create"', '"defer"'))],
    ['an action in another case', one(good.replace('"create"', '"Create"'))],
    ['no action', one(good.replace('"create"', ''))],
    ['three actions', one(good.replace('"create"', '"create","delete","create"'))],
    ['two actions in one word', one(good.replace('"create"', '"delete create"'))],
    ['an action and forget', one(good.replace('"create"', '"create","forget"'))],
    ['the same resource twice', one(`${good},${good.replace('create', 'delete')}`)],
    ['a type that is not that of the address', one(good.replace('"type":"a"', '"type":"null_resource"'))],
    ['a mode that is not that of the address', one(good.replace('managed', 'data'))],
    [
      'a module that is not that of the address',
      one(good.replace('"mode"', '"module_address":"module.x","mode"')),
    ],
    ['an address with a line', one(good.replace('a.b', 'a.b\\n'))],
    ['an address beyond ASCII', one(good.replace('a.b', 'а.b'))],
    ['an address with something behind it', one(good.replace('a.b', 'a.b safe'))],
    ['an address without a name', one(good.replace('a.b', 'a'))],
    ['an import with its id', one(good.replace('["create"]', '["create"],"importing":{"id":"i-1"}'))],
    ['a flag that is text', '{"format_version":"1.2","resource_changes":[],"errored":"false"}'],
    ['provisioners that are no names', '{"format_version":"1.2","resource_changes":[],"provisioners":[{}]}'],
    ['deep nesting', `{"format_version":"1.2","resource_changes":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    ['half a surrogate pair', '{"format_version":"1.2","resource_changes":[],"timestamp":"\\ud800"}'],
  ])('is %s', (_, text) => {
    expect(readPlan(text).understood).toBe(false)
  })

  test('is what is longer than its limits', () => {
    const many = (count: number) =>
      one(Array.from({ length: count }, (_, nth) => good.replace('a.b', `a.b${nth}`)).join(','))

    expect(readPlan(many(2_000)).understood).toBe(true)
    expect(why(`${' '.repeat(210_000)}${one(good)}`)).toContain('longer than 204,800 characters')
    expect(why(one(good.replace('a.b', `a.${'b'.repeat(600)}`)))).toContain('longer than 500 characters')
  })

  test('never throws, whatever a text is made of', () => {
    const pieces = fc.constantFrom(
      ...'{ } [ ] , : "a" "format_version" "1.2" "resource_changes" "address" "change" "actions" "create" 1 null'.split(
        ' ',
      ),
      good,
      '"__proto__"',
      '\\',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), fc.string(), (parts, text) => {
        for (const tried of [parts.join(''), one(parts.join('')), text, one(text)])
          expect(typeof readPlan(tried).understood).toBe('boolean')
      }),
      { numRuns: 300 },
    )
  })

  test('reads a plan alike however it is laid out, and no other plan as the same', () => {
    const actions = fc.constantFrom('create', 'update', 'delete', 'forget', 'no-op')
    const resources = fc
      .array(actions, { maxLength: 8 })
      .map((all) => all.map((action, nth) => ({ address: `t${nth % 3}.n${nth}`, actions: [action] })))
    fc.assert(
      fc.property(resources, resources, (these, those) => {
        const text = plan(these)
        expect(facts(JSON.stringify(JSON.parse(text), null, 1))).toEqual(facts(text))
        if (plan(those) !== text && JSON.stringify(facts(plan(those))) === JSON.stringify(facts(text)))
          // Only what is left as it is may differ.
          expect(changing(those)).toEqual(changing(these))
      }),
      { numRuns: 200 },
    )
  })
})

function changing(resources: readonly Resource[]): readonly Resource[] {
  return resources.filter(({ actions }) => !actions?.includes('no-op'))
}
