import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/core/json.ts'
import { keepsIssuerContract } from '../contract.ts'
import { doubleGitHub, githubAt, issueAt, push } from './doubleGitHub.ts'

describe('the contract of issuers', () => {
  keepsIssuerContract(async () => {
    const github = await doubleGitHub()
    return {
      issuer: githubAt(github.url),
      action: push,
      foreign: [
        { ...push, action: 'repo.delete' },
        { ...push, environment: 'staging' },
        { ...push, resource: { type: 'repository', id: 'evil/website' } },
      ],
      works: async ({ token }) => github.given.has(String(token)),
      ofAnother: githubAt(github.url),
      deaf: githubAt('http://127.0.0.1:1'),
    }
  })
})

describe('what GitHub is asked for', () => {
  test('is one repository and the permissions of the action, in the name of its lease', async () => {
    const github = await doubleGitHub()

    const { credential, toEnd, expiresAt } = await issueAt(githubAt(github.url))

    expect(github.asked).toEqual([
      {
        line: 'POST /app/installations/4711/access_tokens',
        called: expect.stringContaining('countersign lse_1'),
        body: { repositories: ['website'], permissions: { contents: 'write', issues: 'read' } },
      },
    ])
    expect(credential).toEqual({ token: 'ghs_1', repository: 'acme/website', api: github.url })
    expect(toEnd).toBe('ghs_1')
    // After its life, not after GitHub's hour.
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 600_000)).toBeLessThan(60_000)
  })

  test('is all that the operator lists, where the action names nothing', async () => {
    const github = await doubleGitHub()
    const all = (file: string) => file.replace('        permissions: {from: params.permissions}\n', '')

    await issueAt(githubAt(github.url, all), { ...push, params: {} })

    expect(github.asked[0]?.body).toMatchObject({ permissions: { contents: 'write', issues: 'read' } })
  })

  test.each<readonly [string, Json]>([
    ['one that the operator does not list', ['secrets:write']],
    ['a higher level than the operator gives', ['issues:write']],
    ['one good and one bad', ['contents:read', 'administration:read']],
    ['none', []],
    ['one twice', ['contents:read', 'contents:write']],
    ['a level that there is not', ['contents:admin']],
    ['text in place of a list', 'contents:read'],
    ['a property of every object', ['constructor:read']],
  ])('beyond that there is nothing: %s', (_, permissions) => {
    const issuer = githubAt('http://127.0.0.1:1')

    const planning = () => issuer.plan('lse_1', { ...push, params: { permissions } })

    expect(planning).toThrow(expect.objectContaining({ code: 'target_refused' }))
  })

  test.each([
    'acme/',
    'acme/..',
    'acme/a/b',
    'acme/evil/website',
    'acme/a b',
    'acme/%2e%2e',
    `acme/${'x'.repeat(101)}`,
  ])('%j is no repository', (id) => {
    const issuer = githubAt('http://127.0.0.1:1')

    const planning = () => issuer.plan('lse_1', { ...push, resource: { type: 'repository', id } })

    expect(planning).toThrow(expect.objectContaining({ code: 'target_refused' }))
  })

  test('control: a level below what the operator gives is given', async () => {
    const github = await doubleGitHub()
    const action = { ...push, params: { permissions: ['contents:read'] } }

    await issueAt(githubAt(github.url), action)

    expect([...github.given.values()]).toEqual([
      { repositories: ['website'], permissions: { contents: 'read' } },
    ])
  })
})

describe('an answer that is not what was asked', () => {
  const broader: readonly (readonly [string, (fine: Record<string, unknown>) => unknown])[] = [
    [
      'another permission',
      (fine) => ({ ...fine, permissions: { contents: 'write', issues: 'read', secrets: 'read' } }),
    ],
    ['a higher level', (fine) => ({ ...fine, permissions: { contents: 'write', issues: 'write' } })],
    ['a permission less', (fine) => ({ ...fine, permissions: { contents: 'write' } })],
    [
      'metadata that may be written',
      (fine) => ({ ...fine, permissions: { contents: 'write', issues: 'read', metadata: 'write' } }),
    ],
    ['all repositories', (fine) => ({ ...fine, repository_selection: 'all', repositories: undefined })],
    [
      'two repositories',
      (fine) => ({ ...fine, repositories: [{ full_name: 'acme/website' }, { full_name: 'acme/billing' }] }),
    ],
    ['another repository', (fine) => ({ ...fine, repositories: [{ full_name: 'evil/website' }] })],
    [
      'a life of two hours',
      (fine) => ({ ...fine, expires_at: new Date(Date.now() + 7_200_000).toISOString() }),
    ],
    ['no end', (fine) => ({ ...fine, expires_at: null })],
    ['an end that is none', (fine) => ({ ...fine, expires_at: 'never' })],
  ]

  test.each(broader)('%s: it is ended at once, and refused', async (_, answers) => {
    const github = await doubleGitHub()
    github.answers = answers

    await expect(issueAt(githubAt(github.url))).rejects.toMatchObject({ code: 'target_refused' })

    expect(github.asked.map(({ line }) => line)).toEqual([
      'POST /app/installations/4711/access_tokens',
      'DELETE /installation/token',
    ])
    expect(github.given.size).toBe(0)
  })

  test('and that does not end: it is not known what is there', async () => {
    const github = await doubleGitHub()
    github.answers = (fine) => ({ ...fine, repository_selection: 'all' })
    github.next.push('fine', 'deaf')

    await expect(issueAt(githubAt(github.url))).rejects.toMatchObject({
      name: 'TargetFault',
      made: 'perhaps',
    })
  })

  test('control: names of repositories are compared as GitHub compares them', async () => {
    const github = await doubleGitHub()
    github.answers = (fine) => ({ ...fine, repositories: [{ full_name: 'Acme/Website' }] })

    expect((await issueAt(githubAt(github.url))).credential).toMatchObject({ repository: 'Acme/Website' })
  })
})
