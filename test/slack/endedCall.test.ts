import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../src/sandbox/slack/faults.ts'
import { createClients } from '../../src/slack/outbound/clients.ts'
import type { EndedCall } from '../../src/slack/outbound/endedCall.ts'
import { silent } from '../store/opened.ts'
import { type Company, openCompany } from './company.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const access = (apiUrl: string) => ({ botToken: 'xoxb-test', apiUrl })

/** One call by clients of their own, to the company's Slack or to where nobody answers. */
async function ended(apiUrl = company.local.apiUrl): Promise<readonly EndedCall[]> {
  const calls: EndedCall[] = []
  const watch = { answered() {}, refused() {}, unanswered() {} }
  const clients = createClients(access(apiUrl), silent, { ...watch, ended: (call) => calls.push(call) })
  await clients.clicks.auth.test().catch(() => undefined)
  return calls
}

describe('how a call ended, in few words', () => {
  test.each<[Fault | null, EndedCall['outcome']]>([
    [null, 'ok'],
    [{ kind: 'error', error: 'not_in_channel' }, 'refused'],
    [{ kind: 'error', error: 'token_revoked' }, 'token_refused'],
    [{ kind: 'error', error: 'missing_scope' }, 'app_refused'],
    [{ kind: 'error', error: 'internal_error' }, 'broken'],
    [{ kind: 'status', status: 500 }, 'broken'],
    [{ kind: 'rate_limited', retryAfter: 1 }, 'rate_limited'],
  ])('%o is %s', async (fault, outcome) => {
    if (fault) company.local.faults.next('auth.test', fault)

    expect(await ended()).toEqual([{ method: 'auth.test', outcome, seconds: expect.any(Number) }])
  })

  test('where nobody answers, it is unreachable', async () => {
    expect(await ended('http://127.0.0.1:1/api/')).toMatchObject([{ outcome: 'unreachable' }])
  })
})
