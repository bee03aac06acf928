import type { AskRecord, RequestRow } from '../evidence.ts'
import { by, ended, endOf, type Finding, type Law } from './law.ts'

/** Every request whose id an agent heard exists, under the key it was asked with, and one key has one id. */
export const nothingAcknowledgedIsLost: Law = (evidence) => {
  const requests = new Map(evidence.requests.map((one) => [one.id, one]))
  return evidence.promises.flatMap((ask) => {
    const ids = [...new Set(ask.heard.flatMap(({ id }) => (id === null ? [] : [id])))]
    const several =
      ids.length > 1
        ? [{ about: ask.key, says: `one idempotency key was answered with ${ids.join(' and ')}` }]
        : []
    return [...several, ...ids.flatMap((id) => missing(ask, id, requests.get(id)))]
  })
}

function missing(ask: AskRecord, id: string, request: RequestRow | undefined): readonly Finding[] {
  if (!request)
    return [{ about: id, says: `was acknowledged to ${ask.agent} (${ask.key}) and does not exist` }]
  if (request.key !== ask.key || request.agent !== ask.agent)
    return [{ about: id, says: `was asked as ${ask.key} by ${ask.agent} and is recorded as ${request.key}` }]
  return []
}

/** Once an agent has heard how it ended, it never ends otherwise: in no later answer, and not in the record. */
export const anEndThatWasToldStands: Law = (evidence) => {
  const requests = new Map(evidence.requests.map((one) => [one.id, one]))
  return evidence.promises.flatMap((ask) => {
    const told = ask.heard.filter(({ state }) => state !== null && ended.has(endOf(state)))
    const [first] = told
    if (!first?.id) return []
    const now = requests.get(first.id)
    const changed = ask.heard.find(
      ({ at, state }) => at > first.at && state !== null && endOf(state) !== endOf(first.state ?? ''),
    )
    return [
      ...(changed
        ? [{ about: first.id, says: `was told as ${first.state}, later as ${changed.state}` }]
        : []),
      ...(now && endOf(now.state) !== endOf(first.state ?? '')
        ? [{ about: first.id, says: `was told as ${first.state} and is recorded as ${now.state}` }]
        : []),
    ]
  })
}

/** A person who was told that it counts finds it in the ledger; one whose click was queued finds its end there. */
export const everyDecisionThatWasToldIsRecorded: Law = (evidence) => {
  const entries = by(
    evidence.entries.filter(({ delivery }) => delivery !== null),
    ({ delivery }) => delivery ?? '',
  )
  return evidence.clicks.flatMap((click) => {
    const recorded = entries.get(click.delivery) ?? []
    const about = `${click.request} ${click.by} ${click.delivery}`
    const counts =
      click.acked === 'closed' || click.told.some((text) => /your decision is recorded/i.test(text))
    const wanted = click.deed === 'ask for changes' ? 'note.written' : 'decision.made'
    if (counts && !recorded.some(({ type }) => type === wanted))
      return [{ about, says: `${click.deed}: the person was told that it is recorded, and it is not` }]
    if (click.told.some((text) => /safely queued/i.test(text)) && recorded.length === 0)
      return [{ about, says: `${click.deed}: the person was told that it is queued, and it never ended` }]
    return []
  })
}

/** What was asked instead of something ended it in the same commit: never are both alive, and nothing is revised twice. */
export const aRevisionEndsWhatItRevises: Law = ({ requests }) => {
  const states = new Map(requests.map(({ id, state }) => [id, state]))
  const revisions = requests.filter(({ revises }) => revises !== null)
  const alive = revisions
    .filter(({ revises }) => states.get(revises ?? '') !== 'cancelled')
    .map(({ id, revises }) => ({
      about: id,
      says: `revises ${revises}, which is ${states.get(revises ?? '') ?? 'nowhere'}`,
    }))
  const twice = [...by(revisions, ({ revises }) => revises ?? '')]
    .filter(([, all]) => all.length > 1)
    .map(([id, all]) => ({ about: id, says: `has ${all.length} revisions` }))
  return [...alive, ...twice]
}

/** A thread line or a card that names a decider is judged elsewhere; here: nobody decided who never clicked. */
export const everyDecisionWasClicked: Law = (evidence) => {
  const clicked = new Set(evidence.clicks.map(({ delivery }) => delivery))
  return evidence.entries
    .filter(({ type, delivery }) => type === 'decision.made' && !clicked.has(delivery ?? ''))
    .map(({ request, actor, delivery }) => ({
      about: `${request} ${delivery}`,
      says: `${actor} decided, and nobody clicked that`,
    }))
}
