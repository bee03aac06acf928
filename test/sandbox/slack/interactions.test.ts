import type { App } from '@slack/bolt'
import { describe, expect, test } from 'vitest'
import { modes, plain, postCard, runApp, until } from './boltApp.ts'
import { clientOf, handClock } from './company.ts'

const nothing = (title: string) => ({
  type: 'modal' as const,
  title: plain(title),
  blocks: [{ type: 'divider' as const }],
})

describe.each(modes)('over %s', (_mode, start) => {
  test('a pressed button reaches its listener with Slack’s own payload', async () => {
    const bodies: unknown[] = []
    const slack = await runApp(start, (app) =>
      app.action('approve', async ({ ack, body }) => {
        bodies.push(body)
        await ack()
      }),
    )
    const at = await postCard(slack)

    const result = await slack.as('U0BOB').press(at, 'approve')

    expect(result).toEqual({ ok: true, ackMs: expect.any(Number) })
    expect(bodies).toMatchObject([
      {
        type: 'block_actions',
        user: { id: 'U0BOB', team_id: 'T0ACME' },
        team: { id: 'T0ACME', domain: 'acme' },
        api_app_id: 'A0COUNTERSIGN',
        enterprise: null,
        is_enterprise_install: false,
        container: { type: 'message', message_ts: at.ts, channel_id: 'C0APPROVALS', is_ephemeral: false },
        channel: { id: 'C0APPROVALS', name: 'agent-approvals' },
        message: { ts: at.ts, bot_id: 'B0COUNTERSIGN', blocks: [{ type: 'header' }, { type: 'actions' }] },
        actions: [{ type: 'button', action_id: 'approve', value: 'req_1', action_ts: expect.any(String) }],
        state: { values: {} },
        response_url: expect.stringContaining('/sandbox/slack/response/'),
        trigger_id: expect.any(String),
      },
    ])
  })

  test('an overflow menu sends the chosen option, and only one that is offered', async () => {
    const chosen: unknown[] = []
    const slack = await runApp(start, (app) =>
      app.action('more', async ({ ack, action }) => {
        chosen.push(action)
        await ack()
      }),
    )
    const at = await postCard(slack)

    const good = await slack.as('U0BOB').press(at, 'more', { value: 'why' })
    const bad = await slack.as('U0BOB').press(at, 'more', { value: 'other' })

    expect(good.ok).toBe(true)
    expect(chosen).toMatchObject([{ type: 'overflow', selected_option: { value: 'why' } }])
    expect(bad).toEqual({ ok: false, error: 'That option is no longer there.' })
  })

  test('respond shows something to the clicker only, or replaces the card', async () => {
    const slack = await runApp(start, (app) =>
      app.action('approve', async ({ ack, respond }) => {
        await ack()
        await respond({ text: 'not yours', response_type: 'ephemeral', replace_original: false })
        await respond({ text: 'settled', replace_original: true })
      }),
    )
    const at = await postCard(slack)

    await slack.as('U0ALICE').press(at, 'approve')
    await until(() => slack.as('U0BOB').messages('C0APPROVALS')[0]?.text === 'settled')

    expect(slack.as('U0ALICE').messages('C0APPROVALS')).toMatchObject([
      { text: 'settled', blocks: [] },
      { text: 'not yours', ephemeral: true },
    ])
    expect(slack.as('U0BOB').messages('C0APPROVALS')).toHaveLength(1)
  })

  test('a trigger is good once, and for three seconds', async () => {
    const clock = handClock()
    const triggers: string[] = []
    const define = (app: App) =>
      app.action('approve', async ({ ack, body }) => {
        if ('trigger_id' in body) triggers.push(body.trigger_id)
        await ack()
      })
    const slack = await runApp(start, define, { now: clock.now })
    const at = await postCard(slack)
    await slack.as('U0BOB').press(at, 'approve')
    await slack.as('U0BOB').press(at, 'approve')
    const [first = '', second = ''] = triggers
    const { views } = clientOf(slack)

    await views.open({ trigger_id: first, view: nothing('One') })
    clock.advance(3001)

    await expect(views.open({ trigger_id: first, view: nothing('Again') })).rejects.toThrow(
      'exchanged_trigger_id',
    )
    await expect(views.open({ trigger_id: second, view: nothing('Late') })).rejects.toThrow(
      'expired_trigger_id',
    )
    await expect(views.open({ trigger_id: 'made.up', view: nothing('x') })).rejects.toThrow(
      'invalid_trigger_id',
    )
  })

  test('a slash command answers in its acknowledgement, with names turned into ids', async () => {
    const slack = await runApp(start, (app) =>
      app.command('/approvals', async ({ ack, command }) => {
        await ack(`you said ${command.text} in ${command.channel_name}`)
      }),
    )

    const result = await slack
      .as('U0BOB')
      .command('C0GENERAL', '/approvals  show @alice #deploys @security <b>')

    expect(result.ok).toBe(true)
    expect(slack.as('U0BOB').messages('C0GENERAL')).toMatchObject([
      {
        ephemeral: true,
        text: 'you said show <@U0ALICE|alice> <#C0DEPLOYS|deploys> <!subteam^S0SECURITY|@security> &lt;b&gt; in general',
      },
    ])
  })

  test('the same press can arrive twice', async () => {
    const stamps: unknown[] = []
    const slack = await runApp(start, (app) =>
      app.action('approve', async ({ ack, body }) => {
        if ('actions' in body) stamps.push(body.actions[0])
        await ack()
      }),
    )
    await slack.as('U0BOB').press(await postCard(slack), 'approve')

    await slack.deliveries.at(-1)?.again()

    expect(stamps).toHaveLength(2)
    expect(stamps[0]).toEqual(stamps[1])
  })
})
