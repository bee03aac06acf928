import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factsOf } from '../../src/policy/ask.ts'
import { evaluateWithFacts } from '../../src/policy/evaluate.ts'
import { storedFacts } from '../../src/policy/facts.ts'
import { explain } from '../../src/policyTools/explain/explain.ts'
import { explanationText } from '../../src/policyTools/explain/explanationText.ts'
import { runTests } from '../../src/policyTools/tests/runTests.ts'
import { examples } from '../../src/sandbox/examples.ts'
import { at, exportUsers, rule } from './ask.ts'
import { bundleFiles, bundleYaml, filesIn, loaded } from './files.ts'
import { ask, closed, codes, entry, made } from './placed.ts'

describe('an environment that the bundle does not list', () => {
  test.each(['production', 'Prod', 'PROD', 'prod ', ' prod', 'prod.', 'pr\u043ed', '', 'constructor', '*'])(
    '%j is denied before any rule, naming those that there are',
    (environment) => {
      const { verdict, requirement } = ask(loaded(made()), { environment })

      expect(verdict).toMatchObject({ kind: 'deny', code: 'invalid_request', rules: [] })
      expect(verdict.facts.fired).toEqual([])
      expect(verdict.message).toContain('Known: dev, staging, prod.')
      expect(requirement).toBeNull()
    },
  )

  test('control: without the list, the same words pass the rule about prod', () => {
    expect(ask(loaded(made({ list: '' })), { environment: 'production' }).verdict.rules).toEqual(['rest'])
  })

  test('control: those that it lists are judged by the rules', () => {
    const bundle = loaded(made())

    expect(ask(bundle, { environment: 'prod' }).verdict.rules).toEqual(['no.prod'])
    expect(ask(bundle, { environment: 'dev' }).verdict).toMatchObject({ kind: 'allow', rules: ['rest'] })
  })

  test('is denied for an action that is not in the catalogue as well, where that would ask', () => {
    const asks = bundleYaml.replace('unknown_action: deny', 'unknown_action: require_approval')
    const bundle = loaded(bundleFiles({ 'bundle.yaml': asks + closed }))

    expect(ask(bundle, { action: 'nope' }).verdict).toMatchObject({ kind: 'require_approval' })
    expect(ask(bundle, { action: 'nope', environment: 'x' }).verdict.code).toBe('invalid_request')
  })

  test('cannot make the message long, or draw with it', () => {
    const { message } = ask(loaded(made()), { environment: `\u202e\n${'x'.repeat(9_000)}` }).verdict

    expect(message?.length).toBeLessThan(250)
    expect(message).not.toMatch(/[\u202e\n]/)
  })

  test('never leads to anything but a denial, whatever the rules and the inventory are', () => {
    const rules = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c'),
        description: fc.constant('d'),
        match: fc.record(
          {
            actions: fc.constant(['*']),
            environments: fc.subarray(['dev', 'staging', 'prod'], { minLength: 1 }),
          },
          { requiredKeys: ['actions'] },
        ),
        verdict: fc.constantFrom('allow', 'require_approval', 'deny'),
      }),
      { selector: ({ id }) => id },
    )
    const place = fc.option(fc.constantFrom('dev', 'prod'), { nil: undefined })
    const named = fc.oneof(fc.string(), fc.constantFrom('production', 'Dev', 'prod\n'))
    fc.assert(
      fc.property(rules, place, named, (written, where, environment) => {
        fc.pre(!['dev', 'staging', 'prod'].includes(environment))
        const bundle = loaded(
          made({ rules: JSON.stringify(written), resources: entry(where ? `, environment: ${where}` : '') }),
        )

        expect(ask(bundle, { environment }).verdict).toMatchObject({ kind: 'deny', code: 'invalid_request' })
      }),
      { numRuns: 60 },
    )
  })
})

describe('where the inventory says that a resource is', () => {
  const inProd = entry(', environment: prod')

  test('a request that names another environment is denied, saying so', () => {
    const { verdict } = ask(loaded(made({ resources: inProd })), { environment: 'dev' })

    expect(verdict).toMatchObject({ kind: 'deny', code: 'invalid_request', rules: [] })
    expect(verdict.message).toMatch(/says that this resource is in "prod", not in "dev"/)
  })

  test('control: without it the agent is believed, and with it the right name is judged by the rules', () => {
    expect(ask(loaded(made()), { environment: 'dev' }).verdict.rules).toEqual(['rest'])
    expect(ask(loaded(made({ resources: inProd })), { environment: 'prod' }).verdict.rules).toEqual([
      'no.prod',
    ])
  })

  test('counts without a list too', () => {
    const bundle = loaded(made({ list: '', resources: entry(', environment: eu-live') }))

    expect(ask(bundle, { environment: 'eu-live' }).verdict.rules).toEqual(['rest'])
    expect(ask(bundle, { environment: 'eu_live' }).verdict.code).toBe('invalid_request')
  })

  test('is spelt as requests can spell it', () => {
    expect(codes({ list: '', resources: entry(', environment: Prod') })).toEqual([
      expect.stringMatching(/^schema\/value `environment` must be lower-case/),
    ])
  })

  test('is of no concern to another resource', () => {
    const other = { type: 'table', id: 'w.others' }

    expect(
      ask(loaded(made({ resources: inProd })), { environment: 'dev', resource: other }).verdict.rules,
    ).toEqual(['rest'])
  })

  test('is a fact that conditions read behind has(), and of the words of the list', () => {
    const when = (condition: string) => rule('placed', 'allow', { more: `  when: ${condition}\n` })
    const placed = { rules: when('has(resource.environment)'), resources: inProd }

    expect(ask(loaded(made(placed))).verdict.rules).toEqual(['placed'])
    expect(ask(loaded(made({ ...placed, resources: entry('') }))).verdict.rules).toEqual([])
    expect(codes({ rules: when('resource.environment != "dev"') })[0]).toMatch(/^cel\/unguarded-optional/)
    expect(codes({ rules: when('has(resource.environment) && resource.environment == "live"') })[0]).toMatch(
      /^cel\/unknown-value/,
    )
  })

  test('is what an explanation says, without any rule', () => {
    const bundle = loaded(made({ resources: inProd }))
    const action = { ...exportUsers, environment: 'dev' }
    const facts = factsOf(bundle, { action, agent: { id: 'agt_1', name: 'bot' }, at })

    const text = explanationText(explain(bundle, action, facts))
    expect(text).toContain('0 candidate rules of 2')
    expect(text).toMatch(/verdict: deny {2}\(invalid_request\)\n.*in "prod", not in "dev"/)
  })

  test('is kept with the verdict, which is reached again whatever the inventory says later', () => {
    const [before, after] = [loaded(made({ resources: inProd })), loaded(made())]
    const action = { ...exportUsers, environment: 'dev' }
    const { verdict } = ask(before, action)
    const stored = storedFacts(JSON.parse(JSON.stringify(verdict.facts)))

    expect(stored?.resource.environment).toBe('prod')
    expect(stored && evaluateWithFacts(before, action, stored).verdict).toEqual(verdict)
    expect(stored && evaluateWithFacts(after, action, stored).verdict).toMatchObject({
      code: 'invalid_request',
      message: verdict.message,
    })
  })

  test('facts that were stored without it are read, and say what they said', () => {
    const bundle = loaded(made({ list: '' }))
    const facts = factsOf(bundle, { action: exportUsers, agent: { id: 'agt_1', name: 'bot' }, at })

    expect(facts.resource).toEqual({ sensitivity: 'public', labels: {} })
    expect(storedFacts(JSON.parse(JSON.stringify(facts)))).toEqual(facts)
    expect(evaluateWithFacts(bundle, exportUsers, facts).verdict.rules).toEqual(['no.prod'])
  })
})

describe('a test of the policy', () => {
  const tests = (request: string, expected: string) =>
    new Map([
      ...made({ resources: entry(', environment: prod') }),
      [
        'tests/a.yaml',
        `apiVersion: countersign/v1
kind: PolicyTests
tests:
  - name: one
    request:
      action: db.export
      params: {table: users, rows: 5}
      agent: {name: bot, owner: {id: U9, email: lee@acme.test}}
      time: 2026-11-24T14:00:00+01:00
${request}
    expect: ${expected}
`,
      ],
    ])
  const failures = (files: ReadonlyMap<string, string>) => {
    const { files: read, problems } = runTests(loaded(files), files)
    expect(problems).toEqual([])
    return read.flatMap(({ results }) => results.flatMap(({ differences }) => differences))
  }

  test.each([
    ['production', 'table, id: w.others', '{verdict: deny, code: invalid_request}'],
    ['dev', 'table, id: w.users', '{verdict: deny, code: invalid_request}'],
    ['dev', 'table, id: w.others', '{verdict: allow, decided_by: [rest]}'],
    ['dev', 'table, id: w.others, environment: prod', '{verdict: deny, code: invalid_request}'],
  ])('about %s and {type: %s} is judged like a request: %s', (environment, resource, expected) => {
    const request = `      environment: ${environment}\n      resource: {type: ${resource}}`

    expect(failures(tests(request, expected))).toEqual([])
  })
})

describe('the policy that ships', () => {
  const shipped = loaded(filesIn('policies'))

  test('lists its environments, and the examples of the sandbox name no other', () => {
    const names = ['dev', 'test', 'staging', 'prod']
    const listed = { environment: expect.stringMatching(new RegExp(`^(${names.join('|')})$`)) }

    expect(shipped.environments).toEqual(names)
    for (const { body } of examples)
      for (const one of Object(body).requests ?? [body]) expect(one).toMatchObject(listed)
  })

  test.each(['production', 'Prod', 'live'])('denies what an agent calls %j', (environment) => {
    const action = { ...exportUsers, action: 'db.query', params: { sql: 'select 1', tables: ['w.users'] } }

    expect(ask(shipped, { ...action, environment }).verdict).toMatchObject({
      kind: 'deny',
      code: 'invalid_request',
    })
    expect(ask(shipped, { ...action, environment: 'prod' }).verdict.kind).toBe('require_approval')
  })
})
