/**
 * A service that does what a grant permits, once: it checks the token by itself, then has it redeemed for exactly what it is about to
 * do. Needs Node 20 and jose 6. From the environment: COUNTERSIGN, ISSUER, AUDIENCE, RESOURCE_KEY, PORT.
 */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'

const { COUNTERSIGN = '', ISSUER = '', AUDIENCE = '', RESOURCE_KEY = '', PORT = '' } = process.env
const keys = createRemoteJWKSet(new URL(`${COUNTERSIGN}/.well-known/jwks.json`), { cacheMaxAge: 300_000 })

/** @throws JOSEError for everything that is not a grant for us, now */
async function verify(token: string): Promise<void> {
  await jwtVerify(token, keys, {
    algorithms: ['RS256'],
    issuer: ISSUER,
    audience: AUDIENCE,
    clockTolerance: 0,
    requiredClaims: ['iss', 'aud', 'exp', 'nbf', 'jti'],
  })
}

/** The status of the answer: only after 200 anything is done. */
async function redeem(token: string, action: unknown): Promise<number> {
  const reply = await fetch(`${COUNTERSIGN}/v1/grants/redeem`, {
    method: 'POST',
    headers: { authorization: `Bearer ${RESOURCE_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ token, attempt: randomUUID(), action }),
    signal: AbortSignal.timeout(10_000),
  })
  return reply.status
}

/** Yours: does what the action says, and nothing else. */
async function run(_action: unknown): Promise<void> {}

async function done(token: string, action: unknown): Promise<number> {
  try {
    await verify(token)
  } catch (fault) {
    if (fault instanceof errors.JOSEError) return 401
    throw fault
  }
  const status = await redeem(token, action)
  if (status === 200) await run(action)
  return status
}

createServer((call, answer) => {
  const [, token = ''] = /^Bearer (\S+)$/.exec(call.headers.authorization ?? '') ?? []
  json(call)
    .then((action) => done(token, action))
    .catch(() => 500)
    .then((status) => answer.writeHead(status).end())
}).listen(Number(PORT), '127.0.0.1')
