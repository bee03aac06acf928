import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { bundleFiles } from '../policy/files.ts'

/** What the parents of these directories are called, so that `steady` knows them again. */
const parents = join(tmpdir(), 'countersign-policy-')

/** A directory of this name with these files, gone when the test ends. */
export function directoryOf(files: ReadonlyMap<string, string>, name = 'policies'): string {
  const parent = mkdtempSync(parents)
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  const directory = join(parent, name)
  mkdirSync(directory, { recursive: true })
  for (const [path, text] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  return directory
}

export const rule = `- id: export.bulk
  description: Bulk exports need Security.
  match: {actions: [db.export]}
  when: params.rows > 1000
  verdict: require_approval
  require:
    approvals:
      - {name: security, from: [group:security], count: 1}
    expires_in: 45m
    grant: {ttl: 4m}
`

export const tests = `apiVersion: countersign/v1
kind: PolicyTests
base:
  environment: prod
  agent: {name: nightly, owner: {id: U0LEE, email: lee@acme.test, groups: []}}
  initiator: {id: U0DANA, email: dana@acme.test, groups: []}
  time: 2026-11-24T14:00:00+01:00
tests:
  - name: a bulk export needs Security
    request: {action: db.export, resource: {type: table, id: x}, params: {table: x, rows: 1001}}
    expect: {decided_by: [export.bulk], expires_in: 45m}
`

/** A bundle of one rule, with a test, in a directory of this name. */
export function bundle(changes: Readonly<Record<string, string>> = {}, name = 'policies'): string {
  return directoryOf(bundleFiles({ 'rules/a.yaml': rule, 'tests/a.yaml': tests, ...changes }), name)
}

/**
 * What differs from run to run, masked: where the test's directories are, how long it took, and made-up ids. So are
 * digests, which differ with every edit of a fixture. The one place where output is masked before it is compared.
 */
export function steady(text: string): string {
  return text
    .replaceAll(new RegExp(`${parents}\\w{6}/`, 'g'), '')
    .replace(/\b\d+ ms\b/g, 'N ms')
    .replace(/\b(req|per|act|agt|key|ent)_[0-9a-z]{26}\b/g, '$1_ID')
    .replace(/\b[0-9a-f]{64}\b/g, 'DIGEST')
    .replace(/(@|over |bundle |policy\.refused {2})[0-9a-f]{12}\b/g, '$1DIGEST')
}
