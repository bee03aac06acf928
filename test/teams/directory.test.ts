import { beforeEach, describe, expect, test } from 'vitest'
import { DirectoryFault, NobodyThere } from '../../src/approvals/ports.ts'
import type { Source } from '../../src/core/requirement.ts'
import { whyNotStaff } from '../../src/core/staff.ts'
import { createAgeClock } from '../../src/lifetime/ageClock.ts'
import {
  createDirectory,
  directoryCacheSeconds,
  type TeamsDirectory,
} from '../../src/teams/outbound/directory.ts'
import { type FakeUser, fakeGraph } from './fakeGraph.ts'

/* Who people are in Entra, as Graph says it (docs/teams.md#people). */

const tenant = '72f988bf-0000-4000-8000-2d7cd011db47'
const idOf = (nth: number) => `00000000-0000-4000-8000-${String(nth).padStart(12, '0')}`
const ann = idOf(1)
const bob = idOf(2)
const security: Source = { ref: 'group:security', kind: 'group', address: `teams:${idOf(100)}` }

let graph: Awaited<ReturnType<typeof fakeGraph>>
let directory: TeamsDirectory
let clock: { at: number }
let forgotten: number
let refused: string[]

beforeEach(async () => {
  graph = await fakeGraph()
  graph.users.set(ann, userOf(ann, 'ann'))
  graph.users.set(bob, userOf(bob, 'bob'))
  graph.groups.set(idOf(100), [ann])
  clock = { at: 0 }
  forgotten = 0
  refused = []
  directory = directoryOf(graph.state.base)
})

describe('an account', () => {
  test('is looked up by its address and by its key', async () => {
    const account = await directory.account(`teams:${ann}`)

    expect(account).toEqual({
      ...{ key: `teams:${tenant}:${ann}`, name: 'Ann', email: 'ann@acme.test' },
      ...{ human: true, active: true, guest: false, external: false },
    })
    expect(await directory.account(account.key)).toEqual(account)
  })

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['is disabled', { accountEnabled: false }],
    ['may be disabled', { accountEnabled: undefined }],
    ['is a guest', { userType: 'Guest' }],
    ['may be a guest', { userType: undefined }],
    ['is of another tenant', { userPrincipalName: 'x_other.test#EXT#@acme.test' }],
    ['may be of another tenant', { userPrincipalName: undefined }],
  ])('that %s is not on the staff', async (_, changes) => {
    graph.users.set(ann, JSON.parse(JSON.stringify({ ...userOf(ann, 'ann'), ...changes })))

    expect(whyNotStaff(await directory.account(`teams:${ann}`))).not.toBeNull()
  })

  test('that is not there is nobody', async () => {
    await expect(directory.account(`teams:${idOf(3)}`)).rejects.toThrow(NobodyThere)
  })

  test.each([
    ['another tenant', `teams:${idOf(9)}:${ann}`],
    ['another channel', 'slack:U0ANN'],
    ['no object', 'teams:../groups'],
  ])('of %s is not asked for', async (_, address) => {
    await expect(directory.account(address)).rejects.toThrow(DirectoryFault)
    expect(graph.asked).toEqual([])
  })

  test('is nobody else: an answer about another one is none', async () => {
    graph.state.odd.push({ text: JSON.stringify(userOf(bob, 'bob')) })

    await expect(directory.account(`teams:${ann}`)).rejects.toThrow('somebody else')
  })

  test('that was disabled is overlooked for five seconds at most', async () => {
    await directory.account(`teams:${ann}`)
    graph.users.set(ann, { ...userOf(ann, 'ann'), accountEnabled: false })
    clock.at += directoryCacheSeconds.users * 1_000 - 1
    expect((await directory.account(`teams:${ann}`)).active).toBe(true)
    clock.at += 1

    expect((await directory.account(`teams:${ann}`)).active).toBe(false)
  })

  test('is asked for again once it is forgotten', async () => {
    await directory.account(`teams:${ann}`)
    graph.users.set(ann, { ...userOf(ann, 'ann'), accountEnabled: false })
    directory.forgetPerson(ann.toUpperCase())

    expect((await directory.account(`teams:${ann}`)).active).toBe(false)
  })
})

describe('a group', () => {
  test('has the members of all its pages, each by an address', async () => {
    const many = Array.from({ length: 7 }, (_, nth) => idOf(nth + 1))
    graph.groups.set(idOf(100), many)
    graph.state.pageSize = 3

    expect(await directory.members(security)).toEqual(many.map((id) => `teams:${id}`))
    expect(graph.asked).toHaveLength(3)
  })

  test('is not read on where the next page is said to be elsewhere: our token goes nowhere else', async () => {
    const elsewhere = await fakeGraph()
    const next = `${elsewhere.state.base}/v1.0/groups/${idOf(100)}`
    graph.state.odd.push({ text: JSON.stringify({ value: [{ id: ann }], '@odata.nextLink': next }) })

    await expect(directory.members(security)).rejects.toThrow(DirectoryFault)
    expect(elsewhere.asked).toEqual([])
  })

  test('that is not there is nobody', async () => {
    graph.groups.clear()

    expect(await directory.members(security)).toEqual([])
    expect(await directory.isMember(security, `teams:${tenant}:${ann}`)).toBe(false)
  })

  test('has whom Graph says to be in it, and nobody whom it leaves out', async () => {
    expect(await directory.isMember(security, `teams:${tenant}:${ann}`)).toBe(true)
    expect(await directory.isMember(security, `teams:${tenant}:${bob}`)).toBe(false)
    expect(await directory.isMember(security, `teams:${tenant}:${idOf(3)}`)).toBe(false)
  })

  test('that somebody left is overlooked for fifteen seconds at most', async () => {
    const isIn = () => directory.isMember(security, `teams:${tenant}:${ann}`)
    await isIn()
    graph.groups.set(idOf(100), [])
    expect(await isIn()).toBe(true)
    clock.at += directoryCacheSeconds.groups * 1_000

    expect(await isIn()).toBe(false)
  })

  test('is forgotten with all who were asked about', async () => {
    await directory.isMember(security, `teams:${tenant}:${ann}`)
    graph.groups.set(idOf(100), [])
    directory.forgetGroups()

    expect(await directory.isMember(security, `teams:${tenant}:${ann}`)).toBe(false)
  })

  test('of one person has that person', async () => {
    const source: Source = { ref: 'user:ann', kind: 'account', address: `teams:${ann}` }

    expect(await directory.isMember(source, `teams:${tenant}:${ann}`)).toBe(true)
    expect(await directory.isMember(source, `teams:${tenant}:${bob}`)).toBe(false)
    expect(await directory.members(source)).toEqual([`teams:${ann}`])
  })
})

describe('an address', () => {
  test('finds who has it as their e-mail or as their name', async () => {
    graph.users.set(bob, { ...userOf(bob, 'bob'), mail: "Bob.O'Hara@acme.test" })

    expect(await foundBy("bob.o'hara@ACME.test")).toEqual(['Bob'])
    expect(await foundBy('bob@acme.test')).toEqual(['Bob'])
  })

  test('finds nobody, or several, or only those who are active', async () => {
    expect(await foundBy('carol@acme.test')).toEqual([])
    graph.users.set(bob, { ...userOf(bob, 'bob'), mail: 'ann@acme.test' })
    clock.at += directoryCacheSeconds.emails * 1_000
    expect(await foundBy('ann@acme.test')).toEqual(['Ann', 'Bob'])
    graph.users.set(bob, { ...userOf(bob, 'bob'), mail: 'ann@acme.test', accountEnabled: false })
    directory.forgetPerson(bob)

    expect(await foundBy('ann@acme.test')).toEqual(['Ann'])
  })

  test('is quoted: it says nothing but itself', async () => {
    expect(await foundBy("x' or accountEnabled eq true or mail eq 'y")).toEqual([])
  })

  test('that has moved finds who has it now', async () => {
    await foundBy('ann@acme.test')
    graph.users.set(ann, userOf(ann, 'ann.old'))
    graph.users.set(bob, { ...userOf(bob, 'bob'), mail: 'ann@acme.test' })
    clock.at += directoryCacheSeconds.users * 1_000

    expect(await foundBy('ann@acme.test')).toEqual(['Bob'])
  })

  test('of a person finds one or none', async () => {
    expect(await directory.find({ address: `teams:${ann}` })).toHaveLength(1)
    expect(await directory.find({ address: `teams:${idOf(3)}` })).toEqual([])
  })
})

describe('where Graph does not answer', () => {
  test.each([
    ['fails', { status: 503 }],
    ['refuses', { status: 403, text: '{"error":{"code":"Authorization_RequestDenied","message":"of ann"}}' }],
    ['answers something else', { text: '{"id":17}' }],
    ['answers no JSON', { text: '<html>' }],
    ['sends us elsewhere', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
  ])('nobody is known when it %s, and the next question is asked again', async (_, odd) => {
    graph.state.odd.push(odd)
    const failed = directory.account(`teams:${ann}`)

    await expect(failed).rejects.toThrow(DirectoryFault)
    await expect(failed).rejects.not.toThrow(NobodyThere)
    await expect(failed).rejects.not.toThrow(/of ann/)
    expect((await directory.account(`teams:${ann}`)).name).toBe('Ann')
  })

  test('nobody is known when it is not there', async () => {
    await expect(directoryOf('http://127.0.0.1:1').account(`teams:${ann}`)).rejects.toThrow(DirectoryFault)
  })

  test('nobody asks anything before the time is over that it has named', async () => {
    graph.state.odd.push({ status: 429, headers: { 'retry-after': '30' } })
    await expect(directory.account(`teams:${ann}`)).rejects.toThrow('429')
    clock.at += 29_999
    await expect(directory.members(security)).rejects.toThrow('fewer calls')
    expect(graph.asked).toHaveLength(1)
    clock.at += 1

    expect(await directory.members(security)).toEqual([`teams:${ann}`])
  })

  test('a token that is refused is forgotten by its name, and another one tried once', async () => {
    graph.state.odd.push({ status: 401 })
    expect((await directory.account(`teams:${ann}`)).name).toBe('Ann')
    expect(graph.tokens).toEqual(['Bearer token-0', 'Bearer token-1'])
    graph.state.odd.push({ status: 401 }, { status: 401 })

    await expect(directory.account(`teams:${bob}`)).rejects.toThrow(DirectoryFault)
    expect(graph.tokens).toHaveLength(4)
    expect(refused).toEqual(['token-0', 'token-1'])
  })

  test('nobody is known without a token', async () => {
    const tokens = { tokenFor: () => Promise.reject(new Error('refused')), forget: () => {} }

    await expect(directoryOf(graph.state.base, tokens).account(`teams:${ann}`)).rejects.toThrow(
      DirectoryFault,
    )
    expect(graph.asked).toEqual([])
  })
})

function directoryOf(base: string, tokens = countedTokens()): TeamsDirectory {
  const services = { connector: base, login: base, graph: base, keys: base, issuer: base }
  const ages = createAgeClock({ elapsed: () => clock.at, wall: () => clock.at })
  return createDirectory({ access: { tenant: tenant.toUpperCase(), services }, tokens, ages })
}

function countedTokens() {
  return {
    tokenFor: async () => `token-${forgotten}`,
    forget: (_: 'graph', token: string) => {
      refused.push(token)
      forgotten += 1
    },
  }
}

function userOf(id: string, name: string): FakeUser {
  const [first = ''] = name.split('.')
  return {
    ...{ id, displayName: `${first[0]?.toUpperCase()}${first.slice(1)}`, userType: 'Member' },
    ...{ mail: `${name}@acme.test`, userPrincipalName: `${name}@acme.test`, accountEnabled: true },
  }
}

async function foundBy(email: string): Promise<readonly string[]> {
  return (await directory.find({ email })).map(({ name }) => name)
}
