import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { sqlThread } from '../../src/parsing/thread.ts'
import { eventually } from '../support/eventually.ts'

let thread = sqlThread()
afterEach(async () => {
  await thread.end()
  thread = sqlThread()
})

describe('the thread that reads statements', () => {
  test('reads many at once, each for whoever asked', async () => {
    const texts = Array.from({ length: 50 }, (_, nth) => `select x from t${nth}`)

    const readings = await Promise.all(texts.map((text) => thread.read(text)))

    expect(readings.map((reading) => reading.understood && reading.facts.reads)).toEqual(
      texts.map((_, nth) => [`t${nth}`]),
    )
  })

  test('says what the parser refuses, and what it is never given', async () => {
    expect(await thread.read('selekt 1')).toEqual({
      understood: false,
      why: 'PostgreSQL does not take it for a statement.',
    })
    expect(await thread.read('select 1; drop table x')).toMatchObject({
      understood: false,
      why: 'It has more than one statement.',
    })
  })

  test('that ends meanwhile means not understood, and the next statement has another one', async () => {
    const readings = Promise.all([thread.read('select 1'), thread.read('select 2')])
    await thread.end()

    for (const reading of await readings)
      expect(reading).toEqual({ understood: false, why: 'The parser ended before it had read it.' })
    expect(await thread.read('select 1')).toMatchObject({ understood: true })
  })

  test('takes two hundred at once, and no more', async () => {
    const readings = await Promise.all(Array.from({ length: 201 }, () => thread.read('select 1')))

    expect(readings.filter(({ understood }) => !understood)).toHaveLength(1)
  })
})

describe('a parser that is unsound', () => {
  const unsound = (patience: number) => {
    const library = fileURLToPath(new URL('unsoundParser.cjs', import.meta.url))
    const made = sqlThread({ library, patience })
    onTestFinished(() => made.end())
    return made
  }
  const ended = { understood: false, why: 'The parser ended before it had read it.' }

  test('and never ends with a statement is ended itself: all who wait are told, and the next one is read', async () => {
    const made = unsound(1_000)

    expect(await Promise.all([made.read('select endless'), made.read('select 1')])).toEqual([ended, ended])
    await eventually(async () => expect(await made.read('select 1')).toMatchObject({ understood: true }))
  })

  test('and breaks at a statement reads nothing more: the next one has another', async () => {
    const made = unsound(600_000)

    expect(await Promise.all([made.read('select breaks'), made.read('select 1')])).toEqual([ended, ended])
    expect(await made.read('select 1')).toMatchObject({ understood: true })
  })
})
