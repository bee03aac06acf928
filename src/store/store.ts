import type { Pool } from 'pg'
import type { Committed, Store } from '../approvals/ports.ts'
import { inSpan } from '../tracing/span.ts'
import { argumentOf, type Batch } from './batch.ts'
import { groupCommit } from './commit.ts'
import type { Notifications } from './notifications.ts'
import type { PrismaClient } from './prisma/client.ts'
import { readAccounts } from './read/accounts.ts'
import { readAgents } from './read/agents.ts'
import { readCards } from './read/cards.ts'
import { readEntries } from './read/entries.ts'
import { readPolicies } from './read/policies.ts'
import { readRequests } from './read/requests.ts'
import { replicasOn } from './replicas.ts'
import { sortTroubles, type TroubleOptions } from './trouble.ts'

/** The `Store` port on PostgreSQL. `idle` resolves when no commit is on its way any more. */
export function storeOn(
  { prisma, pool }: { readonly prisma: PrismaClient; readonly pool: Pool },
  notifications: Notifications,
  told: TroubleOptions,
): { readonly store: Store; readonly idle: () => Promise<void> } {
  const { commit, idle } = groupCommit((batch) => sendBatch(prisma, batch))
  const store: Store = {
    commit: (change) =>
      inSpan({ name: 'commit' }, async (note) => {
        const committed = await commit(change)
        note({ 'countersign.committed': committed })
        return committed
      }),
    ...readRequests(prisma, pool),
    ...readEntries(prisma),
    ...readCards(prisma, pool),
    ...readAgents(prisma),
    ...readAccounts(prisma, pool),
    ...readPolicies(prisma),
    ...replicasOn(pool, notifications),
    watch: (topic, wake) => notifications.watch(topic, wake),
  }
  return { store: sortTroubles(store, told), idle }
}

async function sendBatch(prisma: PrismaClient, batch: Batch): Promise<readonly Committed[]> {
  const answers = await prisma.$queryRaw<{ n: number; outcome: Committed }[]>`
    SELECT n, outcome FROM countersign_commit(${argumentOf(batch)}::jsonb)`
  const outcomes: Committed[] = []
  for (const { n, outcome } of answers) outcomes[n] = outcome // by its number, whatever order they come in
  return outcomes
}
