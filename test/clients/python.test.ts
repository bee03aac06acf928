import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { digestAction } from '../../src/core/action.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { exportBody, openHouse, readBody } from '../http/house.ts'
import { temporaryDirectory } from '../server/serve.ts'
import { click } from '../support/world.ts'
import { python, withoutPython } from './python.ts'

/** What a server reads, and Python too: no integer that another parser may read otherwise. */
const params = fc
  .dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }), {
    noNullPrototype: true,
  })
  .map((value) => JSON.stringify(value))
  .filter((text) => !text.includes('__proto__') && !hasUnsafeInteger(JSON.parse(text)))

function hasUnsafeInteger(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value)
  return value !== null && typeof value === 'object' && Object.values(value).some(hasUnsafeInteger)
}

const digesting = `
import json, sys
from countersign import digest_action
for line in open(sys.argv[1], encoding="utf-8"):
    print(digest_action(json.loads(line)))
`

const asking = `
import os, threading
from countersign import Client
client = Client(os.environ["COUNTERSIGN"], os.environ["KEY"])
export = {"action": "db.export", "resource": {"type": "table", "id": "warehouse.users"}, "params": {"rows": 10},
          "environment": "prod", "initiator": {"email": "alice@acme.test"}}
first, _ = client.ask(export, idempotency_key="run-1")
again, _ = client.ask(export, idempotency_key="run-1")
assert first["id"] == again["id"]
other, _ = client.ask(export)
print(other["id"], client.cancel(other["id"])["state"])
print(first["id"], client.wait(first["id"])["state"])
`

const gating = `
import json, os
from countersign import Call, Client, CountersignError
client = Client(os.environ["COUNTERSIGN"], os.environ["KEY"])
read = json.loads(os.environ["READ"])
ran = []

@client.gated(lambda table: read)
def reads(approved, table):
    ran.append(table)
    return "read"

one = Call("one", session="run-1")
print(reads(one, table="users"))
try:
    reads(one, table="users")
except CountersignError as error:
    print("refused", len(ran), error.code)
`

// Without Python these cannot be tried, and the name says so.
describe.skipIf(withoutPython)(
  `the Python client${withoutPython ? `: not tried, ${withoutPython}` : ''}`,
  () => {
    test('passes its own tests', async () => {
      const { stderr } = await python(['-m', 'unittest'])

      expect(stderr).toMatch(/^Ran \d\d tests in [\s\S]*\nOK\n$/m)
    })

    test('gives an action the digest that the server gives it, whatever is in it', async () => {
      const texts = [
        ...fc.sample(params, 500),
        '{"a":1e-7,"b":0.1,"c":1e21,"d":-0.0,"e":1.0,"f":5e-324,"g":[123.456e10]}',
      ]
      const actions = texts.map((text) => ({
        action: 'db.export',
        resource: { type: 'table', id: 'warehouse.users' },
        params: JSON.parse(text) as JsonObject, // JSON that was made so
        environment: 'prod',
      }))
      const file = join(temporaryDirectory(), 'actions')
      writeFileSync(file, actions.map((action) => JSON.stringify(action)).join('\n'))

      const { stdout } = await python(['-c', digesting, file])

      expect(stdout.trim().split('\n')).toEqual(actions.map(digestAction))
    })

    test('asks, waits for people and cancels at a served house', async () => {
      const house = await openHouse()

      const key = house.agent.credential
      const client = createClient({ url: house.url, key })
      const { id } = (await client.ask(exportBody, { idempotencyKey: 'run-1' })).request

      const running = python(['-c', asking], { COUNTERSIGN: house.url, KEY: key })
      await house.watched()
      await click(house, id, 'U0BOB')
      await click(house, id, 'U0SAM')
      const { stdout } = await running

      // Both clients wrote the same body, or the key would have been refused.
      const [cancelled = '', approved] = stdout.trim().split('\n')
      expect(cancelled).toMatch(/^req_\w+ cancelled$/)
      expect(approved).toBe(`${id} approved`)
    })

    test('runs a gated function once, with its grant spent, and reports it', async () => {
      const house = await openHouse()

      const { stdout } = await python(['-c', gating], {
        COUNTERSIGN: house.url,
        KEY: house.agent.credential,
        READ: JSON.stringify(readBody),
      })

      expect(stdout).toMatch(/^read\nrefused 1 \w+\n$/)
      const [done] = await house.store.requests({ limit: 1 })
      expect(done).toMatchObject({
        state: 'succeeded',
        executions: [{ state: 'succeeded', deviations: [] }],
        grant: { redeemed: { by: { kind: 'agent' } } },
      })
    })
  },
)

test('control: whether there is a Python is known', () => {
  expect(withoutPython === null || withoutPython.length > 0).toBe(true)
})
