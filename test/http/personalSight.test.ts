import { beforeEach, describe, expect, test } from 'vitest'
import { answerAsAgent } from '../../src/approvals/notes/answerAsAgent.ts'
import { askForChanges } from '../../src/approvals/notes/ask.ts'
import { ask } from '../support/world.ts'
import type { House } from './house.ts'
import { openPortal, type Portal } from './portal.ts'

let portal: Portal
let house: House
beforeEach(async () => {
  portal = await openPortal()
  house = portal.house
})
const show = (...about: Parameters<Portal['show']>) => portal.show(...about)
const send = (...about: Parameters<Portal['send']>) => portal.send(...about)
const decide = (...about: Parameters<Portal['decide']>) => portal.decide(...about)
const entriesOf = (...about: Parameters<Portal['entriesOf']>) => portal.entriesOf(...about)

describe('a personal token', () => {
  test('shows what others said about it: whoever decides elsewhere knows as much as on the card', async () => {
    const { id } = await ask(house, 'db.export')
    const attempt = { request: id, account: 'slack:U0BOB', via: 'slack', card: null, delivery: 'slack:1' }
    const asked = await askForChanges(house.ports, { ...attempt, text: 'Only the counts, please.' })
    const to = asked.request.notes?.[0]?.id ?? ''
    const { agent } = house.agent
    await answerAsAgent(house.ports, { request: id, agent, via: 'api', to, text: 'I can do that.' })

    const { body } = await show('U0PRIYA', id)

    expect(body).toMatchObject({
      notes: [
        { id: to, kind: 'changes', name: 'U0BOB', text: 'Only the counts, please.' },
        { kind: 'answer', by: 'agent', name: 'billing-agent', text: 'I can do that.', to },
      ],
    })
    expect(JSON.stringify(body)).not.toContain('slack:')
  })

  test('takes nothing back for whoever has left, and that is recorded', async () => {
    const { id } = await ask(house, 'db.export')
    await decide('U0PRIYA', id, { decision: 'approve' })
    house.directory.changeAccount('U0PRIYA', { active: false })

    const taken = await send('U0PRIYA', id, { decision: 'withdraw' })

    expect(taken).toMatchObject({ status: 403, body: { code: 'not_staff' } })
    expect((await house.store.request(id))?.decisions).toMatchObject([{ kind: 'approve' }])
    expect((await house.store.request(id))?.decisions[0]).not.toHaveProperty('ended')
    expect(await entriesOf(id, 'decision.refused')).toMatchObject([
      { data: { kind: 'withdraw', code: 'not_staff', way: 'api' } },
    ])
  })

  test('not-authority: whoever may not see a request hears not what of a guess is right', async () => {
    const { id } = await ask(house, 'iam.change')
    const { digest } = (await show('U0ALICE', id)).body
    const guess = { decision: 'approve', digest, view: `sha256:${'0'.repeat(64)}` }

    const outsider = await send('U0PRIYA', id, guess)
    const nowhere = await send('U0PRIYA', `req_${'0'.repeat(26)}`, guess)

    const withdrawn = await send('U0PRIYA', id, { decision: 'withdraw' })

    for (const { status, body } of [outsider, withdrawn]) {
      expect(status).toBe(404)
      expect(body).toEqual({ ...(nowhere.body as object), instance: expect.any(String) })
    }
    expect(await entriesOf(id, 'decision.refused')).toMatchObject([
      { data: { kind: 'approve', code: 'unknown_request' } },
      { data: { kind: 'withdraw', code: 'unknown_request' } },
    ])
    expect(await send('U0ALICE', id, guess)).toMatchObject({ status: 409, body: { code: 'not_as_seen' } })
  })
})
