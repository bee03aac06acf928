import { describe, expect, test } from 'vitest'
import { openDouble } from '../clients/double.ts'
import { call, clientOf, describeExport, type Export, open, sent, users } from './gatedExport.ts'

describe('a gated function', () => {
  test('runs when it was approved, with the grant spent before and its result reported after', async () => {
    const { double, ran, exportTable } = await open()
    double.decideAll('approved')

    const result = await exportTable(users, call)

    expect(result).toBe('10 rows')
    expect(ran).toEqual([users])
    const routes = double.calls.map(({ route }) => route.replace('/v1/', ''))
    expect(routes).toEqual(['requests', 'requests/:id/grant', 'grants/redeem', 'requests/:id/executions'])
    const { params, action, resource, environment } = describeExport(users) as ReturnType<
      typeof describeExport
    >
    expect(double.requests[0]?.reports).toEqual([
      {
        state: 'succeeded',
        action: { action, resource, params, environment },
        result: expect.stringMatching(/^sha256:/),
      },
    ])
  })

  test('waits for people, over connections that break and a server that is started again', async () => {
    const { double, ran, exportTable } = await open()
    const running = exportTable(users, call)

    await expect.poll(() => double.requests.length).toBe(1)
    await double.stop()
    await double.start()
    await expect.poll(() => double.calls.length).toBeGreaterThan(1)
    expect(ran).toEqual([])
    double.decideAll('approved')

    expect(await running).toBe('10 rows')
    expect(double.requests).toHaveLength(1)
  })

  test('needs one call less where policy allows it at once', async () => {
    const double = await openDouble()
    const client = clientOf(double)
    const read = client.gated(
      () => 'read',
      () => ({ action: 'repo.read', resource: { type: 'repository', id: 'acme/site' }, environment: 'prod' }),
    )

    expect(await read(null, call)).toBe('read')
    expect(sent(double, '/grant')).toEqual([])
  })

  test('that fails says so, within bounds, and fails as it did', async () => {
    const double = await openDouble()
    double.decideAll('approved')
    const client = clientOf(double)
    const broken = new RangeError(`disk full\u0000 ${'x'.repeat(2_000)}`)
    const exportTable = client.gated(() => Promise.reject(broken), describeExport)

    await expect(exportTable(users, call)).rejects.toBe(broken)

    const [report] = double.requests[0]?.reports ?? []
    expect(report).toMatchObject({
      state: 'failed',
      note: expect.stringMatching(/^RangeError: disk full {2}x+$/),
    })
    expect(String(report?.note)).toHaveLength(500)
  })

  test('has run although that cannot be told, and says so to whoever wants to hear it', async () => {
    const lost: unknown[] = []
    const { double, exportTable } = await open({ onReportLost: (one) => lost.push(one) })
    double.decideAll('approved')
    double.trouble = ({ route }) => (route.endsWith('/executions') ? 'before' : null)

    expect(await exportTable(users, call)).toBe('10 rows')

    expect(lost).toEqual([expect.objectContaining({ code: 'out_of_time', request: expect.anything() })])
  })

  test('whose grant is the resource’s to redeem hands it on and leaves it alone', async () => {
    const double = await openDouble()
    double.decideAll('approved')
    double.spentBy = 'resource'
    const client = clientOf(double)
    const audience = 'https://target.acme.test'
    const act = client.gated((_: Export, { grant }) => grant.token, describeExport, {
      spentBy: 'resource',
      audience,
    })

    expect(await act(users, call)).toBe(double.requests[0]?.grant.token)
    expect(sent(double, '/redeem')).toEqual([])
    expect(sent(double, '/grant')[0]?.body).toEqual({ audience })
  })
})

describe('only asking', () => {
  test('makes one request however often, and the run under the same name goes on from there', async () => {
    const { double, ran, exportTable, process } = await open()

    const first = await exportTable.ask(users, call)
    const again = await process().ask(users, call)
    double.decideAll('approved')
    await process()(users, call)

    expect([first.state, again.id]).toEqual(['pending', first.id])
    expect([ran.length, double.requests.length]).toEqual([1, 1])
  })

  test('runs nothing, also where it is approved', async () => {
    const { double, ran, exportTable } = await open()
    double.decideAll('approved')

    expect(await exportTable.ask(users, call)).toMatchObject({ state: 'approved' })
    expect([ran, sent(double, '/grant')]).toEqual([[], []])
  })
})

describe('nothing runs', () => {
  test.each([
    ['denied', 'denied'],
    ['expired', 'expired'],
    ['cancelled', 'cancelled'],
    ['revoked', 'revoked'],
    ['lapsed', 'lapsed'],
    ['executing', 'already_used'],
    ['succeeded', 'already_used'],
    ['failed', 'already_used'],
    ['unreported', 'already_used'],
    ['a-state-of-a-later-version', 'not_approved'],
  ])('when the request is %s', async (state, code) => {
    const { double, ran, exportTable } = await open()
    double.decideAll(state)

    await expect(exportTable(users, call)).rejects.toMatchObject({ code, request: { state } })

    expect(ran).toEqual([])
    expect(sent(double, '/grant')).toEqual([])
  })

  test('when the grant is refused, and the error says for which request', async () => {
    const { double, ran, exportTable } = await open()
    double.decideAll('approved')
    double.trouble = ({ route }) => (route.endsWith('/grant') ? { status: 403, code: 'stopped' } : null)

    await expect(exportTable(users, call)).rejects.toMatchObject({
      code: 'stopped',
      status: 403,
      request: { id: expect.stringMatching(/^req_/) },
    })
    expect(ran).toEqual([])
  })

  test('when nobody answers the redemption: it may be spent, so it is not tried otherwise', async () => {
    const { double, ran, exportTable } = await open()
    double.decideAll('approved')
    double.trouble = ({ route }) => (route.endsWith('/redeem') ? 'after' : null)

    await expect(exportTable(users, { ...call, limit: 600 })).rejects.toMatchObject({ code: 'out_of_time' })

    expect(ran).toEqual([])
    expect(new Set(sent(double, '/redeem').map(({ body }) => body.attempt)).size).toBe(1)
  })

  test('when the grant is the resource’s to redeem and the function was not written for that', async () => {
    const { double, ran, exportTable } = await open()
    double.decideAll('approved')
    double.spentBy = 'resource'

    await expect(exportTable(users, call)).rejects.toMatchObject({ code: 'spent_by_other' })
    expect(ran).toEqual([])
  })

  test('without a name for the call: equal arguments are not the same call', async () => {
    const { double, ran, exportTable } = await open()

    await expect(exportTable(users, { callId: '' })).rejects.toMatchObject({ code: 'unnamed_call' })
    expect([ran, double.calls]).toEqual([[], []])
  })

  test('when the caller gives up between the redemption and the run, and that is reported', async () => {
    const { double, ran, exportTable } = await open()
    const controller = new AbortController()
    double.decideAll('approved')
    double.twist = ({ route }, body) => {
      if (route.endsWith('/redeem')) controller.abort()
      return body
    }

    await expect(exportTable(users, { ...call, signal: controller.signal })).rejects.toMatchObject({
      code: 'aborted',
    })
    expect(ran).toEqual([])
  })
})
