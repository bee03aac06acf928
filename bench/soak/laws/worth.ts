import { endOf, type Law } from './law.ts'

/** An agent or a person of the soak's own that failed may have left out what would have been found. */
export const theSoakItselfDidNotFail: Law = ({ ownFaults }) =>
  ownFaults.map((says) => ({ about: 'the soak', says: says.slice(0, 400) }))

/** A run in which nothing happened proves nothing: agents were answered, people decided, and things broke. */
export const theRunTriedWhatItIsFor: Law = (evidence) => {
  const made = evidence.entries.filter(({ type }) => type === 'decision.made').length
  const broken = new Set(evidence.trouble.map(({ what }) => what))
  const happened: Readonly<Record<string, boolean>> = {
    'agents were answered': evidence.promises.some(({ heard }) => heard.length > 0),
    'people clicked': evidence.clicks.length > 0,
    'people decided': made > 0,
    'something was approved by people': evidence.requests.some(
      ({ state, legs }) => endOf(state) === 'approved' && legs !== null,
    ),
    'cards were posted': evidence.cards.length > 0,
    'servers were killed': broken.has('server'),
    'the database was in trouble': broken.has('database'),
    'processes were watched': evidence.samples.length > 0 || process.platform !== 'linux',
  }
  return Object.entries(happened)
    .filter(([, did]) => !did)
    .map(([what]) => ({ about: 'the run', says: `it was not so that ${what}` }))
}
