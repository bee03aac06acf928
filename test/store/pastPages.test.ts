import { expect, test } from 'vitest'
import { madeRequest, submission } from './made.ts'
import { opened } from './opened.ts'

test('requests of the past come in pages that end where one holds much text, however few rows that are', async () => {
  const { store } = await opened()
  const params = { text: 'x'.repeat(200_000) }
  const ids: string[] = []
  for (let nth = 0; nth < 50; nth += 1) {
    const made = madeRequest({ state: 'approved' })
    ids.push(made.id)
    await store.commit(submission({ ...made, action: { ...made.action, params } }))
  }

  const pages: string[][] = []
  for await (const page of store.pastRequests(100)) pages.push(page.map(({ id }) => id))

  expect(pages.flat()).toEqual(ids)
  expect(pages.map(({ length }) => length)).toEqual([42, 8])
})
