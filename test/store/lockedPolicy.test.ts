import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { opened } from './opened.ts'

test('the way out of a locked policy that docs/policy-tools.md gives is followed', async () => {
  const page = await readFile('docs/policy-tools.md', 'utf8')
  const [, sql = ''] = /```sql\n([\s\S]*?)```/.exec(page) ?? []
  const { store, pool } = await opened()
  const version = (digit: string) =>
    ({ digest: `sha256:${digit}`, filesDigest: `sha256:f${digit}`, name: digit, files: {} }) as const
  const at = '2026-11-24T14:00:00Z'
  const activate = (digit: string, expected: `sha256:${string}` | null) =>
    store.commit({
      policy: { version: version(digit), activation: `act_${digit}`, expected, at },
      entries: [],
    })
  await activate('1', null)
  await activate('2', 'sha256:f1')

  await pool.query(sql.replace('sha256:…', 'sha256:f1'))

  expect(await store.activePolicy()).toEqual(version('1'))
  expect(await store.policyEntries(10)).toEqual([])
})
