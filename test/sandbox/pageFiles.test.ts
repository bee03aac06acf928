import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sendPageFile } from '../../src/sandbox/pageFiles.ts'

let server: Server
let pageDirectory: string

beforeEach(async () => {
  pageDirectory = await mkdtemp(join(tmpdir(), 'countersign-page-'))
  server = createServer(({ url, headers }, response) => {
    void sendPageFile(response, headers, { directory: pageDirectory, name: url?.slice(1) ?? '' })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve))
  await rm(pageDirectory, { recursive: true })
})

test.each([
  ['br, gzip, deflate', 'br'],
  ['gzip, deflate, zstd', 'gzip'],
  ['gzip;q=0.5, BR;q=0.1', 'br'],
  ['*', 'br'],
  ['br;q=0, *', 'gzip'],
  ['br;q=x, gzip;q=0', null],
  ['deflate', null],
  ['', null],
])('comes as the build left it there, for a browser that reads %j: %j', async (accepted, encoding) => {
  await builtApp()

  const answer = await sent('app.js', { 'accept-encoding': accepted })

  expect(answer.headers['content-encoding'] ?? null).toBe(encoding)
  expect(answer.headers.vary).toBe('accept-encoding')
  const as = { br: brotliDecompressSync, gzip: gunzipSync }[encoding ?? '']
  expect((as ? as(answer.body) : answer.body).toString()).toBe(source)
  expect(Number(answer.headers['content-length'])).toBe(answer.body.length)
})

test('control: without compressed files it comes as it is', async () => {
  await writeFile(join(pageDirectory, 'app.js'), source)

  const answer = await sent('app.js', { 'accept-encoding': 'br, gzip' })

  expect([answer.headers['content-encoding'], answer.body.toString()]).toEqual([undefined, source])
})

test('is not sent again to who has it, and is when it changed or was asked for in another form', async () => {
  await builtApp()
  const { etag = '' } = (await sent('app.js', { 'accept-encoding': 'br' })).headers
  const again = (accepted: string, tag = etag) =>
    sent('app.js', { 'accept-encoding': accepted, 'if-none-match': tag })

  expect((await again('br')).status).toBe(304)
  expect((await again('br', `"other", W/${etag}`)).status).toBe(304)
  expect((await again('br')).body).toHaveLength(0)
  expect((await again('gzip')).status).toBe(200)
  await writeFile(join(pageDirectory, 'app.js.br'), brotliCompressSync(`${source}// changed`))
  expect((await again('br')).status).toBe(200)
})

test('a compressed form has no name of its own', async () => {
  await builtApp()

  expect((await sent('app.js.br', {})).status).toBe(404)
})

const source = 'console.log("the page")\n'.repeat(200)

/** app.js and its compressed forms, as `build/page.mjs` leaves them. */
async function builtApp(): Promise<void> {
  const forms = { '': Buffer.from(source), '.br': brotliCompressSync(source), '.gz': gzipSync(source) }
  for (const [extension, bytes] of Object.entries(forms))
    await writeFile(join(pageDirectory, `app.js${extension}`), bytes)
}

/** An answer as it came, with nothing decompressed. */
function sent(path: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: Buffer }>(
    (resolve, reject) => {
      const request = httpRequest(
        { host: '127.0.0.1', port: portOf(server), path: `/${path}`, headers },
        async (response) => {
          const chunks: Buffer[] = []
          for await (const chunk of response) chunks.push(chunk)
          const { statusCode: status, headers } = response
          resolve({ status, headers, body: Buffer.concat(chunks) })
        },
      )
      request.on('error', reject)
      request.end()
    },
  )
}

function portOf(listening: Server): number {
  const address = listening.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
