import { generateKeyPairSync } from 'node:crypto'
import { CompactSign, decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { addResource } from '../../src/approvals/grants/resources.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { tokenIn } from '../http/grantCalls.ts'
import { type House, openHouse, readBody } from '../http/house.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { testIssuer } from '../support/testSigner.ts'
import { type Coming, type Gate, type Program, programs, type Site, startHaproxy } from './gates.ts'

/*
 * The files of deploy/verifiers, as they are, in the programs that they are for: each meets real grants, good and bad ones.
 */

const [audience, elsewhere] = ['https://warehouse.acme.test', 'https://lake.acme.test']
const policy = testBundle({
  ...bundleFiles,
  'bundle.yaml': `${bundleFiles['bundle.yaml']}
audiences:
  - {id: "${audience}", resource_types: [table], profile: id, spent_by: resource}
  - {id: "${elsewhere}", resource_types: all, profile: id, spent_by: resource}
`,
})
const { initiator, ...table } = readBody
const other = { ...table, params: { rows: 11 } }

/** A house whose clock is as late as verifiers' own, and what a gate needs to know of it. */
async function openedNow() {
  const house = await openHouse()
  house.setPolicy(policy)
  const now = () => house.clock.advance((Date.now() - house.clock().getTime()) / 1_000)
  now()
  const { credential } = await addResource(house.ports, { name: 'warehouse', audience, via: 'test' })
  const site: Site = { countersign: house.url, issuer: testIssuer, audience, resourceKey: credential }
  return { house, site, now }
}

/** A grant for an action, as an agent gets it. */
async function grantFor(
  house: House,
  action: typeof table | typeof other | typeof elsewhereAction,
): Promise<Coming> {
  const reply = await house.submit({ ...action, initiator, grant: true })
  expect(reply.status).toBe(201)
  const { digest } = reply.body as { digest: string } // what the API answers
  return { token: tokenIn(reply), action, digest }
}
const elsewhereAction = { ...table, resource: { type: 'bucket', id: 'lake' } } as const

type Opened = Awaited<ReturnType<typeof openedNow>>

/** Everything that is wrong in one way only. */
async function wrongOnes({ house, now }: Opened): Promise<Readonly<Record<string, Coming>>> {
  // It lives for three minutes, and its end was two seconds ago.
  house.clock.advance(-182)
  const expired = await grantFor(house, table)
  now()
  const good = await grantFor(house, table)
  const [, payload = '', signature = ''] = good.token.split('.')
  const header = decodeProtectedHeader(good.token)
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const claims = decodeJwt(good.token) as JsonObject // JSON by its standard
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const kid = header.kid ?? ''
  const signed = (change: JsonObject) =>
    house.ports.signer.sign({ ...claims, ...change }, { kid, typ: 'JWT' })
  const foreign = await new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .sign(privateKey)
  return {
    'for another action': { ...good, action: other, digest: `sha256:${'0'.repeat(64)}` },
    'without an action': { ...good, action: {}, digest: '' },
    'for another audience': await grantFor(house, elsewhereAction),
    'of another issuer': { ...good, token: await signed({ iss: 'https://elsewhere.acme.test' }) },
    'that has ended': expired,
    'with alg none': { ...good, token: `${encoded({ ...header, alg: 'none' })}.${payload}.` },
    'without its signature': { ...good, token: `${encoded(header)}.${payload}.` },
    'of another key': { ...good, token: foreign },
    'with a claim changed': {
      ...good,
      token: `${encoded(header)}.${encoded({ ...claims, x: 1 })}.${signature}`,
    },
    'of no token': { ...good, token: 'nothing' },
  }
}

/** It has a message of its own where it is not installed: in CI each has to be. */
function expectThere(program: Program, skip: (note: string) => never): void {
  if (program.isThere()) return
  const note = `${program.name} is not installed: apt-get install ${program.packages}`
  if (process.env.VERIFIERS === 'required') throw new Error(note)
  skip(note)
}

async function statusesOf(gate: Gate, coming: Readonly<Record<string, Coming>>) {
  const statuses: Record<string, number> = {}
  for (const [what, come] of Object.entries(coming)) statuses[what] = await gate.call(come)
  return statuses
}

/** What only checks the token knows nothing of a second time. */
const countsNothing = 'Apache with mod_auth_openidc'

describe.each(programs)('$name', (program) => {
  test('lets a grant through once, and nothing else', async ({ skip }) => {
    expectThere(program, skip)
    const opened = await openedNow()
    const gate = await program.start(opened.site)
    const [first, second] = [await grantFor(opened.house, table), await grantFor(opened.house, other)]

    expect(await gate.call(first)).toBe(200)
    expect(await gate.call(second), 'another grant').toBe(200)
    const again = await gate.call(first)
    if (program.name === countsNothing) expect(again, 'as its page says: until it ends').toBe(200)
    else expect([403, 409]).toContain(again)

    const statuses = await statusesOf(gate, await wrongOnes(opened))
    for (const [what, status] of Object.entries(statuses)) expect([400, 401, 403], what).toContain(status)
    expect(await gate.call(await grantFor(opened.house, table)), 'control: a good one, after all that').toBe(
      200,
    )
  })
})

/** What a proxy that checks only signatures has to be told, line by line. */
test('control: without one of its lines HAProxy lets through what that line is for', async ({ skip }) => {
  const program = programs.find(({ name }) => name === 'HAProxy')
  if (program) expectThere(program, skip)
  const opened = await openedNow()
  const wrong = await wrongOnes(opened)
  const lines: readonly (readonly [RegExp, string])[] = [
    [/signed_1 or/, 'of another key'],
    [/'\$\.iss'/, 'of another issuer'],
    [/'\$\.aud'/, 'for another audience'],
    [/'\$\.exp'/, 'that has ended'],
    [/'\$\.action_hash'/, 'for another action'],
  ]
  for (const [without, what] of lines) {
    const gate = await startHaproxy(opened.site, without)
    const come = wrong[what]
    expect(come && (await gate.call(come)), what).toBe(200)
  }
})
