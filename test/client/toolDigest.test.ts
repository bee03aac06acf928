import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toolDigest } from '../../src/client/client.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { toolDigest as digestOfServer } from '../../src/policy/mcp/toolDigest.ts'

test('the client gives the definition of a tool the digest that the policy has for it', () => {
  const names = fc.constantFrom(
    'name',
    'title',
    'description',
    'inputSchema',
    'outputSchema',
    'annotations',
    '_meta',
    'icons',
  )
  const definition = fc.dictionary(names, fc.jsonValue({ stringUnit: 'binary' }), { noNullPrototype: true })
  fc.assert(
    fc.property(definition, (tool) => {
      fc.pre(!JSON.stringify(tool).includes('__proto__'))

      expect(toolDigest(tool)).toBe(digestOfServer(JSON.parse(JSON.stringify(tool)) as JsonObject))
    }),
  )
})
