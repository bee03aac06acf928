import { beforeEach, describe, expect, test } from 'vitest'
import type { TeamsFault } from '../../src/sandbox/teams/faults.ts'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany } from './company.ts'

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
