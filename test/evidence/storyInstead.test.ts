import { describe, expect, test } from 'vitest'
import type { Recorded } from '../../src/evidence/recorded.ts'
import { storyOf } from '../../src/evidence/story.ts'
import { storyFiles } from '../../src/evidence/storyFiles.ts'
import { approval, asked, told } from './told.ts'

describe('where one request was asked instead of another, each of the two names the other:', () => {
  const filesOf = (...all: Recorded[]) => {
    const story = storyOf(all)
    return new Map(
      story ? storyFiles(story).map(({ path, text }) => [path.slice('requests/req_1/'.length), text]) : [],
    )
  }
  const askedWith = (data: Readonly<Record<string, string>>) => ({
    ...asked,
    entry: { ...asked.entry, data: { ...asked.entry.data, ...data } },
  })
  const narrowed = told(
    1,
    { type: 'request.narrowed', data: { outcome: 'narrowed', narrowed_to: 'req_2', lowered: ['rows'] } },
    { reason: 'Enough.\n# no heading', lowered: '{"rows":{"from":10,"to":1}}' },
  )

  test('what was narrowed, with by whom, what and why', () => {
    const files = filesOf(asked, narrowed)

    expect(files.get('story.md')).toContain(
      '`per_bob` lowered `rows`, as `slack:T:U0BOB`: `req_2` asks for what is left.',
    )
    expect(files.get('story.md')).toContain('      # no heading')
    expect(JSON.parse(files.get('instead.json') ?? '')).toMatchObject({
      narrowed_to: 'req_2',
      narrows: null,
      narrowing: {
        index: 1,
        person: 'per_bob',
        lowered: { rows: { from: 10, to: 1 } },
        grounds: expect.any(String),
      },
    })
    const erased = filesOf(asked, { ...narrowed, blobs: { reason: null, lowered: null } })
    expect(erased.get('story.md')).toContain('What was lowered was erased.')
  })

  test('what is left of it', () => {
    const files = filesOf(askedWith({ narrows: 'req_0' }))

    expect(files.get('story.md')).toContain('It asks for less than `req_0`')
    expect(JSON.parse(files.get('instead.json') ?? '')).toMatchObject({ narrows: 'req_0', narrowing: null })
  })

  test('what was revised, and its revision', () => {
    const cancelled = told(1, {
      type: 'request.cancelled',
      actor: { kind: 'agent', id: 'agt_1', via: 'api' },
      data: { outcome: 'revised', revised_by: 'req_2' },
    })
    const [first, revision] = [filesOf(asked, cancelled), filesOf(askedWith({ revises: 'req_0' }))]

    expect(first.get('story.md')).toContain('The agent asked `req_2` instead.')
    expect(JSON.parse(first.get('instead.json') ?? '')).toMatchObject({ revised_by: 'req_2' })
    expect(revision.get('story.md')).toContain('It was asked instead of `req_0`')
    expect(JSON.parse(revision.get('instead.json') ?? '')).toMatchObject({ revises: 'req_0' })
  })

  test('control: of others nothing is said', () => {
    expect([...filesOf(asked, approval(1, '2026-11-24T14:00:01.000Z', [])).keys()]).not.toContain(
      'instead.json',
    )
  })

  test('secrets: what became hidden is hidden on both sides of what was lowered', () => {
    const hiding = { ...asked, entry: { ...asked.entry, data: { ...asked.entry.data, hidden: ['rows'] } } }
    const files = filesOf(hiding, narrowed)

    expect(JSON.parse(files.get('instead.json') ?? '').narrowing.lowered.rows).not.toHaveProperty('from')
  })
})
