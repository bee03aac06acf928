import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/core/json.ts'
import type { Ask } from '../../../src/policy/ask.ts'
import { readRecorded, recordedOf, writeRecorded } from '../../../src/policyTools/simulation/recorded.ts'
import { madeRequest } from '../../store/made.ts'
import { exportOf } from './exampleChanges.ts'

describe('requests to replay', () => {
  const otherwise = { id: 'line 1', at: '2026-11-24T13:00:00Z' }

  test('what an agent sends can be read as it is', () => {
    const read = readRecorded(
      {
        action: 'db.export',
        resource: { type: 'table', id: 'x' },
        params: { rows: 1 },
        environment: 'prod',
        reason: 'because',
        initiator: { email: 'alice@acme.test' },
        run: { model: 'm-large', session: 's' },
        expires_in: '30m',
      },
      otherwise,
    )

    expect(read).toMatchObject({
      ok: true,
      recorded: {
        id: 'line 1',
        ask: { at: otherwise.at, agent: { model: 'm-large' }, request: { reason: 'because', source: 'api' } },
      },
    })
  })

  test('a wrong one is refused with its place', () => {
    const read = readRecorded(
      { action: 'db.export', resource: { type: 'table' }, environment: 'prod' },
      otherwise,
    )

    expect(read).toMatchObject({ ok: false, wrong: '`id` is missing: add it.' })
  })

  test('a property that is not one is refused, not ignored', () => {
    const line = { action: 'a', resource: { type: 't', id: 'i' }, environment: 'prod', evironment: 'dev' }

    expect(readRecorded(line, otherwise)).toMatchObject({ ok: false })
  })

  test('what is written out reads back to the same ask', () => {
    const full: Ask = {
      ...exportOf(5, ['a']),
      agent: { id: 'agt_1', name: 'bot', model: 'm', owner: { id: 'per_1', email: 'a@b.c' } },
      initiator: { id: 'per_2', groups: ['g'], kind: 'schedule' },
      request: { reason: 'why', source: 'webhook' },
    }
    const written = JSON.parse(JSON.stringify(writeRecorded({ id: 'req_9', ask: full }))) as Json

    expect(readRecorded(written, otherwise)).toEqual({ ok: true, recorded: { id: 'req_9', ask: full } })
  })

  test('a stored verdict whose facts are of another form is left out rather than guessed', () => {
    expect(recordedOf(madeRequest())).toBeNull()
  })
})
