import { inTrouble, type Law } from './law.ts'

/** Seconds. A second is promised; entries are a little older than their commit, and this machine has more to do. */
const longest = 10

/** Milliseconds after trouble in which what waited meanwhile is sealed. */
const aftermath = 20_000

/** Entries get their place in the tree as they come, and none is left over. */
export const everyEntryIsSealedInTime: Law = (evidence) => {
  const late = evidence.samples.filter(
    ({ at, unsealedSeconds }) =>
      unsealedSeconds !== null &&
      unsealedSeconds > longest &&
      !inTrouble(evidence, 'database', at, aftermath) &&
      !inTrouble(evidence, 'server', at, aftermath),
  )
  const { waiting } = evidence.ledger
  return [
    ...late.map(({ at, unsealedSeconds }) => ({
      about: new Date(at).toISOString(),
      says: `an entry had waited for ${unsealedSeconds?.toFixed(1)} s`,
    })),
    ...(waiting === 0 ? [] : [{ about: 'the ledger', says: `${waiting} entries wait when all is quiet` }]),
  ]
}

/** Whatever was killed: one tree over everything, which every checkpoint that left the house leads to. */
export const theLedgerVerifies: Law = ({ ledger: { wrong, anchored, size }, entries }) => {
  const about = 'the ledger'
  return [
    ...(wrong === null ? [] : [{ about, says: wrong }]),
    ...(anchored > 0 ? [] : [{ about, says: 'no checkpoint left the house' }]),
    ...(size >= entries.length ? [] : [{ about, says: `has ${size} of ${entries.length} entries` }]),
  ]
}
