import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { call, type Export, open, sent, users } from './gatedExport.ts'

describe('replay', () => {
  test('replay: a call that is made again runs nothing again, in this process or another', async () => {
    const { double, ran, exportTable, process } = await open()
    double.decideAll('approved')
    await exportTable(users, call)

    await expect(exportTable(users, call)).rejects.toMatchObject({ code: 'already_used' })
    await expect(process()(users, call)).rejects.toMatchObject({ code: 'already_used' })

    expect(ran).toHaveLength(1)
    expect(double.requests).toHaveLength(1)
  })

  test('replay: of fifty at once under one name, one runs', async () => {
    const { double, ran, process } = await open()

    const running = Array.from({ length: 50 }, () => process()(users, call))
    await expect.poll(() => sent(double, '/v1/requests').length).toBe(50)
    double.decideAll('approved')
    const ends = await Promise.allSettled(running)

    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(ran).toHaveLength(1)
    expect(double.requests).toHaveLength(1)
  })

  test('replay: a process that died before the grant was spent goes on where it was; one that died after it does not', async () => {
    const { double, ran, exportTable, process } = await open()
    double.decideAll('approved')
    double.trouble = ({ route }) => (route.endsWith('/redeem') ? { status: 403, code: 'stopped' } : null)
    await expect(exportTable(users, call)).rejects.toMatchObject({ code: 'stopped' })
    double.trouble = () => null

    await process()(users, call)
    await expect(process()(users, call)).rejects.toMatchObject({ code: 'already_used' })

    expect(ran).toHaveLength(1)
  })

  test('control: two equal calls are two actions, and each runs', async () => {
    const { double, ran, exportTable } = await open()
    double.decideAll('approved')

    await exportTable(users, call)
    await exportTable(users, { ...call, callId: 'call_2' })
    await exportTable(users, { ...call, session: 'run-2' })
    await exportTable(users, { key: 'a-key-of-their-own' })

    expect(ran).toHaveLength(4)
    expect(new Set(double.requests.map(({ key }) => key)).size).toBe(4)
  })
})

test('confused-ids: calls at the same time never swap, whatever the order of the answers', async () => {
  const { double, ran, exportTable } = await open()
  const many = Array.from({ length: 20 }, (_, rows) => rows)

  const running = many.map((rows) => exportTable({ ...users, rows }, { callId: `call_${rows}` }))
  await expect.poll(() => double.requests.length).toBe(20)
  const denied = double.requests.filter(({ body }) => Number((body.params as Export).rows) % 2 === 1) // as it was sent
  for (const request of [...double.requests].reverse())
    double.settle(request, denied.includes(request) ? 'denied' : 'approved')
  const ends = await Promise.allSettled(running)

  expect(ends.map((end) => (end.status === 'fulfilled' ? end.value : end.reason.code))).toEqual(
    many.map((rows) => (rows % 2 === 0 ? `${rows} rows` : 'denied')),
  )
  expect(ran.map(({ rows }) => rows).sort((a, b) => a - b)).toEqual(many.filter((rows) => rows % 2 === 0))
  const redeemed = sent(double, '/redeem').map(({ body }) => body)
  for (const { token, action } of redeemed)
    expect(double.requests.find(({ grant }) => grant.token === token)?.body).toMatchObject({
      ...(action as object),
    })
})

test('no error of a gated call holds a key or a token', async () => {
  const { double, exportTable } = await open()
  double.decideAll('approved')
  double.trouble = ({ route }) => (route.endsWith('/redeem') ? { status: 409, code: 'grant_spent' } : null)

  const refused = await exportTable(users, call).catch((thrown: unknown) => thrown)

  expect(refused).toMatchObject({ code: 'grant_spent' })
  expect(inspect(refused, { depth: 9, showHidden: true })).not.toMatch(/csk_|token-of/)
})
