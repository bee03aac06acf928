import { expect, test } from 'vitest'
import { createTokens } from '../../src/teams/outbound/tokens.ts'
import { openTeams } from '../sandbox/teams/company.ts'
import { agesOf, testClock } from '../support/testClock.ts'
import { certificate, privateKey } from './certificate.ts'

test('the local Teams gives a token for a certificate that is registered, and for no other', async () => {
  const local = await openTeams({ secret: null, certificate })
  const access = {
    appId: local.tenant.app.id,
    tenant: local.tenant.id,
    credential: { kind: 'certificate' as const, privateKey, certificate },
    services: local.services,
  }
  const tokens = createTokens(access, { ages: agesOf(testClock()) })

  const token = await tokens.tokenFor('graph')
  expect(token).toMatch(/^local\.graph\./)

  local.login.register({ certificate: null })
  tokens.forget('graph', token)
  await expect(tokens.tokenFor('graph')).rejects.toMatchObject({ code: 'AADSTS700027' })
})
