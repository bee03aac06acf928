import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { connectionsNeeded } from '../../src/store/connect.ts'
import { urlProblems } from '../../src/store/databaseUrl.ts'
import { roleAndDatabase } from '../store/role.ts'
import { agentWith, allowedBody, serve, temporaryDirectory } from './serve.ts'

const page = readFileSync('docs/operations.md', 'utf8')

/** The statements of the page, for names and a password of the test's own. */
function sqlFor({ role, database, password }: { role: string; database: string; password: string }) {
  const [, sql = ''] = /```sql\n(.+?)```/s.exec(page) ?? []
  return sql
    .replace('ROLE countersign', `ROLE ${role}`)
    .replace('OWNER countersign', `OWNER ${role}`)
    .replace('DATABASE countersign', `DATABASE ${database}`)
    .replace('choose one', password)
    .split(';')
    .map((statement) => statement.trim())
    .filter(Boolean)
}

test('the SQL of the page is all that a server needs', async () => {
  const { url } = await roleAndDatabase(sqlFor)

  const server = await serve({ DATABASE_URL: url, DATA_DIR: temporaryDirectory() })

  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  const agent = agentWith(server.sandbox?.agents[0]?.key ?? '')
  expect(await agent.ask(server.url, allowedBody)).toMatchObject({ status: 201, state: 'approved' })
})

test('the page says how many connections, and which parameters are understood', () => {
  expect(page).toContain(`**Connections**: ${connectionsNeeded} for each replica`)
  const [, understood = ''] = /these are understood: ([^.]+)\./.exec(page) ?? []
  const names = [...understood.matchAll(/`(\w+)`/g)].map(([, name]) => name)
  expect(names).toHaveLength(8)
  for (const name of names)
    expect(urlProblems(`postgresql://h/d?${name}=${name === 'sslmode' ? 'disable' : 'x'}`)).toEqual([])
})
