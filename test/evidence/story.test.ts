import { describe, expect, test } from 'vitest'
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

test('a decision is told with those in whose place its person was told of it; control: others say nothing of it', () => {
  const data = { kind: 'approve', at: '2026-11-24T14:00:01.000Z', legs: ['data'] }
  const filesOf = (more: Readonly<Record<string, string[]>>) => {
    const story = storyOf([asked, told(1, { type: 'decision.made', data: { ...data, ...more } })])
    return new Map(story ? storyFiles(story).map(({ path, text }) => [path, text]) : [])
  }
  const [files, others] = [filesOf({ in_place_of: ['per_omar'] }), filesOf({})]

  expect(files.get('requests/req_1/story.md')).toContain('in the place of `per_omar`, who was away.')
  expect(files.get('requests/req_1/decisions.json')).toContain('"in_place_of"')
  expect(JSON.stringify([...others])).not.toMatch(/in_place_of|inPlaceOf|away/)
})

test('hidden-text: what cannot be seen stands in a story as its code, and in its JSON escaped; the values are the same', () => {
  const trick = 'invoice\u202Egpj.exe\u200B\u0007'
  const story = storyOf([
    told(
      0,
      { data: { action: trick, resource: { type: 'table', id: `${trick}\nnext` }, environment: 'a`b' } },
      { params: JSON.stringify({ to: trick }), reason: `${trick}\r\n# second [U+202E]` },
    ),
  ])
  const files = new Map(story ? storyFiles(story).map(({ path, text }) => [path, text]) : [])
  const shown = files.get('requests/req_1/story.md') ?? ''
  const json = files.get('requests/req_1/request.json') ?? ''

  expect(shown).toContain('`invoice[U+202E]gpj.exe[U+200B][U+0007]` on')
  expect(shown).toContain('[U+000A]next`')
  expect(shown).toContain('in `a?b`')
  expect(shown).toContain('      # second [U+005B]U+202E]')
  for (const character of ['\u202E', '\u200B', '\u0007'])
    expect((shown + json).includes(character), JSON.stringify(character)).toBe(false)
  expect(JSON.parse(json)).toMatchObject({ action: trick, params: { to: trick } })
})

test('secrets: what the card hid is hidden in the story and in what was reported, and no digest without a salt is given; control: where nothing was hidden', () => {
  const action = { action: 'user.create', resource: { type: 'directory', id: 'acme' }, environment: 'prod' }
  const params = { name: 'alice', password: 'hunter2' }
  const tell = (hidden: readonly string[]) => {
    const story = storyOf([
      told(
        0,
        { v: 2, action_digest: null, data: { ...action, ...(hidden.length > 0 && { hidden: [...hidden] }) } },
        { params: JSON.stringify(params) },
      ),
      told(
        1,
        { type: 'execution.reported', data: { nth: 1, state: 'succeeded', deviations: 1 } },
        {
          action: JSON.stringify({ ...action, params: { ...params, password: 'hunter3' } }),
          digest: 'sha256:dd',
        },
      ),
      told(
        2,
        { type: 'execution.deviated', data: { nth: 1, kinds: ['field'], pointers: ['/params/password'] } },
        {
          deviations: JSON.stringify([
            { kind: 'field', pointer: '/params/password', approved: 'hunter2', actual: 'hunter3' },
            { kind: 'not_redeemed' },
          ]),
        },
      ),
    ])
    return {
      story,
      text: story
        ? storyFiles(story)
            .map((file) => file.text)
            .join('')
        : '',
    }
  }
  const { story, text } = tell(['password'])

  expect(text).toContain('alice')
  expect(text).not.toMatch(/hunter|sha256:dd|sha256:[0-9a-f]{64}/)
  expect(text).toContain('"password": "•••• (sensitive)"')
  expect(text).toContain(
    'nor does this story: `password`. values.ndjson has it, in the value `params` of entry 0.',
  )
  expect(story).toMatchObject({
    digest: null,
    hidden: ['password'],
    deviations: [{ all: [{ approved: '•••• (sensitive)' }, {}] }],
  })
  const control = tell([])
  for (const word of ['hunter2', 'hunter3', 'sha256:dd']) expect(control.text).toContain(word)
  expect(control.story?.digest).toMatch(/^sha256:/)
})

test('erased values are told as erased, and entries without their beginning make no story', () => {
  const story = storyOf([told(0, {}, { params: null })])

  expect(story).toMatchObject({ erased: true, params: null })
  expect(storyOf([approval(1, '', [])])).toBeNull()
})

describe('what was said of it', () => {
  const run = {
    session: 'run-1',
    through: [
      { kind: 'agent', name: 'planner', agent: 'agt_9' },
      { kind: 'tool', name: '# csv\u202E' },
    ],
  }
  const through = [{ kind: 'agent', agent: 'agt_9' }, { kind: 'tool' }]
  const note = (index: number, kind: string, actor: Partial<Entry['actor']>, text: string | null) =>
    told(
      index,
      {
        type: 'note.written',
        actor: { kind: 'person', id: 'per_bob', via: 'slack', ...actor },
        data: { note: `note_${index}`, kind, ...(kind === 'answer' && { to: 'note_1' }) },
      },
      { note: text },
    )
  const tell = (blobs: Recorded['blobs'], text: string | null) => {
    const story = storyOf([
      told(0, { data: { action: 'db.export', resource: { type: 'table', id: 'users' }, through } }, blobs),
      note(1, 'changes', {}, text),
      note(2, 'answer', { kind: 'agent', id: 'agt_1' }, text),
    ])
    const files = story ? storyFiles(story) : []
    const of = (name: string) => files.find(({ path }) => path.endsWith(name))?.text ?? ''
    return { story, text: of('story.md'), json: JSON.parse(of('request.json')) }
  }

  test('stands in its story: through whom, as the agent said, and each note as no decision', () => {
    const { story, text, json } = tell({ run: JSON.stringify(run) }, 'Fewer\n# rows')

    expect(text).toContain('Through, as the agent said: agent `planner` (`agt_9`), tool `# csv[U+202E]`.')
    expect(text).toContain('`per_bob` asked for changes; it is no decision.')
    expect(text).toContain('`agt_1` answered; it is no decision.')
    expect(text).toContain('      # rows')
    expect(json.through).toEqual([{ ...run.through[0] }, { ...run.through[1], agent: null }])
    expect(json.notes).toMatchObject([
      { index: 1, by: 'per_bob', note: 'note_1', kind: 'changes', to: null, text: 'Fewer\n# rows' },
      { index: 2, by: 'agt_1', kind: 'answer', to: 'note_1' },
    ])
    expect(story?.other).toEqual([])
  })

  test('is said to be erased where it was; which agents were named stays', () => {
    const { text, json } = tell({ run: null }, null)

    expect(text).toContain('Through, as the agent said: agent (erased) (`agt_9`), tool (erased).')
    expect(text).toContain('Its text was erased.')
    expect(json.through).toEqual([
      { kind: 'agent', name: null, agent: 'agt_9' },
      { kind: 'tool', name: null, agent: null },
    ])
  })
})
