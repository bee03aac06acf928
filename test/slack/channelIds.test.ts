import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { acme } from '../../src/sandbox/seed.ts'
import { eventually } from '../support/eventually.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask, elsewhere } from '../support/world.ts'
import { type Company, channelId, openCompany, unshared } from './company.ts'
import { ephemeralsTo, whispersTo } from './seen.ts'

let company: Company
const group = 'G0OLDGROUP'
/** Acme, whose approvals channel is a private group from the time when their ids began with G. */
const withGroup = unshared({
  ...acme,
  channels: [
    ...acme.channels,
    { id: group, name: 'leads', topic: 'Private', members: ['U0GRACE', 'U0SAM', 'U0COUNTERSIGN'] },
  ],
})
beforeEach(async () => {
  company = await openCompany({ seed: withGroup })
})
afterEach(() => company.close())

describe('a private group whose id begins with G', () => {
  beforeEach(() => {
    const bundle = (bundleFiles['bundle.yaml'] ?? '').replaceAll(/C0APPROVALS|C0ALERTS/g, group)
    company.world.setPolicy(testBundle({ ...bundleFiles, 'bundle.yaml': bundle }))
  })

  async function posted() {
    const request = await ask(company.world, 'deploy.start')
    await announce(company.world.ports, company.slack.channel, request.id)
    const [card] = company.local.as('U0GRACE').messages(group)
    return { request, at: { conversation: group, ts: card?.ts ?? '' } }
  }

  test('has its card, and a click on it counts', async () => {
    const { request, at } = await posted()

    await company.local.as('U0GRACE').press(at, 'approve')

    expect(await company.state(request.id)).toBe('approved')
  })

  test('a mention in its thread counts', async () => {
    const { request, at } = await posted()

    await company.local.as('U0GRACE').post(group, '<@U0COUNTERSIGN> approve', at.ts)

    await eventually(async () => expect(await company.state(request.id)).toBe('approved'))
  })

  test('gets no card while it is shared with another organisation', async () => {
    const before = company.local.workspace.conversations.get(group)
    if (!before) throw new Error('there is no such group')
    company.local.workspace.conversations.set(group, { ...before, shared: true })

    await expect(posted()).rejects.toMatchObject({ code: 'shared_channel' })
  })
})

describe('Slack gives a channel another id', () => {
  const is = 'C0RENAMED'
  const idChanged = () =>
    company.local.send({
      kind: 'events_api',
      payload: {
        api_app_id: company.identity.appId,
        type: 'event_callback',
        event_id: 'Ev0RENAMED',
        event: { type: 'channel_id_changed', old_channel_id: channelId, new_channel_id: is, event_ts: '1.1' },
      },
    })

  test('the operator reads which one, and what to change', async () => {
    await idChanged()

    expect(company.logged).toContainEqual(
      expect.objectContaining({
        level: 50,
        was: channelId,
        is,
        msg: expect.stringContaining(`put ${is} in place of ${channelId} in the directory of the policy`),
      }),
    )
  })

  test('whether it is shared is asked again', async () => {
    await company.asked('deploy.start')
    const asked = () => company.local.calls.filter(({ method }) => method === 'conversations.info').length
    const before = asked()
    await idChanged()
    company.world.clock.advance(2)

    await company.asked('deploy.start', elsewhere('deploy.start'))

    expect(asked()).toBe(before + 1)
  })

  test('a click on a card in it decides nothing and is told so, and `/approvals` goes on working', async () => {
    const { request, at } = await company.asked('deploy.start')
    const message = company.local
      .as('U0BOB')
      .messages(channelId)
      .find(({ ts }) => ts === at.ts)
    const blockId = String(message?.blocks.find(({ type }) => type === 'actions')?.block_id)
    const click = company.local.compose({ act: 'press', as: 'U0GRACE', at, blockId, actionId: 'approve' })
    await idChanged()

    const container = { type: 'message', message_ts: at.ts, channel_id: is }
    await company.local.send({ ...click, payload: { ...click.payload, container } })

    await eventually(() =>
      expect(whispersTo(company, 'U0GRACE')).toEqual([expect.stringContaining('nothing was decided')]),
    )
    expect(await company.state(request.id)).toBe('pending')
    await company.local.as('U0GRACE').command('C0GENERAL', '/approvals')
    await eventually(() =>
      expect(JSON.stringify(ephemeralsTo(company, 'U0GRACE', 'C0GENERAL'))).toContain(request.id),
    )
  })
})
