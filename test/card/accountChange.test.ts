import { expect, test } from 'vitest'
import { type AccountChange, accountChangeContent } from '../../src/card/accountChange.ts'
import { accountChangeMessage } from '../../src/slack/card/accountChange.ts'

const changed = { account: 'slack:T0ACME:U0BOB', name: '*bob* <!channel> <https://x.test|ok>' }
const other = { account: 'slack:T0ACME:U0ALICE', name: 'alice' }

test.each<[AccountChange, string]>([
  ['address', 'another e-mail address'],
  ['shared', 'the e-mail address of another account'],
  ['became', 'another account in its place'],
  ['returned', 'active again'],
])(
  'changed-address: what is told of %s fits one line of a phone, and says what follows and what to do',
  (what, short) => {
    const { notification, passages } = accountChangeContent({ what, changed, other })

    expect(notification).toBe(`An account is not as it was: ${short}.`)
    expect(passages).toHaveLength(3)
    expect(JSON.stringify(passages)).toContain('countersign people show')
    expect(JSON.stringify(passages).includes('alice')).toBe(what === 'shared' || what === 'became')
  },
)

test('markup: a name in it is shown as the characters it has', () => {
  const drawn = JSON.stringify(accountChangeMessage({ what: 'address', changed, other: null }))

  expect(drawn).not.toContain('<!channel>')
  expect(drawn).not.toContain('<https://x.test|ok>')
})
