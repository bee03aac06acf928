import { jobKey } from '../../src/approvals/job.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { carrierOf } from '../../src/core/set.ts'
import { blobRef, type Entry, entryText } from '../../src/ledger/entry.ts'
import type { Stage } from './stage.ts'

/**
 * What has to be true of the whole state at any moment, also the moment after a crash. Returns a sentence for each
 * promise that is broken.
 */
export async function brokenPromises({ store, channel }: Stage): Promise<readonly string[]> {
  const requests = await store.requests({ limit: 1_000 })
  const perRequest = requests.map(async (request) => [
    ...(isElsewhere(request)
      ? aboutMember(request, requests)
      : aboutEntries(request, await store.entries(request.id))),
    ...(await aboutCards({ store, channel }, request)),
    ...(isElsewhere(request) ? [] : await aboutJobs({ store }, request)),
  ])
  return [
    ...repeated(requests.map((one) => `${one.agent.id} ${one.idempotencyKey}`)).map(
      (key) => `two requests for one key: ${key}`,
    ),
    ...repeated(store.ledger.map((entry) => entry.id)).map((id) => `two entries with the id ${id}`),
    ...aboutBlobs(store),
    ...(await aboutAgents(store)),
    ...(await Promise.all(perRequest)).flat(),
    ...(await aboutPosts({ store, channel })),
  ]
}

/** What has to be true besides, when every job that was due has run. */
export async function unsettled({ store, channel }: Stage): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const request of await store.requests({ limit: 1_000 })) {
    const entries = await store.entries(request.id)
    const lastNews = isThreadBegun(entries) ? entries.findLastIndex(isNews) : -1
    const cards = (await store.cards(request.id)).filter((card) => card.status === 'posted')
    // Whoever was written to directly sees every state, and gets no further messages.
    const open = cards.filter((card) => request.requirement?.notify.channels.includes(card.conversation))
    for (const card of cards) {
      const shown = channel.shows.get(card.message ?? '')
      if (shown !== request.version) wrong.push(`a card shows version ${shown} of ${request.version}`)
      if (open.includes(card) && card.told <= lastNews)
        wrong.push(`a thread knows ${card.told} of ${lastNews + 1} entries`)
    }
    const isShownThere = isElsewhere(request) || isListed(request)
    if (request.state === 'pending' && !isShownThere && open.length !== 1)
      wrong.push(`${open.length} cards ask people`)
  }
  return wrong
}

const isNews = ({ type }: Entry) => /^(decision.made|request)/.test(type)

/** Who approved stands on the card, and comes with what says more. */
function isThreadBegun(entries: readonly Entry[]): boolean {
  const isApproval = ({ type, data }: Entry) =>
    type === 'request.approved' || (type === 'decision.made' && data.kind === 'approve')
  return entries.some(
    (entry) =>
      entry.type === 'reminder.sent' ||
      (entry.type !== 'request.submitted' && isNews(entry) && !isApproval(entry)),
  )
}

/** A rollback that is decided with what it would undo. */
function isElsewhere({ id, set, rollsBack }: ActionRequest): boolean {
  return rollsBack !== undefined && set !== undefined && set.card !== id
}

/** One of several on the card of the first of them: it was asked with it, or asks the same. */
function isListed(request: ActionRequest): boolean {
  return request.rollsBack === undefined && carrierOf(request) !== request.id
}

/** It waits exactly as long as the one that it is decided with, by the same votes. */
function aboutMember(request: ActionRequest, requests: readonly ActionRequest[]): string[] {
  const first = requests.find(({ id }) => id === request.set?.card)
  if (!first) return ['a member of a set without the one on whose card it is decided']
  const same = JSON.stringify(request.decisions) === JSON.stringify(first.decisions)
  return [
    ...((request.state === 'pending') === (first.state === 'pending')
      ? []
      : [`half a set is ${request.state}`]),
    ...(same || request.withFirst ? [] : ['a set has different decisions']),
  ]
}

function aboutEntries(request: ActionRequest, entries: readonly Entry[]): string[] {
  const count = (type: string) => entries.filter((entry) => entry.type === type).length
  const wrong: string[] = []
  if (count('request.submitted') !== 1) wrong.push(`submitted ${count('request.submitted')} times`)
  for (const end of ['approved', 'denied', 'narrowed', 'expired', 'cancelled']) {
    const state = request.narrowed ? 'narrowed' : request.state
    const expected = state === end || (end === 'approved' && cameOfApproval(request)) ? 1 : 0
    if (count(`request.${end}`) !== expected)
      wrong.push(`${request.state} with ${count(`request.${end}`)} ${end} entries`)
  }
  if ((request.state === 'pending') !== (request.settledAt === null))
    wrong.push(`${request.state} at ${request.settledAt}`)
  const made = entries.filter((entry) => entry.type === 'decision.made')
  const decided = request.decisions.map((decision) => `${decision.person} ${decision.kind} ${decision.at}`)
  if (made.map((entry) => `${entry.actor.id} ${entry.data.kind} ${entry.ts}`).join() !== decided.join())
    wrong.push('the decisions are not those of the ledger')
  // Its tests write a grant without an entry.
  const ended = count('request.revoked') + count('request.lapsed') + count('request.unreported')
  const reports = request.executions?.length ?? 0
  const later = count('grant.redeemed') + ended + reports + (request.grant ? 1 : 0)
  for (const end of ['revoked', 'lapsed', 'unreported'])
    if (count(`request.${end}`) !== (request.state === end ? 1 : 0))
      wrong.push(`${request.state} with ${count(`request.${end}`)} ${end} entries`)
  if (count('execution.reported') !== reports)
    wrong.push(`${reports} reports with ${count('execution.reported')} entries`)
  // An approval that is taken back after the release ends with the request, in one step.
  const withdrawn = request.revokedBy === 'approver' ? 0 : count('decision.withdrawn')
  const notes = request.notes?.length ?? 0
  if (count('note.written') !== notes) wrong.push(`${notes} notes with ${count('note.written')} entries`)
  const previews = count('preview.made') + count('preview.missed')
  if (previews !== (request.preview ? 1 : 0)) wrong.push(`previewed ${previews} times`)
  if (count('grant.redeemed') !== (request.grant?.redeemed ? 1 : 0))
    wrong.push(`redeemed ${count('grant.redeemed')} times`)
  // Whoever narrowed may have voted in the commit that made it.
  const born = request.narrows !== undefined && entries[1]?.type === 'decision.made' ? 1 : 0
  if (request.version !== 1 - born + previews + notes + made.length + withdrawn + later + undecided(request))
    wrong.push(`version ${request.version} after ${made.length} decisions`)
  const standing = request.decisions.filter((one) => !one.ended)
  wrong.push(...repeated(standing.map((one) => one.person)).map((who) => `${who} decided twice`))
  const over = count('decision.lapsed') + count('decision.withdrawn')
  if (request.decisions.length - standing.length !== over)
    wrong.push(`${over} entries say that a decision does not count any more`)
  const named = entries.flatMap((entry) => (entry.data.delivery ? [String(entry.data.delivery)] : []))
  wrong.push(...repeated(named).map((delivery) => `${delivery} took effect twice`))
  const nths = entries
    .filter((entry) => entry.type === 'reminder.sent')
    .map((entry) => `${entry.data.nth} in ${entry.data.conversation}`)
  wrong.push(...repeated(nths).map((nth) => `reminder ${nth} was recorded twice`))
  return wrong
}

/** Moves that are not a person's decision take one version. */
function undecided(request: ActionRequest): number {
  return request.state === 'expired' || request.state === 'cancelled' || request.narrowed ? 1 : 0
}

async function aboutCards(
  { store, channel }: Pick<Stage, 'store' | 'channel'>,
  request: ActionRequest,
): Promise<string[]> {
  const cards = await store.cards(request.id)
  const posted = cards.filter((card) => card.status === 'posted')
  const live = posted.map((card) => card.conversation)
  const wrong = repeated(live).map((conversation) => `two live cards in ${conversation}`)
  const entries = (await store.entries(request.id)).filter((entry) => entry.type === 'card.posted')
  const recorded = entries.map((entry) => String(entry.data.card))
  wrong.push(...repeated(recorded).map((card) => `${card} was recorded as posted twice`))
  for (const card of posted) {
    if (!recorded.includes(card.id)) wrong.push(`${card.id} is posted and the ledger does not know`)
    const post = channel.posts.find((one) => one.card === card.id)
    if (post?.message !== card.message)
      wrong.push(`${card.id} says ${card.message} and stands at ${post?.message}`)
  }
  return wrong
}

/** A message whose buttons name a card that is not written down could never be answered for. */
async function aboutPosts({ store, channel }: Pick<Stage, 'store' | 'channel'>): Promise<string[]> {
  const cards = await Promise.all(channel.posts.map((post) => store.card(post.card)))
  return cards.flatMap((card, index) => (card ? [] : [`nobody knows the card ${channel.posts[index]?.card}`]))
}

/** What is not done yet is asked for. */
async function aboutJobs({ store }: Pick<Stage, 'store'>, request: ActionRequest): Promise<string[]> {
  const waits = (task: 'expire' | 'announce' | 'refresh') =>
    store.jobs.has(jobKey({ task, request: request.id, at: '' }))
  const posted = (await store.cards(request.id)).filter((card) => card.status === 'posted')
  const stale = posted.some((card) => card.shown !== request.version)
  const wrong = stale && !waits('refresh') ? ['a card is behind and nobody is told to refresh it'] : []
  if (request.state === 'pending') {
    if (!waits('expire')) wrong.push('pending without a deadline')
    if (posted.length === 0 && !isListed(request) && !waits('announce'))
      wrong.push('pending, and nobody is told to announce it')
    return wrong
  }
  const reminders = [...store.jobs.keys()].filter((key) => key.startsWith(`remind:${request.id}`))
  if (waits('expire')) wrong.push('settled with a deadline')
  return [...wrong, ...reminders.map((key) => `settled with ${key}`)]
}

/** Everything that an entry names is there, unchanged. */
function aboutBlobs(store: Stage['store']): string[] {
  const kept = new Set(store.blobs.map((blob) => `${blob.entry} ${blobRef(blob).sha256_salted}`))
  return store.ledger.flatMap((entry) => {
    entryText(entry)
    return entry.blobs
      .filter((ref) => !kept.has(`${entry.id} ${ref.sha256_salted}`))
      .map((ref) => `${entry.id} lost ${ref.name}`)
  })
}

/** A credential exists only with the entry that says who made it, and a revoked agent has none that works. */
async function aboutAgents(store: Stage['store']): Promise<string[]> {
  const wrong: string[] = []
  for (const agent of await store.agents()) {
    const entries = store.ledger.filter((entry) => entry.subject.id === agent.id)
    const keys = await store.keysOf(agent.id)
    const issued = entries.flatMap(({ type, data }) =>
      type.startsWith('agent.') && typeof data.key === 'string' ? [data.key] : [],
    )
    if (
      keys
        .map((key) => key.id)
        .sort()
        .join() !== issued.sort().join()
    )
      wrong.push(`${agent.name}: keys without entries`)
    const active = keys.filter((key) => key.status === 'active').length
    if (active !== (agent.status === 'active' ? 1 : 0))
      wrong.push(`${agent.name} is ${agent.status} with ${active} keys`)
    const revocations = entries.filter((entry) => entry.type === 'agent.revoked').length
    if (revocations !== (agent.status === 'revoked' ? 1 : 0))
      wrong.push(`${agent.name} was revoked ${revocations} times`)
  }
  return wrong
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}

/** In a state that only what was approved can be in. */
function cameOfApproval({ state }: ActionRequest): boolean {
  return ['executing', 'succeeded', 'failed', 'unreported', 'lapsed', 'revoked'].includes(state)
}
