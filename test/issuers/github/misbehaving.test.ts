import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { doubleGitHub, githubAt, issueAt, keyFile, leaseOf, type Meeting, untilFor } from './doubleGitHub.ts'

describe('a GitHub that misbehaves', () => {
  test.each<readonly [Meeting, object]>([
    ['deaf', { name: 'TargetFault', made: 'perhaps' }],
    ['late', { name: 'TargetFault', made: 'perhaps' }],
    ['foreign', { name: 'TargetFault', made: 'perhaps' }],
    [500, { name: 'TargetFault', made: 'perhaps' }],
    [502, { name: 'TargetFault', made: 'perhaps' }],
    ...[304, 308, 400, 405, 408, 409, 410, 413, 499].map(
      (status) => [status, { name: 'TargetFault', made: 'perhaps' }] as const,
    ),
    [301, { code: 'target_refused' }],
    [302, { code: 'target_refused' }],
    [307, { code: 'target_refused' }],
    [401, { code: 'target_refused' }],
    [403, { code: 'target_refused' }],
    [404, { code: 'target_refused' }],
    [422, { code: 'target_refused' }],
    ['limited', { name: 'TargetFault', made: 'nothing', retryAfterSeconds: 7 }],
  ])('%s: it gives nothing, is asked once, and no fault repeats what was sent', async (meeting, is) => {
    const github = await doubleGitHub()
    github.next.push(meeting)

    const fault = await issueAt(githubAt(github.url)).catch((thrown: unknown) => thrown)

    expect(fault).toMatchObject(is)
    expect(github.asked).toHaveLength(1)
    expect(`${String(fault)} ${JSON.stringify(fault)} ${String((fault as Error).cause)}`).not.toMatch(
      /repeats|Bearer|eyJ/,
    ) // it is thrown
  })

  test('that has no calls left says when it has again', async () => {
    const github = await doubleGitHub()
    github.next.push('out of calls')

    const fault = await issueAt(githubAt(github.url)).catch((thrown: unknown) => thrown)

    expect(fault).toMatchObject({ made: 'nothing' })
    expect(Math.abs(Number((fault as { retryAfterSeconds: number }).retryAfterSeconds) - 1_000)).toBeLessThan(
      30,
    ) // a TargetFault
  })

  test('and never answers is given up, and not known to have done nothing', async () => {
    const github = await doubleGitHub()
    const issuer = githubAt(github.url)
    github.next.push('slow')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })

    const asking = issueAt(issuer).catch((thrown: unknown) => thrown)
    while (github.asked.length === 0) await new Promise((resolve) => setImmediate(resolve))
    vi.advanceTimersByTime(4_000)
    const fault = await asking
    vi.useRealTimers()

    expect(fault).toMatchObject({ name: 'TargetFault', made: 'perhaps' })
  })

  test.each<readonly [Meeting, boolean]>([
    ['deaf', false],
    ['late', false],
    ['foreign', false],
    [403, false],
    [404, false],
    [500, false],
    ['limited', false],
    [401, true],
    ['fine', true],
  ])('%s when a token is to end: it has ended is %s', async (meeting, isKnown) => {
    const github = await doubleGitHub()
    const issuer = githubAt(github.url)
    const { toEnd } = await issueAt(issuer)
    github.next.push(meeting)

    const ending = issuer.end(leaseOf(issuer), toEnd)

    if (isKnown) expect(await ending).toBe('gone')
    else await expect(ending).rejects.toMatchObject({ name: 'TargetFault' })
  })
})

describe('what proves that we are the App', () => {
  test.each([
    ['a clock that is behind ours by less than a minute', -45, true],
    ['one that is behind by five minutes', -300, false],
    ['one that is ahead by a minute and a half', 90, true],
    ['one that is ahead by five minutes', 300, false],
  ])('%s', async (_, ahead, isGiven) => {
    const github = await doubleGitHub()
    github.ahead = ahead

    const asking = issueAt(githubAt(github.url))

    if (isGiven) expect((await asking).credential.token).toBe('ghs_1')
    else await expect(asking).rejects.toMatchObject({ code: 'target_refused' })
  })

  test('is good for its lease only: a process that wakes up minutes later gets nothing', async () => {
    const github = await doubleGitHub()
    const issuer = githubAt(github.url)
    const begunFiveMinutesAgo = new Date(Date.parse(untilFor(issuer)) - 300_000).toISOString()

    await expect(issuer.issue(leaseOf(issuer), begunFiveMinutesAgo)).rejects.toMatchObject({
      code: 'target_refused',
    })
    expect(github.given.size).toBe(0)
  })

  test('is signed with the key in the file, read anew each time: PKCS#1 and PKCS#8', async () => {
    const github = await doubleGitHub()
    const file = keyFile()
    const issuer = githubAt(github.url, (text) =>
      text.replace(/private_key_file: .*/, `private_key_file: ${file}`),
    )
    await issueAt(issuer)
    const { privateKey: another } = generateKeyPairSync('rsa', { modulusLength: 2_048 })

    writeFileSync(file, another.export({ type: 'pkcs8', format: 'pem' }))
    await expect(issueAt(issuer)).rejects.toMatchObject({ code: 'target_refused' })

    const pkcs8 = keyFile(undefined, 'pkcs8')
    expect(
      await issueAt(
        githubAt(github.url, (text) => text.replace(/private_key_file: .*/, `private_key_file: ${pkcs8}`)),
      ),
    ).toMatchObject({ toEnd: 'ghs_2' })
  })

  test.each([
    ['there is no such file', () => '/nowhere/app.pem'],
    ['a curve', () => keyFile(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'pkcs8')],
    ['too short', () => keyFile(generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey)],
  ])('%s: nothing is asked', async (_, file) => {
    const github = await doubleGitHub()
    const issuer = githubAt(github.url, (text) =>
      text.replace(/private_key_file: .*/, `private_key_file: ${file()}`),
    )

    await expect(issueAt(issuer)).rejects.toMatchObject({ code: 'target_refused' })
    expect(github.asked).toEqual([])
  })
})
