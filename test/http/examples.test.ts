import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { announce } from '../../src/approvals/cards/announce.ts'
import { expire } from '../../src/approvals/expire.ts'
import { askExamples } from '../../src/http/askExamples.ts'
import { reportExamples, requestExamples } from '../../src/http/examples.ts'
import { loadBundle } from '../../src/policy/load.ts'
import { readBundleDirectory } from '../../src/store/bundleDirectory.ts'
import { testChannel } from '../support/channel.ts'
import { click } from '../support/world.ts'
import { idIn, openHouse, withoutPlace } from './house.ts'

interface Media {
  readonly schema: object
  readonly examples?: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>
}
interface Operation {
  readonly operationId: string
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: object }
}

/** Every place of the document that has a schema, with what it shows; and how the schemas are read. */
async function described() {
  const house = await openHouse()
  const document = (await house.call('GET', '/openapi.json')).body as Document // the tests check what they use
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  const places = operations.flatMap(({ operationId, requestBody, responses }) => {
    const of = (where: string, content: Readonly<Record<string, Media>> = {}) =>
      Object.entries(content).map(([type, media]) => ({ where: `${operationId} ${where}`, type, ...media }))
    return [
      ...of('body', requestBody?.content),
      ...Object.entries(responses).flatMap(([status, { content }]) => of(status, content)),
    ]
  })
  const shown = places.flatMap(({ where, schema, examples = {} }) =>
    Object.entries(examples).map(([name, { summary, value }]) => ({ where, name, schema, summary, value })),
  )
  /**
   * Zod reads JSON Schema whose shared parts stand in `$defs`, and its patterns without the flag `u` that the standard
   * asks for: those that need it are left to the server, which is asked below.
   */
  const accepts = (schema: object, value: unknown): boolean => {
    const whole = JSON.stringify({ ...schema, $defs: document.components.schemas }, (key, inner) =>
      key === 'pattern' && inner.includes('\\p{') ? undefined : inner,
    )
    const text = whole.replaceAll('#/components/schemas/', '#/$defs/')
    return z.fromJSONSchema(JSON.parse(text)).safeParse(value).success
  }
  return { places, shown, accepts }
}

describe('examples in openapi.json', () => {
  test('stand wherever JSON is sent or answered', async () => {
    const { places, shown } = await described()
    const without = places.filter(({ type, examples }) => /json/.test(type) && !examples)

    expect(without.map(({ where }) => where)).toEqual([])
    expect(shown.length).toBeGreaterThan(30)
  })

  test('fit their schemas', async () => {
    const { shown, accepts } = await described()

    expect(shown.filter(({ schema, value }) => !accepts(schema, value))).toEqual([])
    expect(shown.filter(({ summary }) => summary === '')).toEqual([])
  })

  test.each([
    ['body', 'environment', 'PROD'],
    ['body', 'expires_in', 'soon'],
    ['body', 'approved', true],
    ['202', 'state', 'maybe'],
    ['400', 'code', 'maybe'],
    ['400', 'detail', undefined],
  ])('control: in a %s, %s as %s does not fit', async (where, property, wrong) => {
    const { shown, accepts } = await described()
    const [example] = shown.filter((one) => one.where === `createRequest ${where}`)

    expect(accepts(example?.schema ?? {}, { ...(example?.value as object), [property]: wrong })).toBe(false)
  })

  test('a problem stands under the status that its code has', async () => {
    const { shown } = await described()
    const problems = shown.filter(({ where }) => / [45]\d\d$/.test(where))

    expect(problems.length).toBeGreaterThan(20)
    for (const { where, name, value } of problems)
      expect(value).toMatchObject({ code: name, status: Number(where.split(' ')[1]) })
  })
})

/** What differs from server to server, and from moment to moment. */
const passing = /"(id|person|policy|created_at|settled_at|expires_at|at|self)":"[^"]*"/g
const lasting = (body: unknown) => JSON.parse(JSON.stringify(body).replace(passing, '"$1":"…"'))

/** A server with the policy that ships. */
async function shipped() {
  const house = await openHouse()
  const loaded = loadBundle(readBundleDirectory('policies'))
  if (!loaded.ok) throw new Error('the policy that ships does not load')
  house.setPolicy(loaded.bundle)
  await house.ports.renewPolicy()
  return house
}

describe('are what a server with the policy that ships answers', () => {
  test('to the one that people decide', async () => {
    const house = await shipped()

    const asked = await house.submit(askExamples.people.value)
    expect(asked.status).toBe(202)
    expect(lasting(asked.body)).toEqual(lasting(requestExamples.pending.value))

    const id = idIn(asked)
    await click(house, id, 'U0BOB')
    await click(house, id, 'U0PRIYA')
    const approved = await house.call('GET', `/v1/requests/${id}`)
    expect(lasting(withoutPlace(approved.body))).toEqual(lasting(requestExamples.approved.value))
  })

  test('to one that a person refuses, and to one that the agent takes back', async () => {
    const house = await shipped()
    const first = idIn(await house.submit(askExamples.people.value))
    const second = idIn(await house.submit(askExamples.people.value))

    await click(house, first, 'U0PRIYA', { kind: 'deny', reason: requestExamples.denied.value.outcome })
    const denied = await house.call('GET', `/v1/requests/${first}`)
    const cancelled = await house.call('POST', `/v1/requests/${second}/cancel`)

    expect(lasting(withoutPlace(denied.body))).toEqual(lasting(requestExamples.denied.value))
    expect(lasting(cancelled.body)).toEqual(lasting(requestExamples.cancelled.value))
  })

  test('to one that nobody decided in time', async () => {
    const house = await shipped()
    const id = idIn(await house.submit(askExamples.people.value))
    await announce(house.ports, testChannel(), id)
    house.clock.advance(1_800)
    await expire(house.ports, id)

    const expired = await house.call('GET', `/v1/requests/${id}`)

    expect(lasting(withoutPlace(expired.body))).toEqual(lasting(requestExamples.expired.value))
  })

  test('to the one that policy allows', async () => {
    const house = await shipped()

    const asked = await house.submit(askExamples.policy.value)

    expect(asked.status).toBe(201)
    expect(lasting(asked.body)).toEqual(lasting(requestExamples.allowed.value))
  })
})

test('what a sub-agent sends is asked, and comes back as it was sent', async () => {
  const house = await shipped()
  const { run, ...sent } = askExamples.through.value

  const asked = await house.submit({ ...sent, run })

  expect(asked.status).toBe(202)
  expect(asked.body).toMatchObject({ ...sent, initiator: { attested: false }, run })
})

test('docs/api.md shows the same', () => {
  const text = readFileSync('docs/api.md', 'utf8')
  const blocks = [...text.matchAll(/(?:```json|<<'JSON')\n([\s\S]*?)\n(?:```|JSON\n)/g)].map(
    ([, block = '']) => JSON.parse(block),
  )

  expect(blocks).toEqual([
    askExamples.people.value,
    askExamples.policy.value,
    requestExamples.pending.value,
    { ledger: requestExamples.placed.value.ledger },
    askExamples.through.value,
    reportExamples.action.value,
  ])
})
