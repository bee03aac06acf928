import type { z } from 'zod'
import type { credentialSchema } from './issueCredential.ts'
import type { Examples } from './route.ts'

/** Bodies that ask for a credential. */
export const credentialAskExamples = {
  only: { summary: 'One target serves the action', value: {} },
  named: { summary: 'Several do', value: { target: 'warehouse' } },
  lost: { summary: 'The answer with the first one was lost', value: { again: true } },
} as const satisfies Examples

const postgresql: z.infer<typeof credentialSchema> = {
  lease: 'lse_01kaxyz0000000000000000000',
  request: 'req_01kaxyz0000000000000000000',
  issuer: 'postgresql',
  target: 'warehouse',
  credential: {
    host: 'db.acme.test',
    port: 5432,
    database: 'warehouse',
    user: 'cs_3f9a0c1de54b7a82',
    password: '…',
  },
  expires_at: '2026-11-24T14:25:00.000Z',
  ends: 'at once',
}

const github: z.infer<typeof credentialSchema> = {
  ...postgresql,
  issuer: 'github',
  target: 'repos',
  credential: { token: '…', repository: 'acme/website', api: 'https://api.github.com' },
}

export const credentialExamples = {
  postgresql: { summary: 'A role that lives as long as the execution', value: postgresql },
  github: { summary: 'A token for one repository', value: github },
} as const satisfies Examples
