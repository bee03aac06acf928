import { readFileSync } from 'node:fs'
import { type AddressInfo, connect as connectTo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkDatabase } from '../../src/store/doctor.ts'
import { freshDatabase } from '../support/database.ts'
import { silent } from './opened.ts'

const certificate = join(import.meta.dirname, 'certificate', 'localhost.pem')
const key = readFileSync(join(import.meta.dirname, 'certificate', 'localhost.key.pem'))
const cert = readFileSync(certificate)

/** The code of a request for TLS (PostgreSQL: Message Formats, SSLRequest). */
const sslRequest = 80_877_103

/** The test server behind TLS, with a certificate that nobody has signed but itself. Resolves to a URL of a database. */
async function behindTls(): Promise<URL> {
  const database = new URL(await freshDatabase())
  const socketDirectory = database.searchParams.get('host') ?? ''
  const sockets = new Set<Socket>()
  const gate = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    socket.once('data', (hello) => {
      if (hello.readInt32BE(4) !== sslRequest) return socket.destroy()
      socket.write('S')
      const inside = new TLSSocket(socket, { isServer: true, key, cert }).on('error', () => socket.destroy())
      const server = connectTo(join(socketDirectory, '.s.PGSQL.5432')).on('error', () => socket.destroy())
      sockets.add(server)
      inside.pipe(server).pipe(inside)
    })
  })
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    gate.close()
  })
  database.search = ''
  database.hostname = 'localhost'
  database.port = String((gate.address() as AddressInfo).port) // it listens on TCP
  return database
}

const withMode = (url: URL, search: string) => Object.assign(new URL(url), { search }).href

/** The codes of everything that lies beneath an error. */
function causesOf(error: unknown): readonly unknown[] {
  if (!(error instanceof Error)) return []
  return ['code' in error ? error.code : null, ...causesOf(error.cause)]
}

describe('a certificate that does not verify', () => {
  test.each(['require', 'verify-ca', 'verify-full'])(
    'is refused with sslmode=%s, and the fix is not host and port',
    async (mode) => {
      const url = withMode(await behindTls(), `sslmode=${mode}`)

      const refusal = await checkDatabase(url, silent).catch((error: unknown) => error)

      expect(refusal).toMatchObject({
        code: 'bad_certificate',
        fix: expect.stringContaining('sslrootcert'),
      })
      expect(causesOf(refusal)).toContain('DEPTH_ZERO_SELF_SIGNED_CERT')
    },
  )

  test('for another host is refused as that', async () => {
    const url = await behindTls()
    url.hostname = '127.0.0.1'

    const named = withMode(url, `sslmode=verify-full&sslrootcert=${certificate}`)
    const refusal = await checkDatabase(named, silent).catch((error: unknown) => error)

    expect(refusal).toMatchObject({ code: 'bad_certificate' })
    expect(causesOf(refusal)).toContain('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  test('control: whose authority is named is trusted', async () => {
    const url = await behindTls()

    expect(
      await checkDatabase(withMode(url, `sslmode=verify-full&sslrootcert=${certificate}`), silent),
    ).toMatchObject({ lacks: [] })
  })

  test('control: sslmode=no-verify accepts any', async () => {
    expect(await checkDatabase(withMode(await behindTls(), 'sslmode=no-verify'), silent)).toMatchObject({
      lacks: [],
    })
  })

  test('an authority whose file is not there is told as a file', async () => {
    const url = withMode(await behindTls(), 'sslmode=verify-full&sslrootcert=/nowhere/ca.pem')

    await expect(checkDatabase(url, silent)).rejects.toMatchObject({
      code: 'not_writable',
      cause: { code: 'ENOENT', message: expect.stringContaining('/nowhere/ca.pem') },
    })
  })
})

test('a server without TLS is told as that when the URL asks for it', async () => {
  await expect(checkDatabase(`${await freshDatabase()}&sslmode=require`, silent)).rejects.toMatchObject({
    code: 'no_encryption',
    fix: expect.stringContaining('sslmode=disable'),
  })
})
