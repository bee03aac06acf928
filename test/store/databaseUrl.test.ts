import { expect, test } from 'vitest'
import { hostOf, plainUrl, urlProblems } from '../../src/store/databaseUrl.ts'

const base = 'postgresql://u:secret@db.example:5432/gate'

test.each([
  ['schema', `${base}?schema=gate`, '"schema"', 'search_path'],
  ['pgbouncer', `${base}?pgbouncer=true`, '"pgbouncer"', 'session mode'],
  ['connection_limit', `${base}?connection_limit=3`, '"connection_limit"', 'Remove it'],
  ['max, which the pool would take', `${base}?max=1`, '"max"', 'these are understood'],
  [
    'statement_timeout, which the driver would take',
    `${base}?statement_timeout=1`,
    '"statement_timeout"',
    'built in',
  ],
  ['a typo', `${base}?sslmod=disable`, '"sslmod"', 'Write sslmode'],
  ['sslmode=prefer', `${base}?sslmode=prefer`, 'sslmode=prefer', 'verify-full'],
])('the parameter %s is named, with what to do instead', (_, url, wrong, fix) => {
  const problems = urlProblems(url)

  expect(problems).toEqual([{ wrong: expect.stringContaining(wrong), fix: expect.stringContaining(fix) }])
  expect(JSON.stringify(problems)).not.toContain('secret')
})

test('every one of several is named', () => {
  expect(urlProblems(`${base}?schema=a&pool_timeout=2&sslmode=maybe`)).toHaveLength(3)
})

test.each([
  base,
  `${base}?sslmode=verify-full&sslrootcert=/ca.pem`,
  `${base}?host=%2Fvar%2Frun%2Fpostgresql`,
  `${base}?options=endpoint%3Dx`,
])('control: nothing is wrong with %s', (url) => {
  expect(urlProblems(url)).toEqual([])
})

test('what the driver takes for full verification it is told as that, and nothing else is changed', () => {
  expect(plainUrl(`${base}?sslmode=require`)).toBe(`${base}?sslmode=verify-full`)
  expect(plainUrl(`${base}?a=b&sslmode=verify-ca&c=d`)).toBe(`${base}?a=b&sslmode=verify-full&c=d`)
  for (const same of [base, `${base}?sslmode=no-verify`, `${base}?sslmode=require&uselibpqcompat=true`])
    expect(plainUrl(same)).toBe(same)
})

test('people are told the host, never the password', () => {
  expect(hostOf(base)).toBe('db.example:5432')
  expect(hostOf('postgresql://u:secret@localhost/gate?host=/run/pg')).toBe('/run/pg')
  expect(hostOf('postgresql:///gate')).toBe('localhost')
  expect(hostOf('not a url')).not.toContain('not a url')
})
