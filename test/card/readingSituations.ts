import type { Verdict } from '../../src/core/request.ts'
import { exportWith } from './situationParts.ts'

const addresses = (count: number, type = 'aws_instance') =>
  Array.from({ length: count }, (_, nth) => `module.shop.${type}.web[${nth}]`)

const withFacts = (facts: Partial<Verdict>) => ({
  view: exportWith({ judged: facts }),
})

const plan = (more: object) => ({ param: 'planned', reads: 'terraform_plan', ...more })
const manifest = (more: object) => ({ param: 'manifest', reads: 'kubernetes', verb: 'apply', ...more })

/** What was read of a plan or of manifests, and what was not understood. */
export const readingSituations = {
  'read-plan': withFacts({
    facts: {
      readings: [
        plan({
          counts: { creates: 3, updates: 1, replaces: 1, destroys: 7, forgets: 0, imports: 0, moves: 2 },
          complete: true,
          errored: false,
          provisioners: ['local-exec'],
          destroyed: ['aws_db_instance.main', ...addresses(6)],
          replaced: ['aws_s3_bucket.logs'],
        }),
      ],
    },
  }),
  'read-plan-of-nothing': withFacts({
    facts: { readings: [plan({ counts: { creates: 0, destroys: 0 }, errored: true, complete: false })] },
  }),
  'read-plan-hostile': withFacts({
    facts: {
      readings: [
        plan({
          counts: { destroys: 2 },
          destroyed: ['a.b["*APPROVED* <!channel>\u202e"]', 'a.b["`x` <https://evil.test|bank>"]'],
        }),
        { param: 'later', reads: 'something_newer', counts: {} },
      ],
    },
  }),
  'read-manifest': withFacts({
    facts: {
      readings: [
        manifest({
          dry_run: false,
          count: 7,
          objects: [
            { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
            { group: '', version: 'v1', kind: 'Namespace', namespace: '', name: 'shop' },
            ...Array.from({ length: 4 }, (_, nth) => ({
              kind: 'Secret',
              namespace: 'shop',
              name: `key-${nth}`,
            })),
          ],
          privileged: true,
          host: ['network', 'path'],
          host_paths: ['/var/run/docker.sock'],
          capabilities: ['SYS_ADMIN'],
          rights: ['wildcard'],
          webhooks: true,
        }),
      ],
    },
  }),
  'read-manifest-dry': withFacts({
    facts: {
      readings: [
        manifest({
          verb: 'delete',
          dry_run: true,
          count: 1,
          objects: [{ kind: 'Namespace', namespace: '', name: 'shop' }],
        }),
      ],
    },
  }),
  'not-understood': withFacts({
    facts: {
      unread: [
        { param: 'command', why: 'It has a variable or a substitution ($).', at: 5 },
        {
          param: 'manifest',
          why: 'Reading it takes more than 300,000 steps: nest it less, or send it in several requests.',
          at: 120,
        },
        { param: 'planned', why: '"\u202e" is not known in the plan.' },
      ],
    },
    errors: ['`when` of rule data.s3 could not be evaluated and counts as true (something).'],
  }),
} as const
