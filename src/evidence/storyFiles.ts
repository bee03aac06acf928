import { escapeHidden } from '../core/visible.ts'
import { storyText } from './storyText.ts'
import type { Shown, Story, ToldNote } from './told.ts'

/** A file of the pack. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/** The folder of one request, without the proofs of its entries. What cannot be seen stands escaped in JSON: the values are the same. */
export function storyFiles(story: Story): readonly TextFile[] {
  const folder = `requests/${story.request}`
  const json = (name: string, value: unknown): TextFile => ({
    path: `${folder}/${name}`,
    text: `${escapeHidden(JSON.stringify(value, null, 2))}\n`,
  })
  return [
    { path: `${folder}/story.md`, text: storyText(story) },
    json('request.json', requestOf(story)),
    json('decisions.json', decisionsOf(story)),
    ...seenOf(story).map(({ index, text }) => ({ path: `${folder}/seen-${index}.txt`, text: `${text}\n` })),
    ...(story.grant ? [json('grant.json', grantOf(story))] : []),
    ...(story.reports.length > 0 || story.redemption ? [json('execution.json', executionOf(story))] : []),
    ...(story.undoes !== null || story.undoneBy.length > 0
      ? [json('rollback.json', { undoes: story.undoes, undone_by: story.undoneBy })]
      : []),
  ]
}

function requestOf(story: Story) {
  const {
    request,
    digest,
    saltedDigest,
    policy,
    asked,
    action,
    environment,
    resource,
    params,
    reason,
    agent,
  } = story
  return {
    ...{
      request,
      action_digest: digest,
      action_digest_salted: saltedDigest,
      policy,
      asked: by(asked),
      action,
      environment,
      resource,
      params,
      hidden_params: story.hidden,
      reason,
    },
    ...{ agent, initiator: story.initiator, behind: story.behind, identities: story.identities },
    ...(story.through.length > 0 && { through: story.through }),
    ...{ verdict: story.verdict, expires_at: story.expiresAt, state: story.state, outcome: story.outcome },
    ...(story.notes.length > 0 && { notes: story.notes.map(noteOf) }),
    moves: story.moves.map((one) => ({ ...by(one), type: one.type, state: one.state, outcome: one.outcome })),
    legs: story.legs,
    escalations: story.escalations.map((one) => ({ ...by(one), to: one.to, legs: one.legs })),
    other: story.other.map((one) => ({ ...by(one), type: one.type, facts: one.facts })),
    erased: story.erased,
    entries: story.entries,
  }
}

function noteOf({ note, kind, to, text, ...one }: ToldNote) {
  return { ...by(one), note, kind, to, text }
}

function decisionsOf({ decisions, glass, refused }: Story) {
  return {
    decisions: decisions.map(({ index, entry, at, actor, ended, seen, inPlaceOf, ...rest }) => ({
      ...{ index, entry, at, via: actor.via, ...rest },
      ...(inPlaceOf && { in_place_of: inPlaceOf }),
      seen: { digest: seen.digest, file: seen.text === null ? null : `seen-${index}.txt` },
      ended: ended && { ...by(ended), how: ended.how, why: ended.why },
    })),
    broken_glass: glass && {
      ...by(glass),
      ...{ person: glass.person, account: glass.account, grounds: glass.grounds, identity: glass.identity },
      seen: { digest: glass.seen.digest, file: glass.seen.text === null ? null : `seen-${glass.index}.txt` },
      review_by: glass.reviewBy,
      overdue: glass.overdue && by(glass.overdue),
      review: glass.review && {
        ...by(glass.review),
        ...{ person: glass.review.person, note: glass.review.note, late: glass.review.late },
      },
    },
    refused_attempts: refused.map((one) => ({
      ...by(one),
      ...{ kind: one.kind, code: one.code, person: one.person },
    })),
  }
}

function seenOf({ decisions, glass }: Story): readonly { readonly index: number; readonly text: string }[] {
  return [...decisions, ...(glass ? [glass] : [])].flatMap(({ index, seen }) =>
    seen.text === null ? [] : [{ index, text: seen.text }],
  )
}

/** There is no token: it is never stored. */
function grantOf({ grant, redemption }: Story) {
  return {
    issued: grant && { ...by(grant), ...grant.facts },
    redeemed: redemption && { ...by(redemption), ...redemption.facts },
  }
}

function executionOf({ reports, deviations, state, moves }: Story) {
  return {
    state,
    reports: reports.map(({ index, entry, at, actor, ...rest }) => ({
      ...{ index, entry, at, by: actor.id, ...rest },
    })),
    deviations: deviations.map(({ index, entry, at, actor, ...rest }) => ({
      ...{ index, entry, at, by: actor.id, ...rest },
    })),
    unreported: moves.filter(({ type }) => type === 'request.unreported').map(by),
  }
}

function by({ index, entry, at, actor }: Shown) {
  return { index, entry, at, by: actor.id, account: actor.account ?? null, via: actor.via }
}
