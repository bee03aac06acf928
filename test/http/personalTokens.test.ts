import { beforeEach, describe, expect, test } from 'vitest'
import { revokeOwnToken, revokeToken } from '../../src/approvals/people/personalTokens.ts'
import { bundleVia, tokenOf } from '../support/portal.ts'
import { testBundle } from '../support/testBundle.ts'
import { ask, click } from '../support/world.ts'
import { exportBody, type House } from './house.ts'
import { openPortal, type Portal } from './portal.ts'

let portal: Portal
let house: House
beforeEach(async () => {
  portal = await openPortal()
  house = portal.house
})
const as = (user: string) => portal.as(user)
const show = (...about: Parameters<Portal['show']>) => portal.show(...about)
const send = (...about: Parameters<Portal['send']>) => portal.send(...about)
const decide = (...about: Parameters<Portal['decide']>) => portal.decide(...about)
const entriesOf = (...about: Parameters<Portal['entriesOf']>) => portal.entriesOf(...about)

describe('a personal token', () => {
  test('decides by the same rules as a click, and the decision says how it came', async () => {
    const { id } = await ask(house, 'db.export')

    const first = await decide('U0PRIYA', id, { decision: 'approve', reason: 'Looks right' })
    const second = await click(house, id, 'U0OMAR')

    expect(first).toMatchObject({
      status: 200,
      body: {
        state: 'pending',
        you: { may: ['withdraw'], refused: 'already_decided' },
        decisions: [{ kind: 'approve', via: 'api', reason: 'Looks right', ended: null }],
      },
    })
    expect(second.request.state).toBe('approved')
    const [made] = await entriesOf(id, 'decision.made')
    expect(made?.actor).toMatchObject({ kind: 'person', via: 'api', account: 'slack:T0ACME:U0PRIYA' })
    expect(made?.data).toMatchObject({ way: 'api', token: expect.stringMatching(/^ptk_/), card: null })
  })

  test('keeps what was seen with the decision, as it was shown', async () => {
    const { id } = await ask(house, 'db.export')
    const { body } = await show('U0PRIYA', id)

    await decide('U0PRIYA', id, { decision: 'approve' })

    const request = await house.store.request(id)
    expect(request?.decisions[0]?.seen).toBe(body.view)
    expect(body.seen).toContain('table warehouse.users')
  })

  test('takes an approval back, and denies with a reason', async () => {
    const { id } = await ask(house, 'db.export')
    await decide('U0PRIYA', id, { decision: 'approve' })

    const taken = await send('U0PRIYA', id, { decision: 'withdraw', reason: 'On second thought' })
    const without = await decide('U0PRIYA', id, { decision: 'deny' })
    const denied = await decide('U0PRIYA', id, { decision: 'deny', reason: 'Too many rows' })

    expect(taken).toMatchObject({ status: 200, body: { decisions: [{ ended: 'withdrawn' }] } })
    expect(without).toMatchObject({ status: 400, body: { code: 'reason_needed' } })
    expect(denied).toMatchObject({ status: 200, body: { state: 'denied', outcome: 'Too many rows' } })
  })

  test.each([
    ['nothing', {}, ['/digest', '/view']],
    ['another view', { view: `sha256:${'0'.repeat(64)}` }, ['/view']],
    ['another digest', { digest: `sha256:${'0'.repeat(64)}` }, ['/digest']],
  ] as const)('decides nothing where it names %s as seen, and that is recorded', async (_, said, places) => {
    const { id } = await ask(house, 'db.export')
    const { digest, view } = (await show('U0PRIYA', id)).body
    const seen = Object.keys(said).length === 0 ? {} : { digest, view, ...said }

    const reply = await send('U0PRIYA', id, { decision: 'approve', ...seen })

    expect(reply).toMatchObject({ status: 409, body: { code: 'not_as_seen' } })
    expect((reply.body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)).toEqual(
      places,
    )
    expect((await house.store.request(id))?.decisions).toEqual([])
    expect(await entriesOf(id, 'decision.refused')).toMatchObject([
      { data: { kind: 'approve', code: 'not_as_seen', way: 'api' } },
    ])
  })

  test('of somebody behind the action is refused and recorded like their click', async () => {
    const { id } = await ask(house, 'db.export')

    const reply = await decide('U0ALICE', id, { decision: 'approve' })

    expect(reply).toMatchObject({ status: 403, body: { code: 'own_request' } })
    expect(await entriesOf(id, 'decision.refused')).toMatchObject([
      { data: { kind: 'approve', code: 'own_request', way: 'api', token: expect.any(String) } },
    ])
    expect((await show('U0ALICE', id)).body).toMatchObject({ you: { may: [], refused: 'own_request' } })
  })

  test('brings what the requirement wants of an approver', async () => {
    const { id } = await ask(house, 'secret.read')
    const { body } = await show('U0PRIYA', id)
    expect(body.asks).toMatchObject({
      reason: { min_length: 12, must: ['Begin with the number of the incident, as in INC-42.'] },
      typed: ['warehouse.users'],
    })
    const reason = 'INC-42 needs it'

    const weak = await decide('U0PRIYA', id, { decision: 'approve', reason: 'please' })
    const wrong = await decide('U0PRIYA', id, { decision: 'approve', reason, typed: ['warehouse.user'] })
    const right = await decide('U0PRIYA', id, { decision: 'approve', reason, typed: ['warehouse.users'] })

    expect([weak.status, wrong.status, right.status]).toEqual([422, 422, 200])
    expect(right.body).toMatchObject({ state: 'approved' })
  })

  test('approves nothing whose time is over', async () => {
    const { id } = await ask(house, 'db.export')
    const { digest, view } = (await show('U0PRIYA', id)).body
    house.clock.advance(3_600)

    const late = await send('U0PRIYA', id, { decision: 'approve', digest, view })

    expect(late).toMatchObject({ status: 409, body: { code: 'wrong_state' } })
  })

  test('decides nothing where the policy does not say that it takes one: a rule that says nothing takes none', async () => {
    house.setPolicy(testBundle())
    const { id } = await ask(house, 'db.export')

    const refused = await decide('U0PRIYA', id, { decision: 'approve' })
    const shown = await show('U0PRIYA', id)

    expect(refused).toMatchObject({ status: 403, body: { code: 'via_not_allowed' } })
    expect(shown.body).toMatchObject({
      you: { may: [], refused: 'via_not_allowed' },
      asks: { via: ['card', 'thread'] },
    })
    expect(await entriesOf(id, 'decision.refused')).toHaveLength(1)
    // The way is fixed with the request: a policy that takes tokens later does not open it.
    house.setPolicy(bundleVia())
    expect((await decide('U0PRIYA', id, { decision: 'deny', reason: 'No' })).status).toBe(403)
    const later = await ask(house, 'db.export', { reason: 'Again' })
    expect((await decide('U0PRIYA', later.id, { decision: 'approve' })).status).toBe(200)
  })

  test('takes back what was approved on a card, also where the policy takes no decision by it', async () => {
    house.setPolicy(testBundle())
    const { id } = await ask(house, 'db.export')
    await click(house, id, 'U0PRIYA')

    const taken = await send('U0PRIYA', id, { decision: 'withdraw' })

    expect(taken).toMatchObject({ status: 200, body: { decisions: [{ via: 'slack', ended: 'withdrawn' }] } })
  })

  test('is of no use to whoever has left, though the directory has to say so', async () => {
    const { id } = await ask(house, 'db.export')
    const { digest, view } = (await show('U0PRIYA', id)).body
    const vote = { decision: 'approve', digest, view }

    house.directory.down = true
    const unknown = await send('U0PRIYA', id, vote)
    house.directory.down = false
    house.directory.changeAccount('U0PRIYA', { active: false })
    const left = await send('U0PRIYA', id, vote)
    const reads = await show('U0PRIYA', id)

    expect(unknown).toMatchObject({ status: 403, body: { code: 'identity_unknown' } })
    expect(left).toMatchObject({ status: 403, body: { code: 'not_staff' } })
    expect(reads).toMatchObject({ status: 403, body: { code: 'not_staff' } })
    expect((await house.store.request(id))?.decisions).toEqual([])
  })

  test('ends: by its person, by the operator, and after its time', async () => {
    const account = await house.ports.directory.account('slack:U0PRIYA')
    const [own, theirs, old] = [
      await tokenOf(house, 'U0PRIYA'),
      await tokenOf(house, 'U0PRIYA'),
      await tokenOf(house, 'U0PRIYA', 1),
    ]
    const status = async ({ credential }: typeof own) =>
      (await house.call('GET', '/v1/me/requests', { headers: { authorization: `Bearer ${credential}` } }))
        .status
    expect([await status(own), await status(theirs), await status(old)]).toEqual([200, 200, 200])

    await revokeOwnToken(house.ports, { account, via: 'slack', token: own.token.id })
    await revokeToken(house.ports, { token: theirs.token.id, via: 'cli' })
    house.clock.advance(86_400)

    expect([await status(own), await status(theirs), await status(old)]).toEqual([401, 401, 401])
  })
})

describe('keys of other kinds', () => {
  const others = {
    'of an agent': () => house.agent.credential,
    'of a resource': () => `csr_${'0'.repeat(26)}_${'a'.repeat(43)}`,
    'of an auditor': () => `csa_${'0'.repeat(26)}_${'a'.repeat(43)}`,
    'of an operator': () => `cso_${'0'.repeat(26)}_${'a'.repeat(43)}`,
  }

  test.each(Object.entries(others))('%s never decides', async (_, credential) => {
    const { id } = await ask(house, 'db.export')
    const { digest, view } = (await show('U0PRIYA', id)).body

    const reply = await house.call('POST', `/v1/requests/${id}/decisions`, {
      headers: { authorization: `Bearer ${credential()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ decision: 'approve', digest, view }),
    })

    expect(reply).toMatchObject({
      status: 401,
      body: {
        code: 'unauthenticated',
        detail: expect.stringContaining('this address takes a personal token'),
      },
    })
    expect((await house.store.request(id))?.decisions).toEqual([])
  })

  test('and a personal token is none of theirs', async () => {
    const headers = { ...(await as('U0PRIYA')), 'content-type': 'application/json' }
    const { id } = await ask(house, 'db.export')

    const replies = [
      await house.call('POST', '/v1/requests', { headers, body: JSON.stringify(exportBody) }),
      await house.call('GET', `/v1/requests/${id}`, { headers }),
      await house.call('POST', `/v1/requests/${id}/cancel`, { headers }),
      await house.call('GET', '/v1/ledger/checkpoint', { headers }),
    ]

    for (const { status, body } of replies) {
      expect(status).toBe(401)
      expect(body).toMatchObject({
        detail: expect.stringMatching(/^That is a personal token; this address takes/),
      })
    }
  })
})

test('one person’s calls are bounded, by whatever token of theirs', async () => {
  const headers = [
    await as('U0PRIYA'),
    { authorization: `Bearer ${(await tokenOf(house, 'U0PRIYA')).credential}` },
  ]
  const call = (nth: number) => house.call('GET', '/v1/me/requests', { headers: headers[nth % 2] ?? {} })
  const replies = await Promise.all(Array.from({ length: 20 }, (_, nth) => call(nth)))

  expect(replies.filter(({ status }) => status === 200)).toHaveLength(12)
  expect(replies.filter(({ status }) => status === 429)).toHaveLength(8)
  expect((await house.call('GET', '/v1/me/requests', { headers: await as('U0OMAR') })).status).toBe(200)
})
