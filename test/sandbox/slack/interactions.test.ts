import type { App } from '@slack/bolt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts'
import { clientOf, handClock, httpApp, openSlack, socketApp } from './company.ts'

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const card = [
  { type: 'header' as const, text: plain('Approval needed') },
  {
    type: 'actions' as const,
    elements: [
      { type: 'button' as const, action_id: 'approve', text: plain('Approve'), value: 'req_1' },
      { type: 'overflow' as const, action_id: 'more', options: [{ text: plain('Why'), value: 'why' }] },
    ],
  },
]
const reasonModal = (title = 'Deny') => ({
  type: 'modal' as const,
  callback_id: 'deny',
  private_metadata: 'req_1',
  notify_on_close: true,
  title: plain(title),
  submit: plain('Deny'),
  blocks: [
    {
      type: 'input' as const,
      block_id: 'reason',
      label: plain('Reason'),
      element: { type: 'plain_text_input' as const, action_id: 'text', min_length: 3 },
    },
  ],
})
const reason = (value: string) => ({ text: { type: 'plain_text_input', value } })
const nothing = (title: string) => ({ ...reasonModal(title), blocks: [{ type: 'divider' as const }] })

/** Starts a real Bolt app for this Slack and gives how to stop it. */
type Start = (slack: LocalSlack, define: (app: App) => void) => Promise<() => Promise<unknown>>

const modes: [string, Start][] = [
  ['HTTP', async (slack, define) => (await httpApp(slack, define)).stop],
  [
    'Socket Mode',
    async (slack, define) => {
      const app = await socketApp(slack, define)
      return () => app.stop()
    },
  ],
]

describe.each(modes)('over %s', (_mode, start) => {
  const clock = handClock()
  let slack: LocalSlack
  let stop: () => Promise<unknown> = async () => {}

  beforeEach(async () => {
    slack = await openSlack({ now: clock.now })
  })
  afterEach(async () => {
    await stop()
    await slack.close()
  })

  const run = async (define: (app: App) => void) => {
    stop = await start(slack, define)
  }
  const postCard = async () => {
    const { ts = '' } = await clientOf(slack).chat.postMessage({
      channel: 'C0APPROVALS',
      text: 'card',
      blocks: card,
    })
    return { conversation: 'C0APPROVALS', ts }
  }
  /** A button that opens `view`, pressed by Bob. */
  const openModal = async (define: (app: App) => void, view = reasonModal()) => {
    await run((app) => {
      app.action('approve', async ({ ack, client, body }) => {
        await ack()
        if ('trigger_id' in body) await client.views.open({ trigger_id: body.trigger_id, view })
      })
      define(app)
    })
    const pressed = await slack.as('U0BOB').press(await postCard(), 'approve')
    expect(pressed).toMatchObject({ ok: true })
    await until(() => slack.as('U0BOB').modal() !== undefined)
  }

  test('a pressed button reaches its listener with Slack’s own payload', async () => {
    const bodies: unknown[] = []
    await run((app) =>
      app.action('approve', async ({ ack, body }) => {
        bodies.push(body)
        await ack()
      }),
    )
    const at = await postCard()

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
    await run((app) =>
      app.action('more', async ({ ack, action }) => {
        chosen.push(action)
        await ack()
      }),
    )
    const at = await postCard()

    const good = await slack.as('U0BOB').press(at, 'more', { value: 'why' })
    const bad = await slack.as('U0BOB').press(at, 'more', { value: 'other' })

    expect(good.ok).toBe(true)
    expect(chosen).toMatchObject([{ type: 'overflow', selected_option: { value: 'why' } }])
    expect(bad).toEqual({ ok: false, error: 'That option is not there any more.' })
  })

  test('respond shows something to the clicker only, or replaces the card', async () => {
    await run((app) =>
      app.action('approve', async ({ ack, respond }) => {
        await ack()
        await respond({ text: 'not yours', response_type: 'ephemeral', replace_original: false })
        await respond({ text: 'settled', replace_original: true })
      }),
    )
    const at = await postCard()

    await slack.as('U0ALICE').press(at, 'approve')
    await until(() => slack.as('U0BOB').messages('C0APPROVALS')[0]?.text === 'settled')

    expect(slack.as('U0ALICE').messages('C0APPROVALS')).toMatchObject([
      { text: 'settled', blocks: [] },
      { text: 'not yours', ephemeral: true },
    ])
    expect(slack.as('U0BOB').messages('C0APPROVALS')).toHaveLength(1)
  })

  test('a modal opens, is submitted with its values, and closes', async () => {
    const submissions: unknown[] = []
    await openModal((app) =>
      app.view('deny', async ({ ack, view, body }) => {
        submissions.push({ view, user: body.user })
        await ack()
      }),
    )

    const result = await slack.as('U0BOB').submit(reason('too many rows'))

    expect(result.ok).toBe(true)
    expect(slack.as('U0BOB').modal()).toBeUndefined()
    expect(submissions).toMatchObject([
      {
        user: { id: 'U0BOB' },
        view: {
          private_metadata: 'req_1',
          callback_id: 'deny',
          state: { values: { reason: { text: { type: 'plain_text_input', value: 'too many rows' } } } },
        },
      },
    ])
  })

  test('a required input is insisted on before anything is sent', async () => {
    await openModal(() => {})
    const before = slack.deliveries.length

    const empty = await slack.as('U0BOB').submit()
    const short = await slack.as('U0BOB').submit(reason('no'))

    expect(empty).toEqual({ ok: false, errors: { reason: 'Please complete this required field.' } })
    expect(short).toEqual({ ok: false, errors: { reason: 'Please enter at least 3 characters.' } })
    expect(slack.deliveries).toHaveLength(before)
  })

  test('errors are shown under their input, and the modal stays', async () => {
    await openModal((app) =>
      app.view('deny', ({ ack }) => ack({ response_action: 'errors', errors: { reason: 'Say more.' } })),
    )

    expect(await slack.as('U0BOB').submit(reason('because'))).toMatchObject({
      ok: false,
      errors: { reason: 'Say more.' },
    })
    expect(slack.as('U0BOB').modal()).toBeDefined()
  })

  test('errors on something that is no input are trouble, and noted', async () => {
    await openModal((app) =>
      app.view('deny', ({ ack }) => ack({ response_action: 'errors', errors: { nope: 'x' } })),
    )

    expect(await slack.as('U0BOB').submit(reason('because'))).toMatchObject({
      ok: false,
      error: expect.stringContaining('trouble'),
    })
    expect(slack.problems).toEqual([expect.stringContaining('nope')])
  })

  test('an answer may update, push, or clear', async () => {
    const answers = [
      { response_action: 'update' as const, view: reasonModal('Updated') },
      { response_action: 'push' as const, view: reasonModal('Pushed') },
      { response_action: 'clear' as const },
    ]
    const titles: unknown[] = []
    await openModal((app) => app.view('deny', ({ ack }) => ack(answers.shift())))

    for (let i = 0; i < 3; i += 1) {
      await slack.as('U0BOB').submit(reason('because'))
      titles.push(
        slack
          .as('U0BOB')
          .sees()
          .modals.map(({ title }) => title),
      )
    }

    expect(titles).toEqual([['Updated'], ['Updated', 'Pushed'], []])
  })

  test('closing is told when the view asks for it', async () => {
    const closed: unknown[] = []
    await openModal((app) =>
      app.view({ callback_id: 'deny', type: 'view_closed' }, async ({ ack, body }) => {
        closed.push('is_cleared' in body && body.is_cleared)
        await ack()
      }),
    )

    await slack.as('U0BOB').close()
    await slack.idle()

    expect(closed).toEqual([false])
    expect(slack.as('U0BOB').modal()).toBeUndefined()
  })

  test('a trigger is good once, and for three seconds', async () => {
    const triggers: string[] = []
    await run((app) =>
      app.action('approve', async ({ ack, body }) => {
        if ('trigger_id' in body) triggers.push(body.trigger_id)
        await ack()
      }),
    )
    const at = await postCard()
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
    await run((app) =>
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

  test('a mention is an event, and what people type is only text', async () => {
    const texts: string[] = []
    await run((app) =>
      app.event('app_mention', async ({ event }) => {
        texts.push(event.text)
      }),
    )

    await slack.as('U0BOB').post('C0GENERAL', '<@U0COUNTERSIGN> hello <!channel> & <https://evil.test|x>')
    await slack.as('U0BOB').post('C0GENERAL', 'no mention')
    await slack.idle()

    expect(texts).toEqual(['<@U0COUNTERSIGN> hello &lt;!channel&gt; &amp; &lt;https://evil.test|x&gt;'])
  })

  test('opening Home is an event, and Home is published with its hash', async () => {
    await run((app) =>
      app.event('app_home_opened', async ({ event, client }) => {
        await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: card } })
      }),
    )
    await slack.as('U0BOB').home()
    await until(() => slack.as('U0BOB').sees().home !== null)
    const { hash = '' } = slack.as('U0BOB').sees().home ?? {}
    const publish = (known: string) =>
      clientOf(slack).views.publish({ user_id: 'U0BOB', hash: known, view: { type: 'home', blocks: card } })

    await publish(hash)

    await expect(publish(hash)).rejects.toThrow('hash_conflict')
  })

  test('changes of people and groups are events', async () => {
    const seen: unknown[] = []
    await run((app) => {
      app.event('user_change', async ({ event }) => {
        seen.push([event.user.id, event.user.deleted])
      })
      app.event('subteam_members_changed', async ({ event }) => {
        seen.push([event.subteam_id, event.removed_users])
      })
    })

    slack.directory.changeMember('U0BOB', { deleted: true })
    await slack.idle()
    slack.directory.removeFromGroup('S0SECURITY', 'U0PRIYA')
    await slack.idle()

    expect(seen).toEqual([
      ['U0BOB', true],
      ['S0SECURITY', ['U0PRIYA']],
    ])
  })

  test('the same press can arrive twice', async () => {
    const stamps: unknown[] = []
    await run((app) =>
      app.action('approve', async ({ ack, body }) => {
        if ('actions' in body) stamps.push(body.actions[0])
        await ack()
      }),
    )
    await slack.as('U0BOB').press(await postCard(), 'approve')

    await slack.deliveries.at(-1)?.again()

    expect(stamps).toHaveLength(2)
    expect(stamps[0]).toEqual(stamps[1])
  })
})

/** Waits for work that goes on after the acknowledgement; the test's own timeout is the limit. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}
