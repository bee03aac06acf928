import { expect, test } from 'vitest'
import { teamsIds } from '../../../src/sandbox/teams/seed.ts'
import { call, openTeams, type Said, tokenFor } from './company.ts'

const { bob, dana, gwen, iamAdmins, max, priya, sam, grace, security } = teamsIds
const select = '$select=id,userType,accountEnabled,userPrincipalName'

test('a person is as the directory has them; who is of another tenant is not in it', async () => {
  const teams = await openTeams()
  const token = await tokenFor(teams, 'graph')
  const user = (id: string, query = `?${select}`) =>
    call(teams, 'graph', { path: `users/${id}${query}`, token })

  expect((await user(bob)).body).toMatchObject({ id: bob, userType: 'Member', accountEnabled: true })
  expect((await user(dana)).body).toMatchObject({ accountEnabled: false })
  expect((await user(gwen)).body).toMatchObject({
    userType: 'Guest',
    userPrincipalName: expect.stringContaining('#ext#'),
  })
  // What is not asked for is not there.
  expect((await user(bob, '')).body).not.toHaveProperty('accountEnabled')
  expect((await user(max)).status).toBe(404)
})

test('people are found by address; a quote in it is text', async () => {
  const teams = await openTeams()
  const found = async (email: string) => {
    const quoted = `'${email.replaceAll("'", "''")}'`
    const filter = encodeURIComponent(`mail eq ${quoted} or userPrincipalName eq ${quoted}`)
    const { body } = await call(teams, 'graph', { path: `users?$filter=${filter}&$select=id` })
    return body.value
  }

  expect(await found('bob@acme.test')).toEqual([{ id: bob }])
  expect(await found("x' or mail eq 'bob@acme.test")).toEqual([])
})

test('groups count whoever is in one by another, on several pages', async () => {
  const teams = await openTeams({ pageSize: 2 })
  const token = await tokenFor(teams, 'graph')
  const people: unknown[] = []
  let path: string | undefined =
    `groups/${iamAdmins}/transitiveMembers/microsoft.graph.user?$count=true&$select=id&$top=999`
  while (path !== undefined) {
    const { body }: Said = await call(teams, 'graph', { path, token })
    people.push(...(body.value as unknown[]))
    path = (body['@odata.nextLink'] as string | undefined)?.split('/v1.0/')[1]
  }

  expect(people).toEqual([priya, sam, grace].map((id) => ({ id })))
  const check = (groupIds: readonly string[], id: string = priya) =>
    call(teams, 'graph', { path: `users/${id}/checkMemberGroups`, body: { groupIds }, token })
  expect((await check([iamAdmins, security, bob])).body).toEqual({ value: [iamAdmins, security] })
  expect((await check([iamAdmins], bob)).body).toEqual({ value: [] })
  expect((await check([iamAdmins, 'nonsense'])).status).toBe(400)
  expect((await check(Array(21).fill(iamAdmins))).status).toBe(400)
})

test('nothing is read without an administrator’s word', async () => {
  const teams = await openTeams({ permissions: ['User.Read.All'] })

  expect((await call(teams, 'graph', { path: `users/${bob}` })).status).toBe(200)
  expect((await call(teams, 'graph', { path: `groups/${security}` })).status).toBe(403)
})
