import { describe, expect, test } from 'vitest'
import { openDouble } from '../clients/double.ts'
import { call, clientOf, describeExport, type Export, open, sent, users } from './gatedExport.ts'

describe('changed-after: edited arguments', () => {
  test('after the approval run nothing: the approved copy runs, whatever becomes of the original', async () => {
    const { double, ran, exportTable } = await open()
    const args = { ...users }

    const running = exportTable(args, call)
    await expect.poll(() => double.requests.length).toBe(1)
    args.rows = 1_000_000
    double.decideAll('approved')
    await running

    expect(ran).toEqual([users])
    expect(sent(double, '/redeem')[0]?.body.action).toMatchObject({ params: users })
  })

  test('under the same name of the call are refused, as when a framework’s saved state was changed', async () => {
    const { double, ran, exportTable, process } = await open()
    double.decideAll('denied')
    await expect(exportTable(users, call)).rejects.toMatchObject({ code: 'denied' })
    double.decideAll('approved')

    const edited = process()({ ...users, rows: 1_000_000 }, call)

    await expect(edited).rejects.toMatchObject({ code: 'idempotency_mismatch' })
    expect(ran).toEqual([])
  })

  test('that are described as another action when they are about to run are refused before the grant is spent', async () => {
    const double = await openDouble()
    double.decideAll('approved')
    const client = clientOf(double)
    let [rows, ran] = [0, 0]
    const act = client.gated(
      () => void ran++,
      (args: Export) => describeExport({ ...args, rows: rows++ }),
    )

    await expect(act(users, call)).rejects.toMatchObject({ code: 'digest_mismatch' })
    expect(ran).toBe(0)
    expect(sent(double, '/redeem')).toEqual([])
  })

  test('on the way to the server are noticed by the digest it answers with', async () => {
    const { double, ran, exportTable } = await open()
    double.decideAll('approved')
    double.twist = (_, body) => ({ ...body, digest: `sha256:${'0'.repeat(64)}` })

    await expect(exportTable(users, call)).rejects.toMatchObject({ code: 'digest_mismatch' })
    expect(ran).toEqual([])
  })

  test('cannot be made by what runs or describes: its arguments are frozen', async () => {
    const double = await openDouble()
    double.decideAll('approved')
    const client = clientOf(double)
    const act = client.gated((args: Export) => {
      args.rows = 1_000_000
    }, describeExport)

    await expect(act({ ...users }, call)).rejects.toThrow(TypeError)
  })

  test('control: the same arguments of another call are asked again, and run when approved', async () => {
    const { double, ran, exportTable } = await open()
    double.decideAll('approved')

    await exportTable(users, call)
    await exportTable({ ...users, rows: 11 }, { ...call, callId: 'call_2' })

    expect(ran).toEqual([users, { ...users, rows: 11 }])
  })
})
