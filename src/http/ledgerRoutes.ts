import { z } from 'zod'
import { flooded, notNow, refuses } from './answers.ts'
import { consistencyExample, consistencySchema, ledgerPageExample, ledgerPageSchema } from './ledgerSchema.ts'
import {
  getLedgerCheckpoint,
  getLedgerConsistency,
  getLedgerKey,
  getLedgerProof,
  getLedgerTile,
  listLedgerEntries,
} from './readLedger.ts'
import type { Content, Route } from './route.ts'

const size = z.coerce.number().int().optional()
const range = z.object({
  from: size.describe('The first index; otherwise 0.'),
  limit: size.describe('How many at most: 1 to 1,024; otherwise 256. A page is also bounded by its bytes.'),
})
const sizes = z.object({
  from: size.describe('The smaller size; otherwise 0.'),
  to: size.describe('The larger size; otherwise that of the newest checkpoint.'),
})
const tile = z.object({
  '*': z
    .string()
    .describe('`L/N`, or `entries/N`, with `.p/W` for a tile that is not full: `0/x001/067.p/8`'),
})

const text = (description: string): Content => ({
  description,
  content: { 'text/plain': { schema: z.string() } },
})

const stranger = {
  401: refuses('No valid key of an auditor', ['unauthenticated'], ['www-authenticate']),
  403: refuses('Its person is no auditor now, or has not confirmed it', ['not_an_auditor']),
}
const missing = { 404: refuses('Nothing at that place, or not so far', ['not_in_tree']) }
const malformed = { 400: refuses('A parameter does not fit', ['invalid_request']) }
/** That somebody reads is recorded first. */
const wrong = {
  500: refuses('A fault of the server', ['entry_unwritable', 'internal']),
  ...notNow('directory_unavailable', 'busy', 'not_ready'),
}
const counted = { ...stranger, ...flooded }

/** Where auditors read the ledger: tiles, checkpoints and proofs as C2SP has them, and entries with what stands beside them. */
export const ledgerRoutes: readonly Route[] = [
  {
    operationId: 'getLedgerCheckpoint',
    method: 'GET',
    url: '/v1/ledger/checkpoint',
    credentials: 'auditor',
    limit: 'otherCalls',
    run: getLedgerCheckpoint,
    says: 'The newest checkpoint of the ledger (c2sp.org/tlog-checkpoint)',
    takes: {},
    answers: { 200: text('A signed note'), ...counted, ...wrong },
  },
  {
    operationId: 'getLedgerKey',
    method: 'GET',
    url: '/v1/ledger/key',
    credentials: 'auditor',
    limit: 'otherCalls',
    run: getLedgerKey,
    says: 'The key by which checkpoints are verified (c2sp.org/signed-note)',
    takes: {},
    answers: { 200: text('A verifier key'), ...counted, ...wrong },
  },
  {
    operationId: 'getLedgerTile',
    method: 'GET',
    url: '/v1/ledger/tile/*',
    credentials: 'auditor',
    limit: 'otherCalls',
    run: getLedgerTile,
    says: 'A tile of the tree, or a bundle of its entries (c2sp.org/tlog-tiles)',
    takes: { params: tile },
    answers: {
      200: {
        description:
          'Hashes of 32 bytes, or entries, each with its length in two bytes before it. It never changes',
        content: { 'application/octet-stream': { schema: z.string() } },
      },
      ...counted,
      ...missing,
      ...wrong,
    },
  },
  {
    operationId: 'listLedgerEntries',
    method: 'GET',
    url: '/v1/ledger/entries',
    credentials: 'auditor',
    limit: 'otherCalls',
    run: listLedgerEntries,
    says: 'Entries by their index, with the values that stand beside them',
    takes: { querystring: range },
    answers: {
      200: {
        description: 'A page; the last one has no `next`',
        content: {
          'application/json': {
            schema: ledgerPageSchema,
            examples: { page: { summary: 'One entry', value: ledgerPageExample } },
          },
        },
      },
      ...malformed,
      ...counted,
      ...missing,
      ...wrong,
    },
  },
  {
    operationId: 'getLedgerProof',
    method: 'GET',
    url: '/v1/ledger/entries/:id/proof',
    credentials: 'auditor',
    limit: 'otherCalls',
    run: getLedgerProof,
    says: 'What shows that an entry stands in the tree of the newest checkpoint (c2sp.org/tlog-proof)',
    takes: { params: z.object({ id: z.string().describe('`ent_…`') }) },
    answers: { 200: text('A proof, with the checkpoint'), ...counted, ...missing, ...wrong },
  },
  {
    operationId: 'getLedgerConsistency',
    method: 'GET',
    url: '/v1/ledger/consistency',
    credentials: 'auditor',
    limit: 'otherCalls',
    run: getLedgerConsistency,
    says: 'What shows that a larger tree begins with a smaller one (RFC 6962, 2.1.2)',
    takes: { querystring: sizes },
    answers: {
      200: {
        description: 'Hashes, the first one first',
        content: {
          'application/json': {
            schema: consistencySchema,
            examples: { proof: { summary: 'From three entries to seven', value: consistencyExample } },
          },
        },
      },
      ...malformed,
      ...counted,
      ...missing,
      ...wrong,
    },
  },
]
