import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { serve, temporaryDirectory } from './serve.ts'

async function configured(text: (directory: string) => string) {
  const directory = temporaryDirectory()
  const file = join(directory, 'streams.yaml')
  writeFileSync(file, text(directory))
  const of = { DATABASE_URL: await freshDatabase(), DATA_DIR: join(directory, 'data'), STREAMS_FILE: file }
  return { directory, environment: of }
}

test('a server sends on what it records; a stream that cannot go on is said, and the other one goes on', async () => {
  const { directory, environment } = await configured(
    (at) => `streams:
  - {name: archive, kind: file, path: ${at}/ledger.ndjson, format: entry}
  - {name: siem, kind: webhook, url: 'https://collector.acme.test', secret_file: ${at}/none, format: ocsf}
`,
  )
  const server = await serve(environment)

  await eventually(() => {
    const lines = readFileSync(join(directory, 'ledger.ndjson'), 'utf8').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).type)).toContain('policy.activated')
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual(lines.map((_, nth) => nth))
  })
  await eventually(async () => {
    const ready = await fetch(`${server.url}/readyz`)
    expect(ready.status).toBe(200)
    expect(await ready.text()).toContain('stream_behind')
  })
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toMatch(/^countersign_stream_lag_entries [1-9]/m)
})

test('a file that is wrong stops the start, with the place', async () => {
  const { environment } = await configured(() => 'streams:\n  - {name: siem, kind: kafka}\n')

  await expect(serve(environment)).rejects.toMatchObject({
    name: 'StartFault',
    message: expect.stringContaining('2:'),
  })
})

test('a file that is not there stops the start', async () => {
  const { environment } = await configured(() => '')

  await expect(serve({ ...environment, STREAMS_FILE: '/nowhere/streams.yaml' })).rejects.toThrow(
    '/nowhere/streams.yaml',
  )
})
