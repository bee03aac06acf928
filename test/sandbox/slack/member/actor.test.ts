import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signature } from '../../../../src/sandbox/slack/delivery/http.ts'
import type { LocalSlack } from '../../../../src/sandbox/slack/server.ts'
import { bareApp, payloadOf } from '../bareApp.ts'
import { handClock, openSlack, postButton, signingSecret } from '../company.ts'

const clock = handClock()
let slack: LocalSlack
beforeEach(async () => {
  slack = await openSlack({ now: clock.now })
})
afterEach(() => slack.close())

describe('who can act', () => {
  const press = async (member: string) => slack.as(member).press(await postButton(slack, 'C0PARTNER'), 'go')

  test('a guest and a stranger can press what they see', async () => {
    const { received } = await bareApp(slack, () => 200)

    expect(await press('U0GWEN')).toMatchObject({ ok: true })
    expect(await press('U0MAX')).toMatchObject({ ok: true })
    const users = received.map((one) => payloadOf(one).user)
    expect(users).toMatchObject([{ id: 'U0GWEN' }, { id: 'U0MAX', team_id: 'T0PARTNER' }])
  })

  test('a stranger has no commands, and nobody acts where they are not', async () => {
    expect(await slack.as('U0MAX').command('C0PARTNER', '/approvals')).toMatchObject({ ok: false })
    expect(await slack.as('U0GWEN').post('C0DATA', 'x')).toMatchObject({ ok: false })
  })

  test('a deactivated person cannot act, but a click that was on its way still arrives', async () => {
    const { received } = await bareApp(slack, () => 200)
    const at = await postButton(slack)
    const blockId = slack.as('U0BOB').messages('C0APPROVALS')[0]?.blocks[0]?.block_id
    const travelling = slack.compose({
      act: 'press',
      as: 'U0BOB',
      at,
      blockId: String(blockId),
      actionId: 'go',
    })
    slack.directory.changeMember('U0BOB', { deleted: true })
    await slack.idle()

    const now = await slack.as('U0BOB').press(at, 'go')
    const late = await slack.send(travelling)

    expect(now).toEqual({ ok: false, error: "Bob Okafor's account is deactivated." })
    expect(late.kind).toBe('acked')
    expect(received.at(-1)?.body).toContain('block_actions')
  })

  test('a forged payload is signed like any other', async () => {
    const { received } = await bareApp(slack, () => 200)
    await slack.as('U0BOB').press(await postButton(slack), 'go')
    const { parcel } = slack.deliveries.at(-1) ?? {}

    await slack.send({
      kind: 'interactive',
      payload: { ...parcel?.payload, team: { id: 'T0OTHER', domain: 'other' } },
    })

    const { headers, body = '' } = received.at(-1) ?? {}
    expect(body).toContain('T0OTHER')
    expect(headers).toMatchObject(signature({ signingSecret, body, at: clock.now() }))
  })
})
