import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Company, openCompany, refusals } from './company.ts'
import { crowd, globalId, organisation, organisationId, sister, stranger } from './organisation.ts'
import { ephemeralsTo } from './seen.ts'

let company: Company
afterEach(() => company.close())

const open = (mode: 'http' | 'socket' = 'http', listed: readonly string[] = crowd) =>
  openCompany({ mode, teamId: 'T0ACME', seed: organisation({ listed, organisationWide: true }) })

const calls = (method: string) => company.local.calls.filter((call) => call.method === method)

describe.each(['http', 'socket'] as const)('grid: an organisation-wide install, over %s', (mode) => {
  test('people of a sister workspace decide, a stranger does not, and payloads name no team', async () => {
    company = await open(mode)
    await eventually(() => expect(mode === 'http' || company.local.sockets.connected === 1).toBe(true))
    company.local.directory.addToGroup('S0PLATFORM', stranger)
    await company.local.idle()
    const { request, at } = await company.asked('deploy.start')

    await company.local.as(stranger).press(at, 'approve')
    expect(await company.state(request.id)).toBe('pending')
    await company.local.as(sister).press(at, 'approve')

    await eventually(async () => expect(await company.state(request.id)).toBe('approved'))
    expect(company.local.deliveries.at(-1)?.parcel.payload).toMatchObject({
      team: null,
      is_enterprise_install: true,
    })
    expect((await company.store.request(request.id))?.decisions[0]?.account).toBe(
      `slack:${organisationId}:${sister}`,
    )
    expect(refusals(company)).toEqual(['not_staff'])
  })
})

test.each([
  ['their ids of the workspace', crowd],
  ['their ids of the organisation', crowd.map(globalId)],
])(
  'grid: a group of 141, listed by %s, is asked of the workspace that the operator names, without a look-up each',
  async (_, listed) => {
    company = await open('http', listed)
    const { request, at } = await company.asked('iam.change')

    await company.local.as(crowd[140] ?? '').press(at, 'approve')
    await company.local.as(crowd[0] ?? '').press(at, 'approve')

    expect(await company.state(request.id)).toBe('approved')
    expect(calls('usergroups.list')[0]?.args).toMatchObject({ team_id: 'T0ACME' })
    expect(calls('users.info').length).toBeLessThan(20)
  },
)

test('a command of a member of a sister workspace is answered', async () => {
  company = await open()
  await company.asked('deploy.start')

  await company.local.as(sister).command('C0APPROVALS', '/approvals')

  await eventually(() =>
    expect(ephemeralsTo(company, sister)[0]?.text).toBe('1 waiting for you, 0 you asked for'),
  )
})

test('when the organisation uninstalls the app, the operator hears of it', async () => {
  company = await open()
  const { kind, payload } = {
    kind: 'events_api' as const,
    payload: {
      type: 'event_callback',
      api_app_id: 'A0COUNTERSIGN',
      team_id: null,
      enterprise_id: organisationId,
      is_enterprise_install: true,
      event_id: 'Ev0GONE',
      event: { type: 'app_uninstalled' },
    },
  }

  await company.local.send({ kind, payload: { ...payload, enterprise_id: 'E0OTHER' } })
  expect(company.reach.reaches()).toBe(true) // control: of another organisation it says nothing about us
  await company.local.send({ kind, payload })

  await eventually(() => expect(company.reach.reaches()).toBe(false))
})

test('control: without the workspace whose groups are meant, nothing is asked of such an install', async () => {
  company = await open()

  await expect(
    openCompany({ seed: organisation({ organisationWide: true }) }).then((other) => other.close()),
  ).rejects.toThrow('set SLACK_TEAM_ID')
})
