import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LocalSlack } from '../../../src/sandbox/slack/server.ts'
import { clientOf, openSlack } from './company.ts'

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const modal = (more: object = {}) => ({
  type: 'modal' as const,
  title: plain('Title'),
  blocks: [{ type: 'divider' as const }],
  ...more,
})

let slack: LocalSlack
beforeEach(async () => {
  slack = await openSlack()
})
afterEach(() => slack.close())

/** A fresh trigger of Bob's, as a command of his brings one. */
const trigger = () => {
  const { payload } = slack.compose({
    act: 'command',
    as: 'U0BOB',
    conversation: 'C0GENERAL',
    text: '/approvals',
  })
  return String(payload.trigger_id)
}
const open = (view = modal()) => clientOf(slack).views.open({ trigger_id: trigger(), view })
const push = (view = modal()) => clientOf(slack).views.push({ trigger_id: trigger(), view })

test('a view that breaks a rule is refused with Slack’s explanation', async () => {
  await expect(open(modal({ title: plain('x'.repeat(25)) }))).rejects.toMatchObject({
    data: {
      error: 'invalid_arguments',
      response_metadata: {
        messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
      },
    },
  })
})

test('a refused view does not spend its trigger', async () => {
  const one = trigger()
  const { views } = clientOf(slack)

  await expect(views.open({ trigger_id: one, view: modal({ title: plain('') }) })).rejects.toThrow()

  await expect(views.open({ trigger_id: one, view: modal() })).resolves.toMatchObject({ ok: true })
})

test('three modals stack, a fourth does not', async () => {
  await open()
  await push()
  const third = await push()

  await expect(push()).rejects.toThrow('push_limit_reached')
  const stack = slack.as('U0BOB').sees().modals
  expect(stack.map(({ id }) => id)).toHaveLength(3)
  expect(third.view).toMatchObject({ root_view_id: stack[0]?.id, previous_view_id: stack[1]?.id })
})

test('there is no pushing onto nothing', async () => {
  await expect(push()).rejects.toThrow('invalid_trigger_id')
})

test('a view over 250 kilobytes is too large', async () => {
  const blocks = Array.from({ length: 100 }, () => ({ type: 'section', text: plain('x'.repeat(3000)) }))

  await expect(open(modal({ blocks }))).rejects.toThrow('view_too_large')
})

test('an update with the hash of an older view is a conflict', async () => {
  const { view } = await open()
  const { id: view_id = '', hash = '' } = view ?? {}
  const update = () => clientOf(slack).views.update({ view_id, hash, view: modal({ title: plain('Newer') }) })

  await update()

  await expect(update()).rejects.toThrow('hash_conflict')
  expect(slack.as('U0BOB').modal()?.title).toBe('Newer')
})

test('an external id finds its view, belongs to one view, and may be kept in an update', async () => {
  await open(modal({ external_id: 'req_1' }))
  const update = (external_id: string) =>
    clientOf(slack).views.update({ external_id, view: modal({ external_id, title: plain('Newer') }) })

  await update('req_1')

  expect(slack.as('U0BOB').modal()?.title).toBe('Newer')
  await expect(push(modal({ external_id: 'req_1' }))).rejects.toThrow('duplicate_external_id')
  await expect(update('req_2')).rejects.toThrow('not_found')
})

test('a view that was closed cannot be updated', async () => {
  const { view } = await open()

  await slack.as('U0BOB').close()

  const late = clientOf(slack).views.update({ view_id: view?.id ?? '', view: modal() })
  await expect(late).rejects.toThrow('not_found')
})

test('nobody can submit another person’s modal', async () => {
  const { view } = await open()

  const result = await slack.act({ act: 'submit', as: 'U0SAM', view: view?.id ?? '', state: {} })

  expect(result).toEqual({ ok: false, error: 'This window was closed.' })
})

test('clear_on_close takes the whole stack away', async () => {
  await open()
  await push(modal({ clear_on_close: true }))

  await slack.as('U0BOB').close()

  expect(slack.as('U0BOB').sees().modals).toEqual([])
})
