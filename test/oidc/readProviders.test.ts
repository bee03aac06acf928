import { describe, expect, test } from 'vitest'
import { readProviders } from '../../src/oidc/readProviders.ts'

const provider = `  - issuer: https://login.example.com
    keys: https://login.example.com/keys
    audiences:
      - {audience: billing, agents: [billing-agent]}
    people: {00u1: U0ALICE, "@weird|sub": W0BOB}
`
const read = (text: string) => readProviders('oidc.yaml', `providers:\n${text}`)
const problemsIn = (text: string): readonly string[] => {
  const found = read(text)
  return 'problems' in found
    ? found.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
    : []
}

test('a provider is read, with what is so where nothing is said', () => {
  expect(read(provider)).toEqual({
    providers: [
      {
        issuer: 'https://login.example.com',
        keys: 'https://login.example.com/keys',
        algorithms: ['RS256'],
        maxAgeSeconds: 3_600,
        audiences: [{ audience: 'billing', agents: ['billing-agent'], clients: [] }],
        people: { '00u1': 'U0ALICE', '@weird|sub': 'W0BOB' },
      },
    ],
  })
})

describe('a file is refused, with its place', () => {
  test.each([
    ['none', '  []', 'providers'],
    [
      'an algorithm with a shared secret',
      provider.replace('    audiences', '    algorithms: [HS256]\n    audiences'),
      'must be',
    ],
    [
      'none as algorithm',
      provider.replace('    audiences', '    algorithms: [none]\n    audiences'),
      'must be',
    ],
    ['no agents', provider.replace('[billing-agent]', '[]'), 'name the agents'],
    [
      'no audience',
      provider.replace(/ {4}audiences:\n.*\n/, '    audiences: []\n'),
      'no token could be for anybody',
    ],
    ['people by address', provider.replace('U0ALICE', 'alice@acme.test'), 'must be a Slack user id'],
    ['two days', provider.replace('    audiences', '    max_age: 2d\n    audiences'), 'at most 24h'],
    ['a query', provider.replace('/keys', '/keys?a=1'), 'without a query'],
    [
      'no address',
      provider.replace('https://login.example.com/keys', 'file:///etc/keys'),
      'must be the address',
    ],
    ['one provider twice', provider + provider, 'Two providers have this issuer'],
    [
      'one audience twice',
      provider.replace('    people', '      - {audience: billing, agents: [other]}\n    people'),
      'Two entries have this audience',
    ],
    ['another property', provider.replace('keys:', 'jwks:'), 'jwks'],
  ])('%s', (_, text, says) => {
    expect(problemsIn(text).join('\n')).toContain(says)
  })
})
