import { stringIn } from '../facts.ts'
import type { Recorded } from '../recorded.ts'
import { byCount, byName, counter, countersOf, refOf } from './counting.ts'
import type { ErasureFigure, RecordFigures } from './figures.ts'
import type { Part } from './part.ts'

/** Shown one by one. */
const mostShown = 50

/** What became of the record itself: what was erased beside it, and who could read it and did. */
export function recordPart(): Part<RecordFigures> {
  const erased = counter()
  const notErased = counter()
  const erasures: ErasureFigure[] = []
  const auditors = byName(() => countersOf(['granted', 'read', 'revoked'] as const))
  const otherAuditors = counter()

  function audit(what: 'granted' | 'read' | 'revoked', one: Recorded): void {
    const auditor = auditors.of(one.entry.subject.id)
    if (auditor) auditor.add(what, one)
    else otherAuditors.add(one)
  }

  return {
    see({ one, within }) {
      if (!within) return
      const { type } = one.entry
      if (type === 'record.erased') {
        erased.add(one)
        if (erasures.length < mostShown) erasures.push(erasureOf(one))
      }
      if (type === 'erasure.refused') notErased.add(one)
      if (type === 'auditor.granted') audit('granted', one)
      if (type === 'auditor.read') audit('read', one)
      if (type === 'auditor.revoked') audit('revoked', one)
    },
    end: () => ({
      erased: erased.listed(),
      notErased: notErased.listed(),
      erasures,
      auditors: auditors
        .all()
        .map(([name, did]) => ({ name, ...did.listed() }))
        .sort(byCount(({ read }) => read.count)),
      otherAuditors: otherAuditors.listed(),
    }),
  }
}

function erasureOf(one: Recorded): ErasureFigure {
  const { data, subject, actor } = one.entry
  return {
    ref: refOf(one),
    what: stringIn(data, 'what') ?? subject.kind,
    id: subject.id,
    values: Number(data.values ?? 0),
    requests: Number(data.requests ?? 0),
    leftOpen: Number(data.left_open ?? 0),
    askedBy: stringIn(data, 'asked_by'),
    approvedBy: actor.id,
  }
}
