import { digestAction } from '../core/action.ts'
import { digestOf } from '../core/digest.ts'
import type { Json } from '../core/json.ts'
import type { EntryType } from '../ledger/entry.ts'
import { objectIn, stringIn, stringsIn } from './facts.ts'
import { maskedStory } from './masked.ts'
import type { Recorded } from './recorded.ts'
import { hopsIn, noteIn } from './said.ts'
import type { Shown, Story, ToldDecision, ToldDeviation, ToldGlass, ToldRefusal, ToldReport } from './told.ts'

/**
 * The story of one request, of all its entries in order. What undoes it stands in other requests, and is given.
 *
 * @returns null when they do not begin with its asking
 */
export function storyOf(all: readonly Recorded[], undoneBy: readonly string[] = []): Story | null {
  const first = all.find(({ entry }) => entry.type === 'request.submitted')
  if (!first?.entry.request) return null
  let story: Story = { ...beginning(first, first.entry.request), undoneBy }
  for (const one of all) {
    const erased = story.erased || Object.values(one.blobs).includes(null)
    const tell = chapters[one.entry.type] ?? otherwise
    story = { ...story, ...tell(story, one), erased, entries: story.entries + 1 }
  }
  return maskedStory(story)
}

function beginning(one: Recorded, request: string): Omit<Story, 'undoneBy'> {
  const { entry, blobs } = one
  const { data } = entry
  const verdict = objectIn(data, 'verdict')
  const initiator = objectIn(data, 'initiator')
  const run = parsed(blobs.run)
  const behind = Array.isArray(data.behind) ? data.behind : []
  return {
    ...{
      request,
      digest: digestIn(one),
      saltedDigest: entry.action_digest_salted ?? null,
      policy: entry.policy,
      asked: shown(one),
    },
    ...askedIn(one),
    agent: { id: entry.actor.id, key: stringIn(data, 'key'), model: stringIn(run, 'model') },
    initiator: initiator && {
      person: stringIn(initiator, 'person') ?? '',
      claim: stringIn(initiator, 'claim') ?? '',
    },
    behind: behind.map((who) => ({
      person: stringIn(who, 'person') ?? '',
      role: stringIn(who, 'role') ?? '',
    })),
    through: hopsIn(data, run),
    identities: parsed(blobs.identity),
    verdict: {
      kind: stringIn(verdict, 'kind') ?? '',
      code: stringIn(verdict, 'code'),
      rules: stringsIn(verdict, 'rules'),
      observed: stringsIn(verdict, 'observed'),
    },
    expiresAt: stringIn(data, 'expires_at'),
    ...{ legs: [], notes: [], decisions: [], escalations: [], refused: [], moves: [] },
    ...{ reports: [], deviations: [], other: [] },
    ...{ state: 'pending', outcome: null, grant: null, redemption: null, glass: null },
    ...{ set: stringIn(data, 'set'), undoes: stringIn(data, 'rolls_back') },
    ...{ erased: false, entries: 0 },
  }
}

function askedIn({ entry: { data }, blobs }: Recorded) {
  const resource = objectIn(data, 'resource')
  return {
    action: stringIn(data, 'action') ?? '',
    environment: stringIn(data, 'environment'),
    resource: { type: stringIn(resource, 'type') ?? '', id: stringIn(resource, 'id') ?? '' },
    params: parsed(blobs.params),
    hidden: stringsIn(data, 'hidden'),
    reason: blobs.reason ?? null,
  }
}

/** Of entries of version 2 it is computed of what is kept beside them: once that is erased, nobody can tell it any more. */
function digestIn({ entry: { action_digest, data }, blobs }: Recorded): string | null {
  if (action_digest) return action_digest
  const resource = objectIn(data, 'resource')
  const [type, id] = [stringIn(resource, 'type'), stringIn(resource, 'id')]
  const [action, environment] = [stringIn(data, 'action'), stringIn(data, 'environment')]
  const params = objectIn({ params: parsed(blobs.params) }, 'params')
  if (type === null || id === null || action === null || environment === null || params === null) return null
  return digestAction({ action, resource: { type, id }, params, environment })
}

type Chapter = (story: Story, one: Recorded) => Partial<Story>

/** What an entry adds to the story, where it is not only listed. */
const chapters: Readonly<Partial<Record<EntryType, Chapter>>> = {
  'request.submitted': () => ({}),
  'request.approved': moveTo('approved'),
  'request.denied': moveTo('denied'),
  'request.narrowed': moveTo('denied'),
  'request.expired': moveTo('expired'),
  'request.cancelled': moveTo('cancelled'),
  'request.revoked': moveTo('revoked'),
  'request.lapsed': moveTo('lapsed'),
  'request.unreported': moveTo('unreported'),
  'request.escalated': (story, one) => ({
    escalations: [
      ...story.escalations,
      {
        ...shown(one),
        to: stringIn(objectIn(one.entry.data, 'to'), 'ref'),
        legs: stringsIn(one.entry.data, 'legs'),
      },
    ],
  }),
  'note.written': (story, one) => ({ notes: [...story.notes, noteIn(one)] }),
  'decision.made': (story, one) => ({ decisions: [...story.decisions, decisionOf(one)] }),
  'decision.refused': (story, one) => ({
    refused: [...story.refused, refusal(one, stringIn(one.entry.data, 'kind') ?? '', one.entry.actor.id)],
  }),
  'decision.lapsed': (story, one) => ({ decisions: ended(story.decisions, one, 'lapsed') }),
  'decision.withdrawn': (story, one) => ({ decisions: ended(story.decisions, one, 'withdrawn') }),
  'grant.refused': (story, one) => ({ refused: [...story.refused, refusal(one, 'grant', null)] }),
  'grant.replayed': (story, one) => ({ refused: [...story.refused, refusal(one, 'replay', null)] }),
  'grant.mismatched': (story, one) => ({ refused: [...story.refused, refusal(one, 'mismatch', null)] }),
  'grant.issued': (_, one) => ({ grant: { ...shown(one), facts: one.entry.data } }),
  'grant.redeemed': (story, one) => ({
    redemption: { ...shown(one), facts: one.entry.data },
    ...moved(story, one, 'executing'),
  }),
  'execution.reported': (story, one) => {
    const to = stringIn(one.entry.data, 'moved_to')
    return {
      reports: [...story.reports, reportOf(one)],
      ...(to !== null && moved(story, one, to)),
    }
  },
  'execution.deviated': (story, one) => ({ deviations: [...story.deviations, deviationOf(one)] }),
  'glass.broken': (_, one) => ({ glass: glassOf(one) }),
  'review.overdue': ({ glass }, one) => ({ glass: glass && { ...glass, overdue: shown(one) } }),
  'review.closed': ({ glass }, one) => ({
    glass: glass && {
      ...glass,
      review: {
        ...shown(one),
        person: one.entry.actor.id,
        note: one.blobs.note ?? null,
        late: one.entry.data.late === true,
      },
    },
  }),
}

const otherwise: Chapter = ({ other }, one) => ({
  other: [...other, { ...shown(one), type: one.entry.type, facts: one.entry.data }],
})

function moveTo(state: string): Chapter {
  return (story, one) => moved(story, one, state)
}

function moved(story: Story, one: Recorded, state: string): Partial<Story> {
  const outcome = stringIn(one.entry.data, 'outcome')
  const legs = objectIn(one.entry.data, 'legs')
  return {
    state,
    outcome: outcome ?? story.outcome,
    moves: [...story.moves, { ...shown(one), type: one.entry.type, state, outcome }],
    ...(legs && {
      legs: Object.keys(legs)
        .sort()
        .map((leg) => ({ leg, people: stringsIn(legs, leg) })),
    }),
  }
}

function shown({ index, entry }: Recorded): Shown {
  return { index, entry: entry.id, at: entry.ts, actor: entry.actor }
}

function decisionOf(one: Recorded): ToldDecision {
  const { entry, blobs } = one
  const typed = parsed(blobs.typed)
  const inPlaceOf = stringsIn(entry.data, 'in_place_of')
  return {
    ...shown(one),
    kind: entry.data.kind === 'approve' ? 'approve' : 'deny',
    decidedAt: stringIn(entry.data, 'at') ?? entry.ts,
    person: entry.actor.id,
    account: entry.actor.account ?? null,
    legs: stringsIn(entry.data, 'legs'),
    seen: seenBy(one),
    identity: parsed(blobs.identity),
    grounds: blobs.reason ?? null,
    typed: Array.isArray(typed) ? typed.map(String) : [],
    late: entry.data.late === true,
    ...(inPlaceOf.length > 0 && { inPlaceOf }),
    ended: null,
  }
}

function seenBy({ entry, blobs }: Recorded): ToldDecision['seen'] {
  const text = blobs.seen ?? null
  const digest = text === null ? null : digestOf('countersign/seen/v2', { text })
  return { digest: stringIn(entry.data, 'seen') ?? digest, text }
}

function refusal(one: Recorded, kind: string, person: string | null): ToldRefusal {
  return { ...shown(one), kind, code: stringIn(one.entry.data, 'code') ?? kind, person }
}

/** The approvals that the entry names by when they were given; one that lapsed for some legs only goes on for the others. */
function ended(
  decisions: readonly ToldDecision[],
  one: Recorded,
  how: 'withdrawn' | 'lapsed',
): readonly ToldDecision[] {
  const { data, actor } = one.entry
  const times = [...stringsIn(data, 'decided_at'), stringIn(data, 'decided_at')]
  const person = stringIn(data, 'person') ?? actor.id
  const lost = stringsIn(data, 'legs')
  return decisions.map((decision) => {
    if (decision.ended || decision.kind !== 'approve' || !isNamed(decision, times, person)) return decision
    const legs = how === 'lapsed' ? decision.legs.filter((leg) => !lost.includes(leg)) : []
    if (legs.length > 0) return { ...decision, legs }
    return { ...decision, ended: { ...shown(one), how, why: data.why ?? one.blobs.reason ?? null } }
  })
}

/** By the moment that the decision itself says. */
function isNamed(decision: ToldDecision, times: readonly (string | null)[], person: string): boolean {
  return decision.person === person && times.includes(decision.decidedAt)
}

function reportOf(one: Recorded): ToldReport {
  const { data } = one.entry
  const { note = null, digest = null, result = null, ...rest } = one.blobs
  return {
    ...shown(one),
    nth: Number(data.nth),
    state: stringIn(data, 'state') ?? '',
    deviations: Number(data.deviations),
    late: data.late === true,
    said: { note, digest, result, action: parsed(rest.action), links: parsed(rest.links) },
  }
}

function deviationOf(one: Recorded): ToldDeviation {
  const { data } = one.entry
  return {
    ...shown(one),
    nth: Number(data.nth),
    kinds: stringsIn(data, 'kinds'),
    pointers: stringsIn(data, 'pointers'),
    all: parsed(one.blobs.deviations),
  }
}

function glassOf(one: Recorded): ToldGlass {
  const { entry, blobs } = one
  return {
    ...shown(one),
    person: entry.actor.id,
    account: entry.actor.account ?? null,
    grounds: blobs.reason ?? null,
    identity: parsed(blobs.identity),
    seen: seenBy(one),
    reviewBy: stringIn(entry.data, 'review_by'),
    ...{ overdue: null, review: null },
  }
}

/** Written by `newEntry`: JSON, unless it was a text to begin with. */
function parsed(text: string | null | undefined): Json | null {
  if (text === null || text === undefined) return null
  return JSON.parse(text) as Json
}
