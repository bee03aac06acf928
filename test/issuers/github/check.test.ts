import { chmodSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readTargets } from '../../../src/issuers/readTargets.ts'
import { doubleGitHub, githubAt, githubFile, keyFile } from './doubleGitHub.ts'

describe('what doctor finds', () => {
  test('is nothing wrong where GitHub knows the App and its installation has it all', async () => {
    const github = await doubleGitHub()

    expect(await githubAt(github.url).check()).toEqual([
      { ok: true, detail: 'the GitHub App countersign at acme', fix: null },
    ])
  })

  test('is each thing that is wrong, with what to do', async () => {
    const github = await doubleGitHub()
    Object.assign(github, {
      login: 'other',
      installed: { contents: 'read' },
      suspendedAt: '2026-12-01T00:00:00Z',
    })
    const file = keyFile()
    chmodSync(file, 0o644)
    const issuer = githubAt(github.url, (text) =>
      text
        .replace(/private_key_file: .*/, `private_key_file: ${file}`)
        .replace('issues: read', 'workflows: write'),
    )

    const findings = await issuer.check()

    expect(findings.map(({ ok, look }) => (look ? 'look' : ok))).toEqual([
      true,
      false,
      false,
      false,
      'look',
      'look',
    ])
    const said = findings.map(({ detail }) => detail).join('\n')
    expect(said).toContain('not at acme')
    expect(said).toContain('repo.push contents: write, repo.push workflows: write')
    expect(said).toContain('can be read by others')
    expect(findings.slice(1).every(({ fix }) => fix !== null)).toBe(true)
  })

  test('is the clock, when GitHub does not believe the App because of it', async () => {
    const github = await doubleGitHub()
    github.ahead = 600

    const [finding] = await githubAt(github.url).check()

    expect(finding).toMatchObject({ ok: false, detail: expect.stringMatching(/differ by (59\d|60\d) s/) })
  })
})

test.each<readonly [string, (file: string) => string, string]>([
  [
    'a permission of the whole organization',
    (file) => file.replace('contents: write', 'members: write'),
    '15:19',
  ],
  ['a level that nothing needs', (file) => file.replace('contents: write', 'contents: admin'), '15:29'],
  ['no permission', (file) => file.replace('{contents: write, issues: read}', '{}'), '15:18'],
  [
    'a key in place of its file',
    (file) => file.replace(/private_key_file: .*/, 'private_key_file: "-----BEGIN"'),
    '7:23',
  ],
  ['a repository with its owner', (file) => file.replace('{from: resource.rest}', 'acme/website'), '14:21'],
  [
    'an address that is not encrypted',
    (file) => file.replace(/endpoint: .*/, 'endpoint: http://ghe.acme.test/api/v3'),
    '5:15',
  ],
  ['a life of a day', (file) => file.replace('environments', 'life: 1d\n    environments'), '10:11'],
])('%s is refused, with its place', (_, change, place) => {
  const read = readTargets('credentials.yaml', githubFile('https://ghe.acme.test/api/v3', change))

  const problems = 'problems' in read ? read.problems : []
  expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual([place])
})
