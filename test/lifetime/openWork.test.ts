import { expect, test } from 'vitest'
import { openWork } from '../../src/lifetime/openWork.ts'

test('whoever closes waits for what goes on, also for what that begins', async () => {
  const work = openWork()
  const seen: string[] = []
  let end = () => {}
  const first = new Promise<void>((resolve) => {
    end = resolve
  })
  work.follow(
    first.then(() => {
      seen.push('first')
      work.follow(Promise.resolve().then(() => seen.push('second')))
    }),
  )

  const done = work.done().then(() => seen.push('closed'))
  await Promise.resolve()
  expect(seen).toEqual([])
  end()
  await done

  expect(seen).toEqual(['first', 'second', 'closed'])
})

test('with nothing open there is nothing to wait for', async () => {
  await expect(openWork().done()).resolves.toBeUndefined()
})
