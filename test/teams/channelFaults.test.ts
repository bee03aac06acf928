import { beforeEach, describe, expect, test } from 'vitest'
import {
  approved,
  bob,
  bobsKey,
  card,
  decided,
  direct,
  faultOf,
  openChannel,
  posted,
  sensitive,
  view,
} from './channelWorld.ts'
import { once, refuses } from './fakeConnector.ts'

let at: ReturnType<typeof openChannel>
beforeEach(() => {
  at = openChannel()
})

describe('when Teams is', () => {
  test('not to be reached, or lost the answer: it may have taken effect, and is not remembered as posted', async () => {
    at.teams.trouble.after = refuses('timeout', { status: 0, unknown: true })
    const fault = await faultOf(at.channel.post(card, view))

    expect(fault).toMatchObject({ code: 'timeout', unknown: true, gone: false })
    expect(at.teams.sent()).toHaveLength(1)
    expect(await at.channel.postedAt(card)).toBeNull()
  })

  test('deaf in one conversation: nobody else waits for that, and when it answers at last it counts', async () => {
    let answer = () => {}
    const late = new Promise<void>((resolve) => {
      answer = resolve
    })
    at.teams.trouble.before = once(() => late)
    const slow = at.channel.post(card, view)
    await at.channel.post(direct, view)
    expect(at.teams.sent().map(({ conversation }) => conversation)).toEqual([`a:${bob}`])
    expect(await at.channel.postedAt(card)).toBeNull()

    answer()
    expect(await at.channel.postedAt({ ...card, message: await slow })).toBe(await slow)
  })

  test('wrong once: the next try is as if nothing had been', async () => {
    at.teams.trouble.before = once(refuses('http_502', { status: 502, unknown: true }))
    expect((await faultOf(at.channel.update(posted, view))).code).toBe('http_502')

    await at.channel.update(posted, view)
    expect(at.teams.sent()).toHaveLength(1)
  })

  test('something that we do not know of: it may have taken effect, and its words are in no message', async () => {
    at.teams.trouble.before = () => {
      throw new Error(`Bearer secret for ${sensitive}`)
    }
    const fault = await faultOf(at.channel.post(card, view))

    expect(fault).toMatchObject({ code: 'unexpected', unknown: true })
    expect(fault.message).not.toContain('secret')
  })

  test('throttling: until it wants more nothing is sent into that conversation, and the others go on', async () => {
    at.teams.trouble.before = once(refuses('rate_limited', { status: 429, wait: 20 }))
    expect(await faultOf(at.channel.post(card, view))).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 20,
    })

    expect(await faultOf(at.channel.post(card, view))).toMatchObject({ code: 'not_yet', unknown: false })
    expect(await faultOf(at.channel.mayTell(posted))).toMatchObject({ code: 'not_yet' })
    await at.channel.post(direct, view)
    expect(at.teams.sent().map(({ conversation }) => conversation)).toEqual([`a:${bob}`])
    at.wait(25_000)
    await at.channel.post(card, view)
    expect(at.teams.sent()).toHaveLength(2)
  })

  test('asked too much of in one conversation: it is not asked, and cards go before lines', async () => {
    for (let nth = 0; nth < 6; nth += 1) await at.channel.update(posted, view)
    expect((await faultOf(at.channel.tell(posted, approved, [decided]))).code).toBe('not_yet')
    expect((await faultOf(at.channel.update(posted, view))).code).toBe('not_yet')
    at.wait(2_000)
    expect((await faultOf(at.channel.tell(posted, approved, [decided]))).code).toBe('not_yet')
    await at.channel.update(posted, view)

    expect(at.teams.sent().map(({ call }) => call)).toEqual(Array(7).fill('update'))
  })

  test('asked too much of by one person, by whichever name: their chat is one conversation', async () => {
    const refused = { verb: 'approve', refused: { code: 'wrong_state', problems: [] } } as const
    for (let nth = 0; nth < 6; nth += 1)
      await at.channel.answer(nth % 2 ? bobsKey : `teams:${bob}`, view, refused)

    expect((await faultOf(at.channel.answer(bobsKey, view, refused))).code).toBe('not_yet')
    expect((await faultOf(at.channel.answer(`teams:${bob}`, view, refused))).code).toBe('not_yet')
    expect(at.teams.sent()).toHaveLength(6)
  })

  test('wanting fewer calls in a chat: it is still the same chat', async () => {
    await at.channel.post(direct, view)
    at.teams.trouble.before = once(refuses('rate_limited', { status: 429, wait: 1 }))
    await faultOf(at.channel.post({ ...direct, id: 'crd_03kb' }, view))
    at.wait(2_000)
    await at.channel.post({ ...direct, id: 'crd_03kb' }, view)

    expect(at.teams.calls.filter(({ call }) => call === 'chat')).toHaveLength(1)
  })

  test('no place for a card any more: its message is gone, and only then another card takes its place', async () => {
    at.teams.trouble.before = refuses('ActivityNotFoundInConversation', { status: 404 })
    expect(await faultOf(at.channel.update(posted, view))).toMatchObject({ gone: true })

    at.teams.trouble.before = refuses('ConversationNotFound', { status: 404 })
    expect(await faultOf(at.channel.update(posted, view))).toMatchObject({ gone: false })
  })

  test.each([
    ['BotNotInConversationRoster', /add the app to the team/],
    ['ConversationNotFound', /correct the channel in the policy/],
    ['unreachable', /TEAMS_SERVICE_URL/],
  ])('refusing us by %s: the fault says what to do', async (code, fix) => {
    at.teams.trouble.before = refuses(code)

    expect((await faultOf(at.channel.post(card, view))).message).toMatch(fix)
  })

  test('unwilling to mention somebody: the card is sent without calls; control: with them where it takes them', async () => {
    await at.channel.post(card, view)
    expect(JSON.stringify(at.teams.sent()[0]?.message)).toContain('<at>')

    at.teams.trouble.before = ({ message }) => {
      if (message?.card.msteams.entities)
        refuses('BadSyntax', { status: 400 })({ call: 'post', conversation: '', message })
    }
    await at.channel.post({ ...card, id: 'crd_03kb' }, view)
    expect(JSON.stringify(at.teams.sent()[1]?.message)).not.toContain('<at>')
    expect(JSON.stringify(at.teams.sent()[1]?.message)).toContain('"open":"approve_form"')
  })

  test('without a chat that it had: another is opened', async () => {
    await at.channel.post(direct, view)
    await at.channel.post({ ...direct, id: 'crd_03kb' }, view)
    expect(at.teams.calls.filter(({ call }) => call === 'chat')).toHaveLength(1)

    at.teams.trouble.before = once(refuses('ForbiddenOperationException'))
    await faultOf(at.channel.post({ ...direct, id: 'crd_04kb' }, view))
    await at.channel.post({ ...direct, id: 'crd_04kb' }, view)
    expect(at.teams.calls.filter(({ call }) => call === 'chat')).toHaveLength(2)
  })
})
