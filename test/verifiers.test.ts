import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { programs } from './e2e/gates.ts'

const page = readFileSync('docs/verifiers.md', 'utf8')
/** The table of the page: what the verifier is called, and whether its recipe was run. */
const rows = [...page.matchAll(/^\| ([^|]+) \| \[.*\| (run|written)[^|]* \|$/gm)].map(
  ([, name, how]) => [name, how] as const,
)

test('what docs/verifiers.md says was run is run in test/e2e/gates.test.ts, and nothing else', () => {
  const run = rows.flatMap(([name, how]) => (how === 'run' ? [name] : []))

  // Its own tests are in test/issuers/postgresql.
  expect(run).toEqual([...programs.map(({ name }) => name), 'PostgreSQL'])
  expect(rows.filter(([, how]) => how === 'written').map(([name]) => name)).toContain('AWS STS')
})

test('every file of deploy/verifiers is named there, and stands nowhere else', () => {
  for (const name of readdirSync('deploy/verifiers'))
    expect(page, name).toContain(`(../deploy/verifiers/${name})`)
  for (const line of ['auth_request /countersign', 'jwt_verify("RS256"', 'OIDCOAuthVerifyJwksUri'])
    for (const name of readdirSync('docs').filter((one) => one.endsWith('.md')))
      expect(readFileSync(`docs/${name}`, 'utf8'), `${name}: ${line}`).not.toContain(line)
})
