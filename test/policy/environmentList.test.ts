import { describe, expect, test } from 'vitest'
import type { Bundle } from '../../src/policy/bundle.ts'
import { activationAction } from '../../src/policyTools/activation/activation.ts'
import { differenceOf } from '../../src/policyTools/difference/difference.ts'
import { lintBundle } from '../../src/policyTools/lint/lintBundle.ts'
import { simulate } from '../../src/policyTools/simulation/simulate.ts'
import { at, exportUsers, rule } from './ask.ts'
import { actionsYaml, loaded } from './files.ts'
import { ask, codes, denyProd, entry, type Made, made } from './placed.ts'

describe('the list itself', () => {
  test.each([
    ['[]', /must name an environment/],
    ['[Prod]', /lower-case/],
    ['["prod env"]', /lower-case/],
    ['[prod, dev, prod]', /"prod" appears here twice/],
    ['prod', /must be a list/],
    [`[${Array.from({ length: 21 }, (_, n) => `e${n}`).join(', ')}]`, /at most 20/],
  ])('refuses %s', (list, says) => {
    expect(codes({ list: `environments: ${list}\n`, rules: '[]\n' })).toEqual([
      expect.stringMatching(new RegExp(`^schema/.*${says.source}`)),
    ])
  })

  test('and where a resource is, are part of the digest', () => {
    const digests = [
      made(),
      made({ list: 'environments: [dev, prod]\n' }),
      made({ list: '' }),
      made({ resources: entry(', environment: prod') }),
    ].map((files) => loaded(files).digest)

    expect(new Set(digests).size).toBe(4)
  })

  test('and where a resource is, show in a difference by name', () => {
    const changes = (base: Made, head: Made) =>
      differenceOf(loaded(made(base)), loaded(made(head))).otherChanges

    expect(changes({}, { list: 'environments: [staging, prod, dev, qa]\n' })).toEqual([
      'environment qa added',
    ])
    expect(changes({}, { list: '' })).toContain('environments removed')
    expect(changes({}, { resources: entry(', environment: prod') })).toEqual([
      'resource table w.users changed',
    ])
  })

  test('and without it: a simulation counts the requests that would pass as loosened', () => {
    const recorded = ['production', 'prod', 'dev'].map((environment) => ({
      id: environment,
      ask: { action: { ...exportUsers, environment }, agent: { id: 'a', name: 'b' }, at },
    }))
    const [listed, open] = [loaded(made()), loaded(made({ list: '' }))]

    expect(simulate(listed, open, recorded)).toMatchObject({ loosened: 1, unchanged: 2 })
    expect(simulate(open, listed, recorded)).toMatchObject({ tightened: 1, loosened: 0 })
  })
})

describe('a name that is not on the list', () => {
  test('in a rule is refused, with the nearest', () => {
    const rules = denyProd.replace('[prod]', '[dev, prd]')

    expect(codes({ rules })).toEqual([
      expect.stringMatching(/^match\/unknown-environment "prd" is not in .* Did you mean "prod"\?$/),
    ])
    expect(loaded(made({ rules, list: '' })).rules).toHaveLength(1)
  })

  test('in resources.yaml is refused', () => {
    const resources = entry(', environment: live')

    expect(codes({ resources })).toEqual([expect.stringMatching(/^match\/unknown-environment .*Known: dev/)])
    expect(loaded(made({ resources, list: '' })).environments).toBeNull()
  })

  test.each(['environment == "production"', 'environment in ["prod", "Dev"]', '"prd" != environment'])(
    'in the condition %s is refused',
    (condition) => {
      const rules = rule('a', 'deny', { more: `  when: |\n    ${condition}\n` })

      expect(codes({ rules })).toEqual([
        expect.stringMatching(/^cel\/unknown-value .*not an environment of bundle.yaml.*dev, staging, prod/),
      ])
      expect(loaded(made({ rules, list: '' })).rules).toHaveLength(1)
    },
  )
})

describe('made-up requests of the linter', () => {
  const reached = (list: string, rules: string, resources = entry('')) =>
    lintBundle(loaded(made({ list, rules, resources }))).map(({ code }) => code)

  test('name environments that there are, so that no rule is called unreached for that', () => {
    const rules =
      rule('a', 'deny', { more: '  when: environment != "live" && params.rows > 7\n' }) +
      rule('b', 'deny', { more: '  when: environment.startsWith("la")\n' }) +
      rule('c', 'deny', { more: '  when: has(resource.environment) && resource.environment == "lab"\n' })

    expect(reached('environments: [live, lab]\n', rules)).toEqual([])
  })

  test('control: a rule about an environment that there is not is', () => {
    const rules = rule('b', 'deny', { more: '  when: environment.startsWith("z")\n' })

    expect(reached('environments: [live, lab]\n', rules)).toEqual(['rule/unreached'])
  })
})

describe('a change of the policy', () => {
  const catalogue = `${actionsYaml}  policy.activate: {effect: admin, params: open}\n`
  const bundle = (list: string, resources = entry('')) =>
    loaded(new Map([...made({ list, rules: '[]\n', resources }), ['actions.yaml', catalogue]]))
  const placeOf = (base: Bundle): [string, string] => {
    const told = { difference: differenceOf(null, base), simulation: simulate(base, base, []) }
    const files = { base: base.digest, head: base.digest }
    const tests = { added: [], removed: [], changed: [] }
    const action = activationAction(base, base, { ...told, tests, files, recorded: 0 })
    return [action.environment, ask(base, action).verdict.kind]
  }

  test('is in prod, or in the last by name of a list without it, so that no list can lock the policy and no order moves it', () => {
    expect(placeOf(bundle(''))).toEqual(['prod', 'require_approval'])
    expect(placeOf(bundle('environments: [prod, lab]\n'))).toEqual(['prod', 'require_approval'])
    expect(placeOf(bundle('environments: [lab, live]\n'))).toEqual(['live', 'require_approval'])
    expect(placeOf(bundle('environments: [live, lab]\n'))).toEqual(['live', 'require_approval'])
  })

  test('is where the inventory says that policies are', () => {
    const resources = entry('').replace('{type: table, id: w.users}', '{type: "*", id: "*"}')

    expect(
      placeOf(bundle('environments: [lab, prod]\n', resources.replace('public', 'public, environment: lab'))),
    ).toEqual(['lab', 'require_approval'])
  })
})
