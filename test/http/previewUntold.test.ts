import { expect, test } from 'vitest'
import { makePreview } from '../../src/approvals/previews/make.ts'
import { doublePreviewer } from '../issuers/doublePreviewer.ts'
import { exportBody, idIn, openHouse } from './house.ts'

/** What a preview says, in any spelling that could get out. */
const told = /preview|248[,.]?\d{3}|public\.users|the-warehouse-target/i

async function previewed() {
  const previewer = doublePreviewer({ target: 'the-warehouse-target' })
  const house = await openHouse({ previewers: [previewer] })
  const submitted = await house.submit(exportBody)
  const id = idIn(submitted)
  await makePreview(house.ports, id)
  expect(await house.store.request(id)).toMatchObject({ preview: { kind: 'made', rows: 248_317 } })
  return { house, id, submitted }
}

test.each([
  ['the answer to its submission, sent again', async ({ house }: Previewed) => house.submit(exportBody)],
  ['its request', ({ house, id }: Previewed) => house.call('GET', `/v1/requests/${id}`)],
  ['the list of its requests', ({ house }: Previewed) => house.call('GET', '/v1/requests')],
  [
    'its request, when it waited',
    ({ house, id }: Previewed) => house.call('GET', `/v1/requests/${id}`, { headers: { prefer: 'wait=0' } }),
  ],
  ['its cancelled request', ({ house, id }: Previewed) => house.call('POST', `/v1/requests/${id}/cancel`)],
])('a preview is for people: the agent does not read it in %s', async (_, read) => {
  const world = await previewed()

  const reply = await read(world)

  expect(reply.status).toBeLessThan(300)
  expect(reply.text).not.toMatch(told)
  expect(JSON.stringify([...reply.headers])).not.toMatch(told)
  expect(world.submitted.text).not.toMatch(told)
})

test('nor in the events of its request', async () => {
  const { house, id } = await previewed()
  await house.call('POST', `/v1/requests/${id}/cancel`)

  const { text } = await house.call('GET', `/v1/requests/${id}/events`)

  expect(text).toContain('approval.requested')
  expect(text).not.toMatch(told)
})

type Previewed = Awaited<ReturnType<typeof previewed>>
