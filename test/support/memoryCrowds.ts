import type { AskingIn, CrowdCard, CrowdStore } from '../../src/approvals/crowds/records.ts'
import type { OpenHomes } from '../../src/approvals/openHomes.ts'
import { type ActionRequest, effectiveLegs } from '../../src/core/request.ts'
import { carrierOf } from '../../src/core/set.ts'
import type { Tables } from './memoryTables.ts'

/** Cards that stand for many, in memory. */
export function memoryCrowds(tables: Tables): CrowdStore {
  const crowds = new Map<string, CrowdCard>()
  return {
    crowdCard: async (conversation) => crowds.get(conversation) ?? null,
    askingIn: async (conversation) => {
      const asking = [...tables.requests.values()].filter(
        ({ state, requirement }) =>
          state === 'pending' && requirement?.notify.channels.includes(conversation),
      )
      const ids = [...new Set(asking.map(carrierOf))]
      return ids.map((id) =>
        askingOf(
          tables,
          { id, conversation },
          asking.filter((one) => carrierOf(one) === id),
        ),
      )
    },
    async keepCrowdCard({ expected, next }) {
      if ((crowds.get(next.id)?.version ?? null) !== expected) return false
      crowds.set(next.id, next)
      return true
    },
    async dropCrowdCard({ id, version }) {
      return crowds.get(id)?.version === version && crowds.delete(id)
    },
  }
}

function askingOf(
  tables: Tables,
  { id, conversation }: { readonly id: string; readonly conversation: string },
  lines: readonly ActionRequest[],
): AskingIn {
  const about = tables.ledger.filter(
    ({ request, data }) => request === id && data.conversation === conversation,
  )
  const isPosted = [...tables.cards.values()].some(
    (card) => card.request === id && card.conversation === conversation && card.status === 'posted',
  )
  const posted = about.filter(({ type }) => type === 'card.posted').map(({ ts }) => ts)
  const reminders = lines.flatMap(({ createdAt, requirement }) =>
    (requirement?.notify.remindAfterSeconds ?? [])
      .slice(0, 1)
      .map((after) => new Date(Date.parse(createdAt) + after * 1_000).toISOString()),
  )
  return {
    id,
    agent: lines[0]?.agent.name ?? '',
    createdAt: lines[0]?.createdAt ?? '',
    expiresAt: lines.map(({ expiresAt }) => expiresAt ?? '').sort()[0] ?? '',
    escalated: lines.some(({ escalations }) => escalations.length > 0),
    from: lines.flatMap((one) => effectiveLegs(one).flatMap(({ from }) => from)),
    remindAt: reminders.sort()[0] ?? null,
    postedAt: isPosted ? (posted.sort().at(-1) ?? '') : null,
    listed: about.some(({ type }) => type === 'card.listed'),
  }
}

/** Homes that are open, in memory: one is free when its keeper has left. */
export function memoryHomes(): OpenHomes {
  const open = new Map<string, string | null>()
  return {
    async openHome(user, keeper) {
      open.set(user, keeper)
    },
    async keepOpenHomes(keeper) {
      for (const [user, by] of open) if (by === null) open.set(user, keeper)
      return [...open].filter(([, by]) => by === keeper).map(([user]) => ({ user, openedSecondsAgo: 60 }))
    },
    async leaveOpenHomes(keeper) {
      for (const [user, by] of open) if (by === keeper) open.set(user, null)
    },
  }
}
