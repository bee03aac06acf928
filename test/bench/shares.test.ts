import { expect, test } from 'vitest'
import { type CpuProfile, sharesByKind, sharesByPlace } from '../../bench/profile/shares.ts'

const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 1 })

/** Zod calls Node, Slack's client calls nothing, Node works for nobody, then it rests. */
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 4, 5, 6, 7, 8] },
    { id: 2, callFrame: frame('parse', 'file:///app/node_modules/zod/v4/core/parse.js'), children: [3] },
    { id: 3, callFrame: frame('toString', 'node:buffer') },
    { id: 4, callFrame: frame('post', 'file:///app/dist/slack/outbound/posting.js') },
    { id: 5, callFrame: frame('processTicks', 'node:internal/process/task_queues') },
    { id: 6, callFrame: frame('(idle)') },
    { id: 7, callFrame: frame('(garbage collector)') },
    { id: 8, callFrame: frame('request', 'file:///app/dist/store/prisma/runtime.js') },
  ],
  startTime: 1_000,
  samples: [2, 3, 4, 5, 6, 7, 8, 8],
  timeDeltas: [0, 10, 20, 30, 40, 50, 60, 70],
}
const always = { from: 0, to: 10_000 }

test('time counts for the innermost frame that belongs to somebody, and rest counts for nobody', () => {
  expect(Object.fromEntries(sharesByKind(profile, always))).toEqual({
    parsing: 30,
    Slack: 30,
    'Node itself': 40,
    'garbage collection': 60,
    Prisma: 70,
  })
})

test('the same by package and by room', () => {
  expect(Object.fromEntries(sharesByPlace(profile, always))).toEqual({
    zod: 30,
    'dist/slack': 30,
    'Node itself': 40,
    'garbage collection': 60,
    prisma: 70,
  })
})

test('what happened before and after does not count', () => {
  expect(Object.fromEntries(sharesByKind(profile, { from: 1_005, to: 1_035 }))).toEqual({
    parsing: 20,
    Slack: 30,
  })
})

test.each([
  ['file:///app/node_modules/fastify/lib/route.js', 'HTTP'],
  ['file:///app/node_modules/fastify-type-provider-zod/dist/index.js', 'parsing'],
  ['node:_http_server', 'HTTP'],
  ['node:internal/deps/undici/undici', 'Slack'],
  ['file:///app/node_modules/@slack/web-api/dist/WebClient.js', 'Slack'],
  ['file:///app/node_modules/pg-protocol/dist/parser.js', 'driver'],
  ['file:///app/node_modules/@prisma/adapter-pg/dist/index.mjs', 'Prisma'],
  ['file:///app/dist/policy/evaluate.js', 'policy'],
  ['file:///app/dist/store/commit.js', 'store'],
  ['file:///app/dist/jobs/worker.js', 'jobs'],
  ['file:///app/dist/approvals/submit.js', 'verbs and rules'],
  ['file:///app/node_modules/typeid-js/dist/index.js', 'other packages'],
])('%s is %s', (url, kind) => {
  const one: CpuProfile = {
    nodes: [{ id: 1, callFrame: frame('f', url) }],
    startTime: 0,
    samples: [1, 1],
    timeDeltas: [0, 5],
  }

  expect([...sharesByKind(one, always).keys()]).toEqual([kind])
})
