import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Company, openCompany } from './company.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany({ mode: 'socket' })
  await connected()
})
afterEach(() => company.close())

const connected = () => eventually(() => expect(company.local.sockets.connected).toBe(1))
const opened = () => company.local.calls.filter((call) => call.method === 'apps.connections.open').length

test('Slack asks to connect again, and clicks arrive again at once', async () => {
  const { request, at } = await company.asked('deploy.start')
  company.local.sockets.disconnectAll('refresh_requested')
  await eventually(() => expect(opened()).toBe(2))
  await connected()

  await eventually(async () => {
    await company.local.as('U0GRACE').press(at, 'approve')
    expect(await company.state(request.id)).toBe('approved')
  })
})

test('Slack being unreachable, or refusing the token, while we connect again does not end it', async () => {
  company.local.faults.next('apps.connections.open', { kind: 'status', status: 500 })
  company.local.faults.next('apps.connections.open', { kind: 'error', error: 'invalid_auth' })

  company.local.sockets.disconnectAll('warning')

  await eventually(() => expect(opened()).toBe(4))
  await connected()
  expect(
    company.logged.filter((line) => line.msg === 'could not connect to Slack; trying again'),
  ).toMatchObject([{ code: 'http_500' }, { code: 'invalid_auth' }])
})

test('over Socket Mode the HTTP endpoint takes nothing', async () => {
  const status = await new Promise((resolve) => {
    const response = { writeHead: (code: number) => resolve(code), end: () => {} }
    void company.slack.handle({} as never, response as never) // only what `handle` touches
  })

  expect(status).toBe(404)
})
