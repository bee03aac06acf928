import { expect, test } from 'vitest'
import type { Recorded } from '../../src/evidence/recorded.ts'
import { storyOf } from '../../src/evidence/story.ts'
import { storyFiles } from '../../src/evidence/storyFiles.ts'
import type { Entry } from '../../src/ledger/entry.ts'

/** One entry of a request, as it is read. */
function told(index: number, change: Partial<Entry>, blobs: Recorded['blobs'] = {}): Recorded {
  const entry: Entry = {
    v: 1,
    id: `ent_${index}`,
    ts: `2026-11-24T14:00:0${index}.000Z`,
    type: 'request.submitted',
    ws: 'wsp_1',
    actor: { kind: 'person', id: 'per_bob', account: 'slack:T:U0BOB', via: 'slack' },
    subject: { kind: 'request', id: 'req_1' },
    request: 'req_1',
    action_digest: 'sha256:aa',
    policy: 'sha256:bb',
    data: {},
    blobs: [],
    ...change,
  }
  return { index, leaf: '', entry, blobs, salts: {} }
}

const asked = told(
  0,
  {
    actor: { kind: 'agent', id: 'agt_1', via: 'api' },
    data: { action: 'db.export', resource: { type: 'table', id: 'users' } },
  },
  { params: '{"rows":1}', reason: 'first\n# not a heading', run: '{"model":"opus"}' },
)
const approval = (index: number, at: string, legs: readonly string[]) =>
  told(
    index,
    { type: 'decision.made', data: { kind: 'approve', at, legs: [...legs], seen: 'sha256:cc' } },
    { seen: 'what it said' },
  )

test('an approval that was taken back or lapsed is told as ended, by the moment in which it was given', () => {
  const story = storyOf([
    asked,
    approval(1, '2026-11-24T13:59:00.000Z', ['data']),
    told(2, {
      type: 'decision.withdrawn',
      data: { decided_at: ['2026-11-24T13:59:00.000Z'], legs: ['data'] },
    }),
    approval(3, '2026-11-24T14:00:03.000Z', ['data', 'security']),
    told(4, {
      type: 'decision.lapsed',
      actor: { kind: 'system', id: 'release', via: 'directory' },
      data: {
        person: 'per_bob',
        decided_at: '2026-11-24T14:00:03.000Z',
        legs: ['security'],
        why: { cause: 'left' },
      },
    }),
  ])

  expect(story?.decisions).toMatchObject([
    { legs: ['data'], ended: { how: 'withdrawn', index: 2 } },
    { legs: ['data'], ended: null },
  ])
  expect(story?.agent).toEqual({ id: 'agt_1', key: null, model: 'opus' })
})

test('what others wrote stands in a story as a quotation, and what each approver saw as a file of its own', () => {
  const story = storyOf([asked, approval(1, '2026-11-24T14:00:01.000Z', ['data'])], ['req_2'])
  const files = new Map(story ? storyFiles(story).map(({ path, text }) => [path, text]) : [])

  expect(files.get('requests/req_1/story.md')).toContain('      # not a heading')
  expect(files.get('requests/req_1/seen-1.txt')).toBe('what it said\n')
  expect(files.get('requests/req_1/rollback.json')).toContain('req_2')
})

test('erased values are told as erased, and entries without their beginning make no story', () => {
  const story = storyOf([told(0, {}, { params: null })])

  expect(story).toMatchObject({ erased: true, params: null })
  expect(storyOf([approval(1, '', [])])).toBeNull()
})
