import { every, own } from './columns.ts'
import type { Table } from './tableShape.ts'

/** Reports about the record itself: what was taken from it, and what did not fit it. */
export const recordTables: readonly Table[] = [
  {
    file: 'erasures.csv',
    says: 'Each time that values beside leaves were emptied, by people or by the retention: how many, and who asked for it and decided. The leaves stay.',
    by: 'request',
    rows: { types: ['record.erased', 'retention.applied'] },
    columns: [
      ...every,
      own('type'),
      own('actor_kind', 'actor.kind'),
      own('actor', 'actor.id'),
      own('asked_by', 'data.asked_by'),
      own('of_kind', 'subject.kind'),
      own('of', 'subject.id'),
      own('requests', 'data.requests'),
      own('values', 'data.values'),
      own('older_than_days', 'data.days'),
      own('before', 'data.before'),
    ],
  },
  {
    file: 'disputed-anchors.csv',
    says: 'Each time that an anchor held something that does not fit this ledger: the ledger was changed, or somebody changed what the anchor holds. None is what is wanted.',
    by: 'request',
    rows: { types: ['anchor.disputed'] },
    columns: [...every, own('anchor', 'data.anchor'), own('why', 'data.why')],
  },
  {
    file: 'ledger-gaps.csv',
    says: 'Each time, from the beginning of the record, that the ledger went on from a restored backup: what had been recorded after the first entries that are shared, and is not here, is lost.',
    by: 'subject',
    rows: { types: ['ledger.resumed'] },
    columns: [
      own('index', 'seq'),
      own('at', 'ts'),
      own('entry', 'id'),
      own('by', 'actor.id'),
      own('decided_by', 'data.second'),
      own('name', 'data.origin'),
      own('name_before', 'data.before'),
      own('entries_here', 'data.size'),
      own('entries_shared', 'data.shared'),
      own('anchor', 'data.anchored.anchor'),
      own('anchored_name', 'data.anchored.origin'),
      own('anchored_entries', 'data.anchored.size'),
    ],
  },
]
