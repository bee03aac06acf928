import { expect, test } from 'vitest'
import { mountFor } from '../../src/http/mounts.ts'

const mounts = ['/', '/slack/events', '/sandbox/', '/sandbox/api/'].map((prefix) => ({
  prefix,
  handle: () => {},
}))

test.each([
  ['/', '/'],
  ['/?a=1', '/'],
  ['/slack/events', '/slack/events'],
  ['/slack/events?x=/sandbox/', '/slack/events'],
  ['/slack/events/more', undefined],
  ['/sandbox/', '/sandbox/'],
  ['/sandbox/page.js', '/sandbox/'],
  ['/sandbox/api/users.info', '/sandbox/api/'],
  ['/sandbox', undefined],
  ['/v1/requests', undefined],
])('%s goes to the mount %s', (target, prefix) => {
  expect(mountFor(mounts, target)?.prefix).toBe(prefix)
})
