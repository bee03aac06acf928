import { flooded, missing, notNow, refuses, stranger, unreadable, unwritten } from './answers.ts'
import { credentialAskExamples, credentialExamples } from './credentialExamples.ts'
import { credentialAskSchema, credentialSchema, issueCredential } from './issueCredential.ts'
import type { Route } from './route.ts'

/** The call that gets a credential for a target that cannot verify a grant. */
export const credentialRoute: Route = {
  operationId: 'issueCredential',
  method: 'POST',
  url: '/v1/requests/:id/credential',
  credentials: 'agent',
  limit: 'otherCalls',
  run: issueCredential,
  says: 'Get the credential for what is executing, at a target that cannot verify a grant',
  takes: { body: credentialAskSchema, examples: credentialAskExamples },
  answers: {
    201: {
      description: 'The credential. It is shown in this answer only',
      content: { 'application/json': { schema: credentialSchema, examples: credentialExamples } },
    },
    ...unreadable,
    ...stranger,
    403: refuses('Not yours, not confirmed, or stopped', ['agent_unconfirmed', 'not_your_grant', 'stopped']),
    ...missing,
    409: refuses('Not now, not here, or not again', [
      'chain_revoked',
      'wrong_state',
      'no_credential',
      'credential_out',
      'credential_spent',
      'target_refused',
    ]),
    422: refuses('Several targets would', ['target_unnamed']),
    ...flooded,
    ...unwritten,
    ...notNow('target_unavailable', 'busy'),
  },
}
