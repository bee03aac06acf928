import type { Evidence, RequestRow } from '../evidence.ts'
import { endOf, type Law } from './law.ts'

/** Nobody decides on what they are behind: not by the record's people, not by today's links, not as the soak knows them. */
export const nobodyBehindItReleasedIt: Law = (evidence) => {
  const today = todayIn(evidence)
  const asked = new Map(evidence.promises.map((ask) => [`${ask.agent} ${ask.key}`, ask]))
  return evidence.requests.flatMap((request) => {
    const behind = new Set(request.behind.map(({ person }) => today.person(person)))
    const known = asked.get(`${request.agent} ${request.key}`)?.behind ?? []
    return request.decisions
      .filter(({ kind, ended }) => kind === 'approve' && !ended)
      .filter(
        (vote) =>
          behind.has(today.person(vote.person)) ||
          behind.has(today.ofAccount(vote.account) ?? '') ||
          known.some((id) => vote.account.endsWith(`:${id}`)),
      )
      .map((vote) => ({ about: request.id, says: `${vote.account} voted for what they are behind` }))
  })
}

/** What people released has enough of them: so many different people as each leg wants, each in one seat. */
export const whatPeopleReleasedHadEnoughOfThem: Law = (evidence) => {
  const today = todayIn(evidence)
  return evidence.requests.flatMap((request) => {
    if (endOf(request.state) !== 'approved' || request.verdict === 'allow') return []
    const votes = request.decisions
      .filter(({ kind, ended }) => kind === 'approve' && !ended)
      .map(({ person, legs }) => ({ person: today.person(person), legs }))
    if (isMet(request, votes)) return []
    return [{ about: request.id, says: `is approved by ${votes.length} votes, which do not fill its legs` }]
  })
}

/** Every way to seat them is tried: there are a handful of people and seats. */
function isMet(
  { legs }: RequestRow,
  votes: readonly { readonly person: string; readonly legs: readonly string[] }[],
): boolean {
  if (legs === null || legs.length === 0) return false
  const seats = legs.flatMap(({ name, count }) => Array.from({ length: count }, () => name))
  const fill = (at: number, seated: ReadonlySet<string>): boolean =>
    at === seats.length ||
    votes.some(
      (vote) =>
        !seated.has(vote.person) &&
        vote.legs.includes(seats[at] ?? '') &&
        fill(at + 1, new Set([...seated, vote.person])),
    )
  return fill(0, new Set())
}

/** When two people turned out to be one, the id that was given up is kept as `person:<id>`. */
function todayIn({ links }: Evidence) {
  const persons = new Map(links.map(({ account, person }) => [account, person]))
  return {
    person: (id: string) => persons.get(`person:${id}`) ?? id,
    ofAccount: (key: string) => persons.get(key),
  }
}

/** The deadline wins: no vote counts that was cast or sent after it, and nothing was approved after it. */
export const nothingIsApprovedAfterItsDeadline: Law = (evidence) => {
  const requests = new Map(evidence.requests.map((one) => [one.id, one]))
  const made = new Map(
    evidence.entries.filter(({ type }) => type === 'decision.made').map((one) => [one.delivery ?? '', one]),
  )
  const late = evidence.requests.flatMap((request) => {
    const { expiresAt, settledAt } = request
    if (expiresAt === null) return []
    const votes = request.decisions.filter(({ kind, at }) => kind === 'approve' && at >= expiresAt)
    const settled = endOf(request.state) === 'approved' && settledAt !== null && settledAt >= expiresAt
    return votes.length > 0 || settled
      ? [
          {
            about: request.id,
            says: `was approved after its deadline (${new Date(expiresAt).toISOString()})`,
          },
        ]
      : []
  })
  const sent = evidence.clicks.flatMap((click) => {
    const deadline = requests.get(click.request)?.expiresAt ?? null
    const entry = made.get(click.delivery)
    return deadline !== null && click.sentAt > deadline && entry?.kind === 'approve'
      ? [
          {
            about: `${click.request} ${click.delivery}`,
            says: 'an approval that was sent after the deadline counts',
          },
        ]
      : []
  })
  return [...late, ...sent]
}

/** Whether policy denies or asks is the soak's own knowledge of its rules, not the record's. */
export const policyHasTheLastWord: Law = (evidence) => {
  const requests = new Map(evidence.requests.map((one) => [`${one.agent} ${one.key}`, one]))
  return evidence.promises.flatMap((ask) => {
    const request = requests.get(`${ask.agent} ${ask.key}`)
    if (!request) return []
    const states = [request.state, ...ask.heard.flatMap(({ state }) => (state === null ? [] : [state]))]
    const about = request.id
    if (ask.kind === 'denied' && states.some((state) => state !== 'denied'))
      return [{ about, says: `policy denies it, and it was ${[...new Set(states)].join(', ')}` }]
    if (ask.kind === 'allowed' && states.some((state) => endOf(state) !== 'approved'))
      return [{ about, says: `policy allows it, and it was ${[...new Set(states)].join(', ')}` }]
    const alone = ask.kind === 'denied' || ask.kind === 'allowed'
    if (!alone && request.verdict !== 'require_approval')
      return [{ about, says: `policy asks people, and the verdict is ${request.verdict}` }]
    if (!alone && endOf(request.state) === 'approved' && request.decisions.length === 0)
      return [{ about, says: 'policy asks people, and it is approved without any' }]
    return []
  })
}
