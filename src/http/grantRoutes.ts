import { z } from 'zod'
import {
  flooded,
  missing,
  notNow,
  refuses,
  stranger,
  unreadableForm,
  unreadableOrUnproved,
  unwritten,
} from './answers.ts'
import { createGrant } from './createGrant.ts'
import { credentialRoute } from './credentialRoute.ts'
import { dpopHeader } from './dpopProof.ts'
import {
  grantAskExamples,
  grantExamples,
  introspectionExamples,
  redeemedExamples,
  redemptionExamples,
} from './grantExamples.ts'
import { grantAskSchema, grantSchema } from './grantSchema.ts'
import { introspectionSchema, introspectToken, revokeToken } from './oauth.ts'
import { redeemedSchema, redeemGrant, redemptionHeaders, redemptionSchema } from './redeemGrant.ts'
import type { Route } from './route.ts'

/** What is done with a grant once somebody has it. */
export const grantRoutes: readonly Route[] = [
  {
    operationId: 'createGrant',
    method: 'POST',
    url: '/v1/requests/:id/grant',
    credentials: 'agent',
    limit: 'otherCalls',
    run: createGrant,
    says: 'Get the grant of an approved request',
    takes: { headers: z.object({ dpop: dpopHeader }), body: grantAskSchema, examples: grantAskExamples },
    answers: {
      200: {
        description: 'The same token again',
        content: { 'application/json': { schema: grantSchema, examples: grantExamples } },
      },
      201: {
        description: 'Issued',
        content: { 'application/json': { schema: grantSchema, examples: grantExamples } },
      },
      ...unreadableOrUnproved,
      401: stranger[401],
      403: refuses(
        'Countersign performs it itself, or a stop holds it; or somebody has still to confirm the agent',
        ['no_grant', 'stopped', 'agent_unconfirmed'],
      ),
      ...missing,
      409: refuses('There is no grant for it, or none any more', [
        'not_approved',
        'grant_lapsed',
        'grant_revoked',
        'target_moved_on',
        'nothing_to_undo',
        'grant_taken',
        'grant_over',
      ]),
      422: refuses('The policy does not have that audience', ['unknown_audience']),
      ...flooded,
      ...unwritten,
      ...notNow('directory_unavailable', 'busy', 'not_ready'),
    },
  },
  {
    operationId: 'redeemGrant',
    method: 'POST',
    url: '/v1/grants/redeem',
    credentials: 'agent or resource',
    limit: 'otherCalls',
    run: redeemGrant,
    says: 'Redeem a grant, right before its action runs',
    takes: { headers: redemptionHeaders, body: redemptionSchema, examples: redemptionExamples },
    answers: {
      200: {
        description: 'Redeemed: now, or before under the same attempt',
        content: { 'application/json': { schema: redeemedSchema, examples: redeemedExamples } },
      },
      ...unreadableOrUnproved,
      401: stranger[401],
      403: refuses(
        'The grant gives you nothing, is for another action, or is stopped; or somebody has still to confirm the agent',
        ['invalid_grant', 'digest_mismatch', 'stopped', 'agent_unconfirmed'],
      ),
      409: refuses('Another attempt has redeemed it, or what a rollback would undo is not there any more', [
        'grant_spent',
        'target_moved_on',
      ]),
      ...flooded,
      ...unwritten,
      ...notNow('directory_unavailable', 'busy', 'not_ready'),
    },
  },
  {
    operationId: 'introspectToken',
    method: 'POST',
    url: '/oauth/introspect',
    credentials: 'agent or resource',
    limit: 'otherCalls',
    run: introspectToken,
    says: 'What a grant is worth now (RFC 7662)',
    takes: {},
    answers: {
      200: {
        description: 'Active or not, and what it says',
        content: { 'application/json': { schema: introspectionSchema, examples: introspectionExamples } },
      },
      ...unreadableForm,
      ...stranger,
      ...flooded,
      500: refuses('A fault of the server', ['internal']),
      ...notNow(),
    },
  },
  {
    operationId: 'revokeToken',
    method: 'POST',
    url: '/oauth/revoke',
    credentials: 'agent or resource',
    limit: 'otherCalls',
    run: revokeToken,
    says: 'Give a grant back that was not redeemed (RFC 7009)',
    takes: {},
    answers: {
      200: { description: 'It gives nothing any more, or never did' },
      ...unreadableForm,
      ...stranger,
      ...flooded,
      ...unwritten,
      ...notNow('busy'),
    },
  },
  credentialRoute,
]
