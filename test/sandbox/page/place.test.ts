import { expect, test } from 'vitest'
import { readPlace, writePlace } from '../../../src/sandbox/page/place.ts'

test.each([
  { via: 'slack', as: 'U0ALICE', open: 'C0DATA', thread: '1764000000.000100' },
  { via: 'teams', as: 'a11ce000-0000', open: '19:acme-data@thread.tacv2', thread: '1764000000001' },
] as const)('a place in $via survives the address', (place) => {
  expect(readPlace(writePlace(place))).toEqual(place)
})

test('an empty or foreign hash is no place', () => {
  expect(readPlace('')).toEqual({ via: 'slack', as: null, open: null, thread: null })
  expect(readPlace('#top')).toEqual({ via: 'slack', as: null, open: null, thread: null })
})
