import { beforeEach, describe, expect, test } from 'vitest'
import { submit } from '../../src/approvals/submit.ts'
import { storedFacts } from '../../src/policy/facts.ts'
import { explain } from '../../src/policyTools/explain/explain.ts'
import { entriesOf } from '../support/recorded.ts'
import { bundleFiles } from '../support/testBundle.ts'
import { click, envelope, submission } from '../support/world.ts'
import { asksForGrant } from './grants/granted.ts'
import { type PolicyHouse, policyHouse } from './policyHouse.ts'

/** A table of Omar's is copied into a bucket of Bob's. */
const files: Readonly<Record<string, string>> = {
  ...bundleFiles,
  'actions.yaml': `${bundleFiles['actions.yaml']}  s3.copy:
    effect: write
    params: {dest: string, audit: string?}
    resources:
      destination: {type: bucket, from: params.dest}
      audit: {type: bucket, from: params.audit}
`,
  'resources.yaml': `${bundleFiles['resources.yaml']}  - {match: {type: bucket, id: vault}, sensitivity: secret, owner: user:bob}
  - {match: {type: bucket, id: log}, sensitivity: internal, owner: user:omar}
`,
  'rules/copies.yaml': `
- id: copy
  description: A copy needs whoever owns the bucket that it goes to.
  match: {actions: [s3.copy]}
  when: resources.destination.sensitivity != "internal" && !has(resources.audit)
  verdict: require_approval
  require: {approvals: [{name: destination, from: [owner(destination)], count: 1}]}
- id: copy.logged
  description: One that is logged needs whoever owns the log, too.
  match: {actions: [s3.copy]}
  when: has(resources.audit)
  verdict: require_approval
  require:
    approvals:
      - {name: destination, from: [owner(destination)], count: 1}
      - {name: log, from: [owner(audit)], count: 1}
`,
}
const secretNeverCopied = `
- id: secrets.stay
  description: Nothing goes into a secret bucket.
  match: {actions: [s3.copy]}
  when: resources.destination.sensitivity == "secret"
  verdict: deny
`

let house: PolicyHouse
beforeEach(async () => {
  house = await policyHouse()
  await house.propose(files)
})
const copy = async (params: Record<string, string>, change: Parameters<typeof submission>[1] = {}) =>
  (await submit(house.ports, envelope(house.world), submission('s3.copy', { ...change, params }))).request

describe('the owner of another resource', () => {
  test('decides, and the owner of the resource of the request does not', async () => {
    const { id, state } = await copy({ dest: 'vault' })

    expect(state).toBe('pending')
    await expect(click(house.world, id, 'U0OMAR')).rejects.toMatchObject({ code: 'not_in_leg' })
    expect((await click(house.world, id, 'U0BOB')).request.state).toBe('approved')
  })

  test('cannot decide when they are behind the action', async () => {
    const request = await copy({ dest: 'vault' }, { involved: [{ email: 'bob@acme.test' }] })

    // Nobody else could: it is denied at once, and whoever owns the agent hears that a claim took the last of a leg.
    expect(request).toMatchObject({
      state: 'denied',
      verdict: { code: 'unsatisfiable', facts: { unsatisfiable: 'destination' } },
    })
    const [alarm] = await entriesOf(house.ports.store, request.id, 'claims.alarmed')
    expect(alarm?.data.legs).toEqual([{ leg: 'destination', taken: 1, left: 0, needed: 1 }])
  })

  test('is nobody where no entry fits: nothing waits for them', async () => {
    expect(await copy({ dest: 'elsewhere' })).toMatchObject({
      state: 'denied',
      verdict: { code: 'unsatisfiable' },
    })
  })

  test('fills a seat of their own, beside the owner of a third one', async () => {
    const { id } = await copy({ dest: 'vault', audit: 'log' })

    expect((await click(house.world, id, 'U0BOB')).request.state).toBe('pending')
    expect((await click(house.world, id, 'U0OMAR')).request.state).toBe('approved')
  })

  test('stays who was asked, whoever owns it by the time of the release', async () => {
    const { id } = await copy({ dest: 'vault', audit: 'log' })
    await click(house.world, id, 'U0BOB')
    await house.propose({
      ...files,
      'resources.yaml': (files['resources.yaml'] ?? '').replace(
        'secret, owner: user:bob',
        'secret, owner: group:security',
      ),
    })

    expect((await click(house.world, id, 'U0OMAR')).request.state).toBe('approved')
  })

  test('does not count at the release once their account has ended, as any other', async () => {
    const { id } = await copy({ dest: 'vault', audit: 'log' })
    await click(house.world, id, 'U0BOB')
    house.world.directory.changeAccount('U0BOB', { active: false })

    const { request } = await click(house.world, id, 'U0OMAR')
    expect(request.state).toBe('pending')
  })
})

test('vote-outlived: what the owner of another resource approved is revoked when they have gone by the time of the grant', async () => {
  const { id } = await copy({ dest: 'vault' })
  await click(house.world, id, 'U0BOB')
  house.world.directory.changeAccount('U0BOB', { active: false })

  await expect(asksForGrant(house.world, id)).rejects.toMatchObject({ code: 'grant_revoked' })
})

describe('at the moment of release', () => {
  const toVault = async () => (await copy({ dest: 'vault' })).id

  test('a denial by another resource, which the policy has come to say, ends it', async () => {
    const id = await toVault()
    await house.propose({ ...files, 'rules/later.yaml': secretNeverCopied })

    expect((await click(house.world, id, 'U0BOB')).request).toMatchObject({
      state: 'denied',
      overruled: true,
    })
  })

  test('so does what the inventory has come to say of it', async () => {
    const later = {
      ...files,
      'rules/later.yaml': secretNeverCopied.replace('== "secret"', '== "restricted"'),
    }
    await house.propose(later)
    const id = await toVault()
    await house.propose({
      ...later,
      'resources.yaml': (files['resources.yaml'] ?? '').replace(
        'sensitivity: secret',
        'sensitivity: restricted',
      ),
    })

    expect((await click(house.world, id, 'U0BOB')).request).toMatchObject({
      state: 'denied',
      overruled: true,
    })
  })

  test('control: it is released where neither has changed', async () => {
    const id = await toVault()

    expect((await click(house.world, id, 'U0BOB')).request.state).toBe('approved')
  })
})

test('own-spelling: a name that looks like that of another resource is refused at its parameter', async () => {
  await expect(copy({ dest: 'VAULT' })).rejects.toMatchObject({
    code: 'lookalike_name',
    problems: [{ pointer: '/params/dest', detail: expect.stringContaining('"vault"') }],
  })
  expect((await copy({ dest: 'vault' })).state).toBe('pending')
})

test('what was known of it is explained from the record, whatever the inventory says by now', async () => {
  const request = await copy({ dest: 'vault' })
  const facts = storedFacts(request.verdict.facts)
  const bundle = house.ports.policy()
  if (!facts || !bundle) throw new Error('there is a policy')

  const [part] = explain(bundle, request.action, facts).candidates[0]?.parts ?? []
  expect(part?.reads).toEqual([{ path: 'resources.destination.sensitivity', value: 'secret' }])
})
