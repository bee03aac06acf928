import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { agentWith, allowedBody } from '../server/serve.ts'
import { runCli } from '../support/cliProcess.ts'
import { startServerProcess, temporaryDataDir } from '../support/serverProcess.ts'

interface Collected {
  readonly service: string
  readonly name: string
  readonly traceId: string
}

/** What a collector of OpenTelemetry gets, over HTTP in JSON. */
async function openCollector() {
  const spans: Collected[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
        const service = resource.attributes.find((one: { key: string }) => one.key === 'service.name')
        for (const scope of scopeSpans)
          for (const { name, traceId } of scope.spans)
            spans.push({ service: service?.value.stringValue, name, traceId })
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { spans, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } // it listens on TCP
}

const page = readFileSync('docs/metrics.md', 'utf8')

test('the SDK that the page starts, as the page starts it, gets the spans, the last ones at the end', async () => {
  const { spans, url: endpoint } = await openCollector()
  const data = temporaryDataDir()
  onTestFinished(() => data.remove())
  const [, script = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []
  const start = join(dirname(data.path), 'start.mjs')
  writeFileSync(start, script)
  symlinkSync(join(process.cwd(), 'node_modules'), join(dirname(start), 'node_modules'))
  const server = startServerProcess({
    PORT: '0',
    DATA_DIR: data.path,
    NODE_OPTIONS: `--import ${start}`,
    OTEL_SERVICE_NAME: 'countersign',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '3600000',
  })
  const url = await server.url
  const added = await runCli({ DATA_DIR: data.path }, 'agents', 'add', 'nightly', '--owner', 'lee@acme.test')
  const agent = agentWith(/key +(\S+)/.exec(added.out)?.[1] ?? '')
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  await agent.ask(url, allowedBody, { traceparent: `00-${traceId}-b7ad6b7169203331-01` })

  expect(await server.stop()).toBe(0)

  const ofCall = spans.filter((span) => span.traceId === traceId).map(({ name }) => name)
  expect(ofCall.sort()).toEqual(expect.arrayContaining(['POST /v1/requests', 'commit', 'submit']))
  expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(['countersign']))
})

test('the page names the versions that the test has tried', () => {
  const { devDependencies, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  const named = [...page.matchAll(/(@opentelemetry\/[\w-]+)@([\d.]+)/g)]

  expect(named).toHaveLength(4)
  for (const [, name = '', version] of named)
    expect({ ...devDependencies, ...dependencies }[name]).toBe(version)
})
