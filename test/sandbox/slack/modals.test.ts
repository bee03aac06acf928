import type { App } from '@slack/bolt'
import { describe, expect, test } from 'vitest'
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts'
import { modes, plain, postCard, runApp, type Start, until } from './boltApp.ts'

const reasonModal = (title: string) => ({
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

describe.each(modes)('over %s', (_mode, start) => {
  test('a modal opens, is submitted with its values, and closes', async () => {
    const submissions: unknown[] = []
    const slack = await openModal(start, (app) =>
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
    const slack = await openModal(start, () => {})
    const before = slack.deliveries.length

    const empty = await slack.as('U0BOB').submit()
    const short = await slack.as('U0BOB').submit(reason('no'))

    expect(empty).toEqual({ ok: false, errors: { reason: 'Please complete this required field.' } })
    expect(short).toEqual({ ok: false, errors: { reason: 'Please enter at least 3 characters.' } })
    expect(slack.deliveries).toHaveLength(before)
  })

  test('errors are shown under their input, and the modal stays', async () => {
    const slack = await openModal(start, (app) =>
      app.view('deny', ({ ack }) => ack({ response_action: 'errors', errors: { reason: 'Say more.' } })),
    )

    expect(await slack.as('U0BOB').submit(reason('because'))).toMatchObject({
      ok: false,
      errors: { reason: 'Say more.' },
    })
    expect(slack.as('U0BOB').modal()).toBeDefined()
  })

  test('errors on something that is no input are trouble, and noted', async () => {
    const slack = await openModal(start, (app) =>
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
    const slack = await openModal(start, (app) => app.view('deny', ({ ack }) => ack(answers.shift())))

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
    const slack = await openModal(start, (app) =>
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
})

/** Bob has pressed a button that opens the window for a reason. */
async function openModal(start: Start, define: (app: App) => void): Promise<LocalSlack> {
  const slack = await runApp(start, (app) => {
    app.action('approve', async ({ ack, client, body }) => {
      await ack()
      if ('trigger_id' in body)
        await client.views.open({ trigger_id: body.trigger_id, view: reasonModal('Deny') })
    })
    define(app)
  })
  const pressed = await slack.as('U0BOB').press(await postCard(slack), 'approve')
  expect(pressed).toMatchObject({ ok: true })
  await until(() => slack.as('U0BOB').modal() !== undefined)
  return slack
}
