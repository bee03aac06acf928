import { afterEach, describe, expect, test } from 'vitest'
import { type Company, channelId, openCompany, signingSecret } from './company.ts'

const before = '0'.repeat(32)

let company: Company
afterEach(() => company.close())

/** A company whose Slack signs with a secret, and what the server heard of it. */
async function signing(by: string, options: Parameters<typeof openCompany>[0] = {}) {
  const heard: string[] = []
  company = await openCompany({ ...options, signedWith: (secret) => void heard.push(secret) })
  company.local.deliverTo({ mode: 'http', url: company.url, signingSecret: by })
  return heard
}

async function approveAsBob(): Promise<string> {
  const { request, at } = await company.asked('db.export')
  await company.local.as('U0BOB').press(at, 'approve')
  await company.local.idle()
  return request.id
}

const votes = async (request: string) => (await company.store.request(request))?.decisions.length

const warnings = () => company.logged.filter(({ msg }) => String(msg).includes('_PREVIOUS'))

describe('bad-signature: while the signing secret is being replaced', () => {
  test('a click that is signed with the one before counts, and is counted and said once', async () => {
    const heard = await signing(before, { previousSecret: before })

    const request = await approveAsBob()
    await company.local.as('U0BOB').command(channelId, '/approvals')

    expect(await votes(request)).toBe(1)
    expect(new Set(heard)).toEqual(new Set(['previous']))
    expect(heard.length).toBeGreaterThan(1)
    expect(warnings()).toHaveLength(1)
  })

  test('one that is signed with the new one counts, and nothing is said', async () => {
    const heard = await signing(signingSecret, { previousSecret: before })

    const request = await approveAsBob()

    expect(await votes(request)).toBe(1)
    expect(new Set(heard)).toEqual(new Set(['current']))
    expect(warnings()).toEqual([])
  })

  test.each([
    ['control: the one before, once it is no longer set', before, {}],
    ['a third one', '1'.repeat(32), { previousSecret: before }],
  ])('%s decides nothing', async (_, by, options) => {
    const heard = await signing(by, options)

    const request = await approveAsBob()

    expect(await votes(request)).toBe(0)
    expect(heard).toEqual([])
  })
})
