import { kept } from './impact.ts'
import { exportWith } from './situationParts.ts'
import type { Situation } from './situations.ts'
import { hostile, viewOfExport } from './views.ts'

const asking = viewOfExport().request

const has = {
  path: 'run.labels',
  operator: 'has',
  value: ['contains=personal-data', 'team=data'],
  limit: 'contains=personal-data',
}

/** What a run had read before it asked for this. */
export const runSituations: Readonly<Record<string, Situation>> = {
  'run-has-read': {
    view: exportWith({
      judged: {
        facts: {
          ...kept,
          because: [{ rule: 'data.export.pii', comparisons: [has] }],
          run: {
            sensitivities: ['restricted', 'unknown'],
            labels: ['contains=personal-data', 'team=data'],
            since: '2026-11-24T13:03:00.000Z',
            of: 'session',
            reads: [
              {
                request: 'req_1',
                at: '2026-11-24T13:59:00.000Z',
                type: 'database',
                id: 'orders-db',
                sensitivity: 'restricted',
              },
              {
                request: 'req_2',
                at: '2026-11-24T13:30:00.000Z',
                type: 'host',
                id: hostile,
                sensitivity: 'unknown',
              },
            ],
          },
        },
      },
    }),
  },
  'asked-through': {
    view: viewOfExport({
      run: {
        session: 'run-8841',
        through: [
          { kind: 'agent', name: 'planner', agent: 'agt_planner' },
          { kind: 'agent', name: 'researcher' },
          { kind: 'agent', name: asking.agent.name, agent: asking.agent.id },
          { kind: 'tool', name: 'export_csv' },
        ],
      },
      behind: [
        ...asking.behind,
        { person: 'per_sam', role: 'through' },
        { person: 'per_lee', role: 'through' },
      ],
    }),
  },
  'asked-through-hostile-names': {
    view: viewOfExport({
      run: {
        through: [
          'billing-agent (checked)',
          'plаnner',
          'a → *billing-agent* (checked) (as the agent says)',
          ...Array.from({ length: 5 }, () => hostile.slice(0, 100)),
        ].map((name) => ({ kind: 'agent', name })),
      },
    }),
  },
}
