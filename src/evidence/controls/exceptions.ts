import type { Exceptions } from './control.ts'

export const unapproved: Exceptions = {
  table: 'unapproved-executions.csv',
  says: 'done without an approval, or without its grant',
}
export const deviated: Exceptions = { table: 'deviations.csv', says: 'not done as approved' }
export const own: Exceptions = {
  table: 'sod.csv',
  where: { column: 'is_behind', is: 'yes' },
  says: 'decided or reviewed by somebody who is behind the request',
}
export const unknownBehind: Exceptions = {
  table: 'sod.csv',
  where: { column: 'is_behind', is: 'unknown' },
  says: 'decided or reviewed by somebody of whom it is not known whether they are behind the request',
}
export const unreviewed: Exceptions = {
  table: 'break-glass.csv',
  where: { column: 'reviewed_at', is: '' },
  says: 'glass broken and not reviewed by the end of the period',
}
export const late: Exceptions = {
  table: 'break-glass.csv',
  where: { column: 'late', is: 'true' },
  says: 'glass reviewed after its time',
}
export const gap: Exceptions = {
  table: 'ledger-gaps.csv',
  says: 'the ledger went on from a restored backup, and what had been recorded between is lost',
}
export const disputed: Exceptions = {
  table: 'disputed-anchors.csv',
  says: 'an anchor held something that does not fit the ledger',
}
export const onlyGated =
  'Only actions that pass through Countersign. What an agent does with access that it has otherwise is not in this record.'
