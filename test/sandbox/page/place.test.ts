import { expect, test } from 'vitest'
import { readPlace, writePlace } from '../../../src/sandbox/page/place.ts'

test('a place survives the address', () => {
  const place = { as: 'U0ALICE', open: 'C0DATA', thread: '1764000000.000100' }

  expect(readPlace(writePlace(place))).toEqual(place)
})

test('an empty or foreign hash is no place', () => {
  expect(readPlace('')).toEqual({ as: null, open: null, thread: null })
  expect(readPlace('#top')).toEqual({ as: null, open: null, thread: null })
})
