import { beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import type { TeamsFault } from '../../src/sandbox/teams/faults.ts'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany, toldTo } from './company.ts'

const { bob, priya } = teamsIds

let company: Company
beforeEach(async () => {
  company = await openCompany()
})

const own = (who: string) => company.local.as(who)
const inChannel = (who: string) =>
  own(who)
    .messages(channelId)
    .filter(({ onlyYou }) => onlyYou)
const ask = () => own(bob).write(channelId, '@Countersign help')
const warned = () => company.logged.filter(({ msg }) => String(msg).includes('could not be told'))

describe('what is for one person only, asked for in a channel', () => {
  test('is shown to them there, and to nobody else', async () => {
    await ask()

    await eventually(() => expect(inChannel(bob)).toHaveLength(1))
    expect(own(bob).chat()).toEqual([])
    expect([...inChannel(priya), ...own(priya).chat()]).toEqual([])
  })

  test.each<readonly [string, TeamsFault]>([
    ['is not what Teams does there', { kind: 'status', status: 400, code: 'BadRequest' }],
    ['is refused', { kind: 'status', status: 403, code: 'BotNotInConversationRoster' }],
  ])('comes in their chat where showing it %s', async (_, fault) => {
    company.local.faults.next('whisper', fault)

    await ask()

    await eventually(() => expect(own(bob).chat()).toHaveLength(1))
    expect(JSON.stringify(own(bob).chat())).toContain('What you can write')
    expect(inChannel(bob)).toEqual([])
    expect(own(priya).chat()).toEqual([])
  })

  test('is not tried elsewhere where Teams wants fewer calls, nobody goes on calling there, and the log has it', async () => {
    company.local.faults.next('whisper', { kind: 'status', status: 429, retryAfter: 30 })

    await ask()

    await eventually(() => expect(warned()).toMatchObject([{ code: 'rate_limited' }]))
    expect(toldTo(company, bob)).toEqual([])
    expect(company.local.calls.filter(({ kind }) => kind === 'chat')).toEqual([])
    await expect(company.asked('deploy.start')).rejects.toThrow('not yet')
    await ask()
    await eventually(() => expect(own(bob).chat()).toHaveLength(1))

    expect(inChannel(bob)).toEqual([])
    // Control: once the time is over, cards go there again.
    company.world.clock.advance(31)
    const [request] = await company.store.requests({ limit: 1 })
    await announce(company.world.ports, company.channel, request?.id ?? '')
    expect((await company.store.cards(request?.id ?? '')).at(-1)).toMatchObject({ status: 'posted' })
  })

  test('a hundred times in one moment holds up a card by no more than a turn: it goes before all of them', async () => {
    for (let nth = 0; nth < 100; nth += 1) await ask()
    await eventually(() => expect(warned()).toHaveLength(88))
    // Six in the channel and six in their chat, as fast as cards go.
    expect(inChannel(bob)).toHaveLength(6)
    expect(own(bob).chat()).toHaveLength(6)

    await expect(company.asked('deploy.start')).rejects.toThrow('not yet')
    company.world.clock.advance(2)
    await ask()
    await eventually(() => expect(own(bob).chat()).toHaveLength(7))
    const [request] = await company.store.requests({ limit: 1 })
    await announce(company.world.ports, company.channel, request?.id ?? '')

    expect(inChannel(bob)).toHaveLength(6)
    expect((await company.store.cards(request?.id ?? '')).at(-1)).toMatchObject({ status: 'posted' })
  })

  test('is not said twice where it is not known whether it was shown', async () => {
    company.local.faults.next('whisper', { kind: 'lost_answer' })

    await ask()

    await eventually(() => expect(warned()).toHaveLength(1))
    expect(inChannel(bob)).toHaveLength(1)
    expect(own(bob).chat()).toEqual([])
  })

  test('is said to nobody where their chat does not take it either, and the log has it', async () => {
    company.local.faults.next('whisper', { kind: 'status', status: 400, code: 'BadRequest' })
    company.local.faults.next('chat', { kind: 'status', status: 403, code: 'ForbiddenOperationException' })

    await ask()

    await eventually(() => expect(warned()).toMatchObject([{ code: 'ForbiddenOperationException' }]))
    expect([...inChannel(bob), ...own(bob).chat(), ...inChannel(priya)]).toEqual([])
  })
})
