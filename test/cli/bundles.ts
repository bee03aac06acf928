import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { bundleFiles } from '../policy/files.ts'

/** A directory with these files, gone when the test ends. */
export function directoryOf(files: ReadonlyMap<string, string>): string {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-policy-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
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
    grant: {ttl: 10m}
`

export const tests = `apiVersion: countersign/v1
kind: PolicyTests
base:
  environment: prod
  agent: {id: nightly, owner: {id: U0LEE, email: lee@acme.test, groups: []}}
  initiator: {id: U0DANA, email: dana@acme.test, groups: []}
  time: 2026-11-24T14:00:00+01:00
tests:
  - name: a bulk export needs Security
    request: {action: db.export, resource: {type: table, id: x}, params: {table: x, rows: 1001}}
    expect: {decided_by: [export.bulk], expires_in: 45m}
`

/** A bundle of one rule, with a test. */
export function bundle(changes: Readonly<Record<string, string>> = {}): string {
  return directoryOf(bundleFiles({ 'rules/a.yaml': rule, 'tests/a.yaml': tests, ...changes }))
}

/** How long it took, and where the test's directory is, differ from run to run; digests, with every edit of a fixture. */
export function steady(text: string, ...directories: readonly string[]): string {
  return directories
    .reduce((all, one) => all.replaceAll(one, 'DIR'), text)
    .replace(/\b\d+ ms\b/g, 'N ms')
    .replace(/(@|over )[0-9a-f]{12}\b/g, '$1DIGEST')
}
