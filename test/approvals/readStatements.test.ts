import { describe, expect, test } from 'vitest'
import type { StatementReader } from '../../src/approvals/statementReader.ts'
import { submit } from '../../src/approvals/submit.ts'
import { evaluateWithFacts } from '../../src/policy/evaluate.ts'
import { storedFacts } from '../../src/policy/facts.ts'
import { filesIn, loaded } from '../policy/files.ts'
import { envelope, submission, testWorld } from '../support/world.ts'

const policy = loaded(filesIn('policies'))
const table = 'staging_warehouse.events'

async function asked(sql: string, statements?: StatementReader) {
  const world = await testWorld({ policy, ...(statements && { statements }) })
  const action = {
    action: 'db.query',
    resource: { type: 'table', id: table },
    params: { sql, tables: [table] },
    environment: 'staging',
  }
  const { request } = await submit(world.ports, envelope(world), { ...submission('db.query'), action })
  return request
}

/** What a parser answers that ended, hangs or was never started. */
const gone: StatementReader = {
  read: async () => ({ understood: false, why: 'The parser ended before it had read it.' }),
}

describe('a statement that a parser beside us reads', () => {
  test('is judged by what was read, which stands in the record', async () => {
    const request = await asked(`select id from ${table} limit 5`)

    expect(request).toMatchObject({ state: 'approved', verdict: { rules: ['data.query.nonprod'] } })
    expect(request.verdict.facts.read).toMatchObject({
      sql: { understood: true, facts: { kind: 'select', reads: [table], writes: [], limit: 5 } },
    })
  })

  test('is judged alike for ever, with no parser there: the record is enough', async () => {
    const { action, verdict } = await asked(`select id from ${table}`)
    const facts = storedFacts(verdict.facts)
    if (facts === null) throw new Error('the facts have no known form')

    expect(evaluateWithFacts(policy, action, facts).verdict).toEqual(verdict)
    const { read: _, ...without } = facts
    expect(evaluateWithFacts(policy, action, without).verdict.kind).toBe('require_approval')
  })

  test('asks where the parser is gone, and says so', async () => {
    const { verdict } = await asked(`select id from ${table}`, gone)

    expect(verdict).toMatchObject({ kind: 'require_approval', code: 'unmatched' })
    expect(verdict.facts.unread).toEqual([{ param: 'sql', why: 'The parser ended before it had read it.' }])
  })

  test('asks where it is not understood', async () => {
    const { verdict } = await asked(`select id from ${table}; drop table ${table}`)

    expect(verdict.kind).toBe('require_approval')
    expect(verdict.facts.unread).toMatchObject([{ param: 'sql', why: 'It has more than one statement.' }])
  })

  test('is all that is given to the parser: other actions never wait for it', async () => {
    const deaf: StatementReader = { read: () => new Promise(() => {}) }
    const world = await testWorld({ policy, statements: deaf })
    const action = {
      action: 'repo.read',
      resource: { type: 'repository', id: 'acme/web' },
      params: { repo: 'acme/web' },
      environment: 'prod',
    }

    const { request } = await submit(world.ports, envelope(world), { ...submission('repo.read'), action })

    expect(request).toMatchObject({ state: 'approved' })
    expect(request.verdict.facts).not.toHaveProperty('read')
  })
})
