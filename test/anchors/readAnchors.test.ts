import { expect, test } from 'vitest'
import { addressSchema } from '../../src/anchors/ofEveryAnchor.ts'
import { readAnchors } from '../../src/anchors/readAnchors.ts'
import type { Anchor } from '../../src/approvals/ledger/anchors/anchor.ts'
import { testWitness } from '../support/testWitness.ts'

const slack = (config: { readonly name: string }): Anchor => ({
  name: config.name,
  kind: 'slack',
  everySeconds: 1,
  againSeconds: 1,
  put: async () => ({}),
  newest: null,
  ledgers: null,
  check: async () => ({ ok: true, detail: '', fix: null }),
})

test('a file with one of each kind is read, with the usual times and those that are set', async () => {
  const { key } = await testWitness()
  const read = readAnchors(
    'anchors.yaml',
    `anchors:
  - { name: vault, kind: directory, path: /mnt/vault }
  - { name: archive, kind: s3, bucket: acme-ledger, region: eu-central-1, every: 10m, retain_days: 90 }
  - { name: security, kind: slack, channel: C012AB3CD }
  - { name: w1, kind: witness, address: "https://witness.example/log", key: "${key}" }
`,
  )

  expect('anchors' in read).toBe(true)
  const anchors = 'anchors' in read ? read.anchors({ now: () => new Date(), slack }) : []
  expect(anchors.map(({ name, everySeconds, newest }) => [name, everySeconds, newest !== null])).toEqual([
    ['vault', 60, true],
    ['archive', 600, true],
    ['security', 1, false],
    ['w1', 3_600, false],
  ])
})

test('everything that is wrong is said at its place', () => {
  const read = readAnchors(
    'anchors.yaml',
    `anchors:
  - { name: vault, kind: directory, path: /mnt/vault, evry: 1m }
  - { name: vault, kind: s3, bucket: A, region: eu-central-1, endpoint: "http://minio.example" }
  - { name: w1, kind: witness, address: "https://user@w.example", key: nonsense, every: 1s }
`,
  )

  const problems = 'problems' in read ? read.problems.map(({ line, message }) => `${line} ${message}`) : []
  expect(problems).toEqual([
    expect.stringMatching(/^2 There is no property "evry".*every/),
    expect.stringMatching(/^3 `bucket` must be the name of a bucket/),
    expect.stringMatching(/^3 `endpoint` must be https, or http on this machine/),
    expect.stringMatching(/^4 `every` must be between 10s and 1d/),
    expect.stringMatching(/^4 `address` must be https/),
    expect.stringMatching(/^4 `key` must be a verifier key of type 0x04/),
  ])
})

test('two of one name are refused', () => {
  const read = readAnchors(
    'anchors.yaml',
    'anchors:\n  - { name: a, kind: directory, path: x }\n  - { name: a, kind: directory, path: y }\n',
  )

  expect(read).toMatchObject({ problems: [{ line: 3, message: 'Two anchors have this name: rename one.' }] })
})

test('what is sent to a name that only looks like this machine is encrypted; control: this machine', () => {
  for (const host of ['127.0.0.1.evil.example', '127.evil.example', 'localhost.evil.example'])
    expect(addressSchema.safeParse(`http://${host}/`).success, host).toBe(false)
  for (const host of ['127.0.0.1', 'localhost', '[::1]'])
    expect(addressSchema.safeParse(`http://${host}:8080/`).success, host).toBe(true)
})
