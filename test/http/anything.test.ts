import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../src/core/json.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { readBody } from '../../src/http/body.ts'
import { mountFor } from '../../src/http/mounts.ts'
import { parseSubmission } from '../../src/http/submissionSchema.ts'
import { waitOf } from '../../src/http/waiting.ts'

const ended = new AbortController().signal
const callWith = (body: Buffer) => ({
  body,
  ended,
  headers: { 'content-type': 'application/json' },
  params: {},
  query: new URLSearchParams(),
})

/** What it did to us: nothing, or a refusal that names a place. Anything else is a bug. */
function refusalOf(run: () => unknown): Refusal | null {
  try {
    run()
    return null
  } catch (thrown) {
    if (thrown instanceof Refusal && thrown.problems.length > 0) return thrown
    throw thrown
  }
}

test('whatever bytes come, they are read or refused with a place', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      (bytes) => void refusalOf(() => readBody(callWith(Buffer.from(bytes)))),
    ),
  )
})

test('whatever JSON comes, it is a submission or refused with a place', () => {
  const around = fc.record(
    {
      action: fc.oneof(fc.constant('db.export'), fc.jsonValue()),
      resource: fc.oneof(fc.constant({ type: 't', id: 'i' }), fc.jsonValue()),
      environment: fc.oneof(fc.constant('prod'), fc.jsonValue()),
      params: fc.jsonValue(),
      initiator: fc.jsonValue(),
      involved: fc.jsonValue(),
      run: fc.jsonValue(),
      expires_in: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(
      fc.oneof(around, fc.jsonValue()),
      (body) => void refusalOf(() => parseSubmission(body as Json)),
    ),
  ) // JSON by construction
})

test('what was read is what was sent: the action that is digested is the one in the body', () => {
  const params = fc.dictionary(
    fc.string({ unit: 'binary', maxLength: 8 }).filter((key) => !key.includes('\0') && key !== '__proto__'),
    fc.oneof(
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.string().filter((text) => !text.includes('\0')),
    ),
  )
  fc.assert(
    fc.property(params, (sent) => {
      const body = {
        action: 'db.export',
        resource: { type: 't', id: 'i' },
        params: sent,
        environment: 'prod',
      }
      const call = callWith(Buffer.from(JSON.stringify(body)))

      expect(parseSubmission(readBody(call)).action.params).toEqual(JSON.parse(JSON.stringify(sent)))
    }),
  )
})

test('headers and addresses from anywhere are at most ignored', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const wait = waitOf(text)
      expect(wait === null || (wait >= 0 && wait <= 55)).toBe(true)
      expect(mountFor([{ prefix: '/sandbox/', handle: () => {} }], text)?.prefix ?? '/sandbox/').toBe(
        '/sandbox/',
      )
    }),
  )
})
