import { describe, expect, test } from 'vitest'
import { type ActionRequest, digestAction } from '../../src/client/client.ts'
import type { Double } from '../clients/double.ts'
import { call, clientOf, describeExport, type Export, open, users } from './gatedExport.ts'

/** An approver narrows the first request of a double, to that many rows: the second asks for those. */
async function narrow(double: Double, rows: number, state = 'approved', of = 0) {
  const action = describeExport({ ...users, rows })
  const client = clientOf(double)
  const { request } = await client.ask(action, { idempotencyKey: `narrowed-${rows}` })
  const [first, less] = [double.requests[of], double.requests.at(-1)]
  if (!first || !less) throw new Error('nothing was asked')
  const { twist } = double
  double.twist = (heard, body) =>
    body.id === first.id
      ? {
          ...body,
          outcome_code: 'narrowed',
          params: first.body.params,
          narrowed_to: {
            ...{ ...action, params: { ...action.params } },
            ...{ id: request.id, digest: digestAction(action), by: 'per_bob', reason: null },
          } satisfies NonNullable<ActionRequest['narrowed_to']>,
        }
      : twist(heard, body)
  double.settle(less, state)
  double.settle(first, 'denied')
  return less
}

/** A call of which somebody lets less through. */
async function narrowed(options: Parameters<typeof open>[0], rows = 4) {
  const opened = await open(options)
  const running = opened.exportTable(users, call)
  running.catch(() => undefined)
  await expect.poll(() => opened.double.requests.length).toBe(1)
  const less = await narrow(opened.double, rows)
  return { ...opened, running, less }
}

const fewer = ({ params }: { readonly params: { readonly [name: string]: unknown } }, args: Export) => ({
  ...args,
  rows: Number(params.rows),
})

describe('dropped-edit: where an approver let less through than was asked', () => {
  test('nothing runs, and the refusal says what is less', async () => {
    const { running, ran, less, double } = await narrowed({})

    await expect(running).rejects.toMatchObject({
      code: 'narrowed',
      message: expect.stringContaining(`rows. ${less.id} asks for that`),
      request: { state: 'denied', narrowed_to: { id: less.id, params: { rows: 4 } } },
    })
    expect(ran).toEqual([])
    expect(double.calls.some(({ route }) => route.endsWith('/grant'))).toBe(false)
  })

  test('it runs with exactly what is left, where the caller said how', async () => {
    const { running, ran, less, double } = await narrowed({ onNarrowed: fewer })

    expect(await running).toBe('4 rows')
    expect(ran).toEqual([{ ...users, rows: 4 }])
    expect(less.reports).toMatchObject([{ state: 'succeeded', action: { params: { rows: 4 } } }])
    expect(double.requests[0]?.reports).toEqual([])
  })

  test('also when what is left was narrowed again', async () => {
    const { double, exportTable, ran } = await open({ onNarrowed: fewer })
    const running = exportTable(users, call)
    await expect.poll(() => double.requests.length).toBe(1)
    await narrow(double, 6, 'pending')
    await narrow(double, 2, 'approved', 1)

    expect(await running).toBe('2 rows')
    expect(ran).toEqual([{ ...users, rows: 2 }])
  })

  test('control: arguments that are not what is left run nothing', async () => {
    for (const onNarrowed of [(_: unknown, args: Export) => args, fewerStill]) {
      const { running, ran } = await narrowed({ onNarrowed })
      await expect(running).rejects.toMatchObject({ code: 'digest_mismatch' })
      expect(ran).toEqual([])
    }
  })

  test('null refuses, and what is left that is denied is denied', async () => {
    const refused = await narrowed({ onNarrowed: () => null })
    await expect(refused.running).rejects.toMatchObject({ code: 'narrowed' })
    const { double, exportTable, ran } = await open({ onNarrowed: fewer })
    const running = exportTable(users, call)
    running.catch(() => undefined)
    await expect.poll(() => double.requests.length).toBe(1)
    await narrow(double, 4, 'expired')

    await expect(running).rejects.toMatchObject({ code: 'expired' })
    expect(ran).toEqual([])
  })
})

function fewerStill(_: unknown, args: Export): Export {
  return { ...args, rows: 1 }
}
