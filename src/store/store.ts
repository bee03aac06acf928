import type { Pool } from 'pg'
import type { Store } from '../approvals/ports.ts'
import type { WorkingMemory } from '../approvals/workingMemory.ts'
import { inSpan } from '../tracing/span.ts'
import { groupCommit } from './commit.ts'
import { crowdsOn } from './crowds.ts'
import { forgettingOn } from './forgetting.ts'
import { logApplied } from './logApplied.ts'
import type { Notifications } from './notifications.ts'
import { openHomesOn } from './openHomes.ts'
import type { PrismaClient } from './prisma/client.ts'
import { readAccounts } from './read/accounts.ts'
import { readAgents } from './read/agents.ts'
import { readAskedBefore } from './read/askedBefore.ts'
import { readBudgets } from './read/budgets.ts'
import { readCards } from './read/cards.ts'
import { readConfirmations } from './read/confirmations.ts'
import { readCoolDowns } from './read/coolDowns.ts'
import { readDelegations } from './read/delegations.ts'
import { readEntries } from './read/entries.ts'
import { readErasable } from './read/erasable.ts'
import { readGrants } from './read/grants.ts'
import { readLeases } from './read/leases.ts'
import { readMentions } from './read/mentions.ts'
import { readNews } from './read/news.ts'
import { readOnCallLinks } from './read/onCallLinks.ts'
import { readPast } from './read/past.ts'
import { readPersonalTokens } from './read/personalTokens.ts'
import { readPlaced } from './read/placed.ts'
import { readPolicies } from './read/policies.ts'
import { readReads } from './read/reads.ts'
import { readRequests } from './read/requests.ts'
import { readStops } from './read/stops.ts'
import { readTold } from './read/told.ts'
import { readWebhooks } from './read/webhooks.ts'
import { replicasOn } from './replicas.ts'
import { seenAccountsOn } from './seenAccounts.ts'
import { sendBatch } from './sendBatch.ts'
import { shadowsOn } from './shadows.ts'
import { sortTroubles, type TroubleOptions } from './trouble.ts'
import { sortUnwritable } from './unwritable.ts'

/** The `Store` port on PostgreSQL. `idle` resolves when no commit is on its way any more. */
export function storeOn(
  { prisma, pool }: { readonly prisma: PrismaClient; readonly pool: Pool },
  notifications: Notifications,
  told: TroubleOptions,
): { readonly store: Store; readonly idle: () => Promise<void> } {
  const { commit, idle } = groupCommit((batch) => sendBatch(prisma, batch))
  const logged = logApplied(sortUnwritable(commit, told.log), told.log)
  const store: Store = {
    commit: (change) =>
      inSpan({ name: 'commit' }, async (note) => {
        const committed = await logged(change)
        note({ 'countersign.committed': committed })
        return committed
      }),
    ...readReads(pool),
    ...readAskedBefore(pool),
    ...readRequests(prisma, pool),
    ...readPast(pool),
    ...readEntries(prisma),
    ...readPlaced(pool),
    ...readErasable(pool),
    ...readCards(prisma, pool),
    ...readTold(pool),
    ...readAgents(prisma),
    ...readAccounts(pool),
    ...readBudgets(pool),
    ...readCoolDowns(pool),
    ...readMentions(pool),
    ...readConfirmations(prisma),
    ...readPersonalTokens(prisma),
    ...readPolicies(prisma),
    ...readGrants(prisma),
    ...readStops(prisma),
    ...readNews(pool),
    ...readOnCallLinks(prisma),
    ...readDelegations(prisma),
    ...readWebhooks(prisma),
    ...readLeases(prisma),
    ...replicasOn(pool, notifications),
    ...shadowsOn(prisma, pool),
    ...workingMemory(pool),
    watch: (topic, wake) => notifications.watch(topic, wake),
    watchEvery: notifications.watchEvery,
  }
  return { store: sortTroubles(store, told), idle }
}

function workingMemory(pool: Pool): WorkingMemory {
  return { ...crowdsOn(pool), ...openHomesOn(pool), ...seenAccountsOn(pool), ...forgettingOn(pool) }
}
