import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { onTestFinished } from 'vitest'
import { testIssuer, testSigner } from '../../support/testSigner.ts'

/** What the next answer is, once: as it should be, another's page with status 200, a refusal, or none. */
type Answering = 'fine' | 'foreign' | 'refused' | 'broken'

/** AWS STS as far as it is used here: it believes only tokens that our published keys verify. */
export async function doubleSts() {
  const sent: URLSearchParams[] = []
  const next: Answering[] = []
  const given = new Map<string, string>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void answer(new URLSearchParams(Buffer.concat(chunks).toString())).then(([status, body]) =>
        response.writeHead(status, { 'content-type': 'text/xml' }).end(body),
      )
    })
  })
  const answer = async (form: URLSearchParams): Promise<readonly [number, string]> => {
    if (form.get('Action') !== 'AssumeRoleWithWebIdentity') return [302, '']
    sent.push(form)
    const now = next.shift() ?? 'fine'
    if (now === 'foreign') return [200, '<html>Welcome to the proxy</html>']
    if (now === 'broken') return [503, '<html>Down</html>']
    if (now === 'refused') return [403, errorOf('AccessDenied')]
    try {
      const keys = createLocalJWKSet((await testSigner.jwks()) as Parameters<typeof createLocalJWKSet>[0]) // RFC 7517
      const at = Number(form.get('DurationSeconds')) * 1_000
      await jwtVerify(form.get('WebIdentityToken') ?? '', keys, {
        issuer: testIssuer,
        audience: 'sts.amazonaws.com',
        algorithms: ['RS256'],
      })
      const id = `ASIA${given.size}`
      given.set(id, form.get('Policy') ?? '')
      return [200, credentialsOf(id, new Date(Date.now() + at))]
    } catch {
      return [400, errorOf('InvalidIdentityToken')]
    }
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo // it listens on TCP
  return { url: `http://127.0.0.1:${port}`, sent, next, given }
}

function credentialsOf(id: string, end: Date): string {
  return `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>the secret of ${id}</SecretAccessKey><SessionToken>the token of ${id}</SessionToken><Expiration>${end.toISOString()}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`
}

function errorOf(code: string): string {
  return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>it repeats what was sent</Message></Error></ErrorResponse>`
}
