import { expect, test } from 'vitest'
import { typedAddress } from '../../src/slack/address.ts'

const object = '1b4e28ba-2fa1-41d2-883f-0016d3cca427'

test.each([
  ['T0EMEA/U0BOB', 'slack:T0EMEA/U0BOB'],
  ['slack:T0EMEA/U0BOB', 'slack:T0EMEA/U0BOB'],
  ['U0BOB', null],
  ['slack:U0BOB', null],
  ['slack:T0EMEA:U0BOB', 'slack:T0EMEA:U0BOB'],
  [`teams:${object.toUpperCase()}`, `teams:${object}`],
  [`teams:${object}:${object}`, `teams:${object}:${object}`],
  ['teams:<@U0BOB>', null],
  ['teams:', null],
  [`teams:${object}/../groups`, null],
])('%s is typed for %s', (typed, address) => {
  expect(typedAddress(typed)).toBe(address)
})
