import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { askExamples } from '../src/http/askExamples.ts'
import { acme, sandboxAgents } from '../src/sandbox/seed.ts'

/** Everything that shows somebody how to call, configure or deploy. */
const pages = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  '.env.example',
  'compose.yaml',
  'manifest.yml',
  ...filesUnder('docs', /\.md$/),
  ...filesUnder('deploy', /\.yaml$/),
  ...filesUnder('src/cli', /\.ts$/),
  'src/server/config.ts',
  'src/http/examples.ts',
  'src/sandbox/examples.ts',
]

function filesUnder(folder: string, named: RegExp): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => named.test(path))
    .map((path) => `${folder}/${path}`)
}

/** `postgresql://user:password@host` is no address of a person. */
const address = /(?<![\w.+:/-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g
/** Where an owner is named: an option, a setting, a field of a test. */
const ownership = /(?:--owner[ =]|POLICY_OWNER=|owner:? ?\{[^}]*?email"?: ?"?)([\w.+-]+@[\w.-]+\w)/g

const staff = acme.members.filter(
  ({ deleted, bot, guest, teamId }) => !deleted && !bot && guest === 'none' && teamId === acme.team.id,
)
const known = staff.map(({ email }) => email)
const shown = pages.flatMap((page) => {
  const text = readFileSync(page, 'utf8')
  return {
    page,
    people: [...text.matchAll(address)].map(([found]) => found),
    owners: [...text.matchAll(ownership)].map(([, owner = '']) => owner),
  }
})

describe('addresses in examples', () => {
  test.each(shown.filter(({ people }) => people.length > 0))(
    'in $page are people of the sandbox',
    ({ people }) => {
      const untagged = people.map((one) => one.replace(/\+[^@]*/, ''))
      expect(untagged.filter((one) => !known.includes(one))).toEqual([])
    },
  )

  test('name one owner everywhere, who owns the agents of the sandbox', () => {
    const [lee] = staff.filter(({ id }) => sandboxAgents.some(({ owner }) => owner === id))
    const owners = shown.flatMap(({ owners }) => owners)

    // The planner is somebody else's on purpose: it asks through theirs.
    const own = sandboxAgents.filter(({ name }) => name !== 'planning-agent')
    const there = own.filter(({ owner }) => staff.some(({ id }) => id === owner))
    expect(new Set(there.map(({ owner }) => owner)).size).toBe(1)
    expect(owners.length).toBeGreaterThan(6)
    expect(new Set(owners)).toEqual(new Set([lee?.email]))
  })

  test('ask for somebody else than the owner, so that both are seen to be behind the action', () => {
    expect(known).toContain(askExamples.people.value.initiator.email)
    expect(askExamples.people.value.initiator.email).not.toBe('lee@acme.test')
  })
})

describe('the test itself notices', () => {
  test('people and owners, and takes no password for an address', () => {
    const text =
      '--owner a@b.test POLICY_OWNER=c@d.test {owner: {id: U1, email: e@f.test}} postgresql://x:y@host.test/d'

    expect([...text.matchAll(address)].map(([found]) => found)).toEqual(['a@b.test', 'c@d.test', 'e@f.test'])
    expect([...text.matchAll(ownership)].map(([, owner]) => owner)).toEqual([
      'a@b.test',
      'c@d.test',
      'e@f.test',
    ])
  })

  test('somebody who has left, and a stranger', () => {
    expect(known).not.toContain('dana@acme.test')
    expect(known).not.toContain('max@partner.test')
  })
})
