import { expect, test } from 'vitest'
import { personClaim } from '../../src/server/personClaim.ts'

const object = '1b4e28ba-2fa1-41d2-883f-0016d3cca427'

test.each([
  ['lee@acme.test', { email: 'lee@acme.test' }],
  ['U0LEE', { address: 'slack:U0LEE' }],
  ['slack:T0ACME:U0LEE', { address: 'slack:T0ACME:U0LEE' }],
  ['T0EMEA/U0LEE', { address: 'slack:T0EMEA/U0LEE' }],
  [object.toUpperCase(), { address: `teams:${object}` }],
  [`teams:${object.toUpperCase()}`, { address: `teams:${object}` }],
  [`teams:${object}:${object}`, { address: `teams:${object}:${object}` }],
])('%s names one person', (typed, claim) => {
  expect(personClaim(typed)).toEqual(claim)
})
