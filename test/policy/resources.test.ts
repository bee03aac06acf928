import { expect, test } from 'vitest'
import { lookUp } from '../../src/policy/resources.ts'
import { bundleFiles, loaded } from './files.ts'

const entry = (type: string, id: string, rest: string): string =>
  `- {match: {type: "${type}", id: "${id}"}, ${rest}}\n`
const head = 'apiVersion: countersign/v1\nkind: ResourceInventory\nresources:\n'
const inventory = (...entries: readonly string[]) =>
  loaded(bundleFiles({ 'resources.yaml': head + entries.join('') })).inventory

const layered = [
  entry('*', '*', 'sensitivity: public'),
  entry('table', '*', 'sensitivity: internal'),
  entry('table', 'w.*', 'sensitivity: restricted, owner: group:data, region: eu, labels: {team: data}'),
  entry('table', 'w.users*', 'sensitivity: secret'),
  entry('table', 'w.users', 'sensitivity: restricted, owner: user:omar'),
  entry('*', 'w.logs', 'sensitivity: internal'),
]

test.each([
  ['an exact id over any glob', 'table', 'w.users', 'restricted', 'user:omar'],
  ['more literal characters over fewer', 'table', 'w.users_old', 'secret', null],
  ['a prefix over a bare star', 'table', 'w.events', 'restricted', 'group:data'],
  ['an exact id of any type over a glob of this type', 'table', 'w.logs', 'internal', null],
  ['a type over any type', 'table', 'other', 'internal', null],
  ['the widest when nothing else fits', 'bucket', 'w.users', 'public', null],
])('prefers %s', (_what, type, id, sensitivity, owner) => {
  for (const entries of [layered, layered.toReversed()]) {
    expect(lookUp(inventory(...entries), { type, id })).toMatchObject({ sensitivity, owner })
  }
})

test('between equally specific patterns the stricter sensitivity wins, in either order', () => {
  const pair = [entry('table', 'ab*', 'sensitivity: public'), entry('table', '*yz', 'sensitivity: secret')]

  expect(lookUp(inventory(...pair), { type: 'table', id: 'abyz' }).sensitivity).toBe('secret')
  expect(lookUp(inventory(...pair.toReversed()), { type: 'table', id: 'abyz' }).sensitivity).toBe('secret')
})

test.each(['constructor', '__proto__', 'toString', 'W.USERS', ''])(
  'nothing is known about a resource called %j that no entry matches',
  (id) => {
    const known = inventory(entry('table', 'w.users', 'sensitivity: public'))

    expect(lookUp(known, { type: 'table', id })).toEqual({
      sensitivity: 'unknown',
      owner: null,
      environment: null,
      region: null,
      labels: {},
    })
    expect(lookUp(known, { type: id, id: 'w.users' }).sensitivity).toBe('unknown')
  },
)
