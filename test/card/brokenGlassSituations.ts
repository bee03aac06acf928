import { entry, exportWith, glass, path, review, settled } from './situationParts.ts'
import type { Situation } from './situations.ts'

/** A glass was broken, and what became of its review. */
export const brokenGlassSituations: Readonly<Record<string, Situation>> = {
  'glass-broken': {
    view: exportWith({ ...settled('approved'), brokenGlass: glass, demands: { breakGlass: path } }),
    entries: [entry('glass.broken'), entry('request.approved'), entry('review.overdue')],
  },
  'glass-broken-past-denial': {
    view: exportWith({
      ...settled('approved'),
      brokenGlass: glass,
      judged: { kind: 'deny', breakGlass: path },
      demands: { legs: [], breakGlass: path },
    }),
    entries: [entry('glass.broken')],
  },
  'review-closed': {
    view: exportWith({
      ...settled('approved'),
      brokenGlass: { ...glass, review },
      demands: { breakGlass: path },
    }),
    entries: [entry('review.closed')],
  },
}
