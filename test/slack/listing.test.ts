import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pageLength } from '../../src/channels/listPage.ts'
import { readPart } from '../../src/channels/lists.ts'
import { looks } from '../../src/channels/lookLimit.ts'
import { eventually } from '../support/eventually.ts'
import { bundleWithDefaults } from '../support/testBundle.ts'
import { ask } from '../support/world.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { ephemeralsTo, whispersTo } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
  company.world.setPolicy(bundleWithDefaults('max_pending: 5000'))
})
afterEach(() => company.close())

const bob = () => company.local.as('U0BOB')
const shownIn = (blocks: unknown) =>
  [...JSON.stringify(blocks).matchAll(/"value":"(req_\w+)\|"/g)].map(([, id]) => id)
const window = () => bob().modal()
const inWindow = () => shownIn(window()?.blocks)
const pressInWindow = (button: string) => bob().press({ view: window()?.id ?? '' }, button)

async function listOf(count: number) {
  const asked: string[] = []
  for (let nth = 0; nth < count; nth += 1) asked.unshift((await ask(company.world, 'db.export')).id)
  await bob().command(channelId, '/approvals')
  await eventually(() => expect(whispersTo(company, 'U0BOB')).toHaveLength(1))
  const [list] = ephemeralsTo(company, 'U0BOB')
  return { asked, list, at: { conversation: channelId, ts: list?.ts ?? '' } }
}

describe('a list that is longer than a message', () => {
  test('says how many there are, and goes on page by page, each request once', async () => {
    const { asked, list, at } = await listOf(pageLength + 8 + 3)
    expect(list?.text).toBe(`${asked.length} waiting for you, 0 you asked for`)
    expect(JSON.stringify(list?.blocks)).toContain(`and ${pageLength + 3} more`)
    const seen = shownIn(list?.blocks)

    await bob().press(at, 'list')
    await eventually(() => expect(inWindow()).toHaveLength(pageLength))
    seen.push(...inWindow())
    await pressInWindow('list_next')
    await eventually(() => expect(inWindow()).toHaveLength(3))
    seen.push(...inWindow())

    expect(seen).toEqual(asked)
    expect(JSON.stringify(window()?.blocks)).not.toContain('list_next')
    await pressInWindow('list_first')
    await eventually(() => expect(inWindow()).toEqual(asked.slice(0, pageLength)))
  })

  test('opens a request in its window, where it can be decided', async () => {
    const { asked, at } = await listOf(9)
    await bob().press(at, 'list')
    await eventually(() => expect(inWindow()).toEqual([asked[8]]))

    await pressInWindow('open')

    await eventually(() => expect(JSON.stringify(window()?.blocks)).toContain(`Page 1 of 1 · ${asked[8]}`))
    await pressInWindow('approve_in_view')
    await eventually(async () =>
      expect((await company.store.request(asked[8] ?? ''))?.decisions).toHaveLength(1),
    )
  })

  test.each(['waiting|req_1; DROP', 'waiting|req_', 'toString|', 'req_1|', ''])(
    'is not shown from “%s”, which is on no button',
    (value) => {
      expect(readPart(value)).toBeNull()
    },
  )
})

describe('flood: one person asks for lists again and again', () => {
  test('and is told kindly to wait; another is not kept from theirs', async () => {
    const lookAgain = async (times: number) => {
      for (let nth = 0; nth < times; nth += 1) await bob().command(channelId, '/approvals')
    }
    await lookAgain(looks.burst)
    await eventually(() => expect(whispersTo(company, 'U0BOB')).toHaveLength(looks.burst))

    await lookAgain(1)

    await eventually(() =>
      expect(whispersTo(company, 'U0BOB').at(-1)).toBe(
        'You have looked at your lists very often just now. Nothing is lost: wait a few seconds, then look again.',
      ),
    )
    await company.local.as('U0GRACE').command(channelId, '/approvals')
    await eventually(() =>
      expect(ephemeralsTo(company, 'U0GRACE').at(-1)?.text).toContain('0 waiting for you'),
    )
    company.world.clock.advance(2)
    await lookAgain(1)
    await eventually(() => expect(ephemeralsTo(company, 'U0BOB').at(-1)?.text).toContain('0 waiting for you'))
  })

  test('and goes on to open what waits and to decide', async () => {
    const { request, at } = await company.asked('db.export')
    for (let nth = 0; nth < looks.burst + 1; nth += 1) await bob().command(channelId, '/approvals')

    await bob().press(at, 'approve')

    await eventually(async () => expect((await company.store.request(request.id))?.decisions).toHaveLength(1))
  })
})
