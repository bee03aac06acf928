import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { StartFault } from '../../src/server/startFault.ts'
import { teamsAccessOf } from '../../src/server/teamsAccess.ts'
import { publicServices } from '../../src/teams/access.ts'
import { certificate, privateKey } from '../teams/certificate.ts'

const app = {
  appId: '11111111-2222-3333-4444-555555555555',
  tenant: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  services: publicServices,
}

const written = (text: string) => {
  const file = join(mkdtempSync(join(tmpdir(), 'teams-pem-')), 'teams.pem')
  writeFileSync(file, text)
  return file
}
const from = (text: string) => teamsAccessOf({ ...app, proof: { certificateFile: written(text) } })
const pem = (type: 'rsa' | 'ec') =>
  (type === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  ).privateKey
    .export({ type: 'pkcs8', format: 'pem' })
    .toString()

test('a secret is handed on as it is', () => {
  expect(teamsAccessOf({ ...app, proof: { secret: 'a~secret' } })).toEqual({
    ...app,
    credential: { kind: 'secret', secret: 'a~secret' },
  })
})

describe('TEAMS_CERTIFICATE_FILE', () => {
  test.each([
    ['with the key first', `${privateKey}\n${certificate}\n`],
    ['with the certificate first', `# of Teams\n${certificate}\n\n${privateKey}`],
  ])('has both, %s', (_, text) => {
    expect(from(text).credential).toEqual({ kind: 'certificate', privateKey, certificate })
  })

  test.each([
    ['no key', certificate, /has no private key/],
    ['no certificate', privateKey, /has no certificate/],
    ['nothing of either', 'a~secret', /has no private key/],
    ['a key of another certificate', `${pem('rsa')}\n${certificate}`, /not that of its certificate/],
    ['a key that is not RSA', `${pem('ec')}\n${certificate}`, /not RSA/],
    ['a key that was damaged', `${privateKey.replace('MIIEvQ', 'MIIEvX')}\n${certificate}`, /cannot be read/],
  ])('with %s is refused, and nothing of it is repeated', (_, text, says) => {
    expect(() => from(text)).toThrow(StartFault)
    expect(() => from(text)).toThrow(says)
    expect(() => from(text)).not.toThrow(/MII|a~secret/)
  })

  test('that is not there is refused with its name', () => {
    const proof = { certificateFile: '/nowhere/teams.pem' }

    expect(() => teamsAccessOf({ ...app, proof })).toThrow(/\/nowhere\/teams\.pem, which cannot be read/)
  })
})
