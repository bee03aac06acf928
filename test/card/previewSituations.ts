import { kept } from './impact.ts'
import { at, exportWith } from './situationParts.ts'

const about = { target: 'warehouse', at } as const

/** A target was asked what it would touch. */
export const previewSituations = {
  previewed: {
    view: exportWith({
      judged: { facts: kept },
      preview: { kind: 'made', tables: ['public.users'], rows: 248_317, ...about },
    }),
  },
  'preview-not-in-time': { view: exportWith({ preview: { kind: 'none', why: 'no_answer', ...about } }) },
  'preview-refused': { view: exportWith({ preview: { kind: 'none', why: 'refused', ...about } }) },
  'previewed-hostile': {
    view: exportWith({
      preview: {
        kind: 'made',
        tables: ['public.*APPROVED* <!channel>\u202e', 'public.`x` <https://evil.test|bank>'],
        rows: 1,
        ...about,
      },
    }),
  },
} as const
