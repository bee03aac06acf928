import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Bundle } from '../../src/policy/bundle.ts'
import { type BundleProblem, loadBundle } from '../../src/policy/load.ts'

/** A small bundle to change in tests: every file can be replaced, added, or taken away with null. */
export function bundleFiles(
  changes: Readonly<Record<string, string | null>> = {},
): ReadonlyMap<string, string> {
  const files = new Map(Object.entries({ 'bundle.yaml': bundleYaml, 'actions.yaml': actionsYaml }))
  for (const [path, text] of Object.entries(changes)) {
    if (text === null) files.delete(path)
    else files.set(path, text)
  }
  return files
}

/** The bundle, or a failure that says what the loader refused. */
export function loaded(files: ReadonlyMap<string, string>): Bundle {
  const result = loadBundle(files)
  if (!result.ok) throw new Error(result.problems.map(say).join('\n'))
  return result.bundle
}

/** The problems, or a failure when the bundle loads after all. */
export function refused(files: ReadonlyMap<string, string>): readonly BundleProblem[] {
  const result = loadBundle(files)
  if (result.ok) throw new Error('the bundle was expected to be refused, and it loaded')
  return result.problems
}

/** A directory on disk, as the loader takes it. */
export function filesIn(directory: string): ReadonlyMap<string, string> {
  const found = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const paths = found.map((entry) => join(entry.parentPath, entry.name))
  return new Map(paths.map((path) => [relative(directory, path), readFileSync(path, 'utf8')]))
}

function say({ file, line, column, code, message }: BundleProblem): string {
  return `${file}:${line}:${column} ${code} ${message}`
}

export const bundleYaml = `apiVersion: countersign/v1
kind: Bundle
name: acme
timezone: Europe/Berlin
unmatched:
  known_action: require_approval
  unknown_action: deny
defaults:
  approvals:
    - {name: platform, from: [group:platform], count: 1}
  expires_in: 1h
  grant: {ttl: 3m}
  notify: {channel: channel:approvals, remind: [15m]}
floor:
  max_expires_in: 24h
  max_grant_ttl: 8h
  never_allow_effects: [admin]
directory:
  group:platform: {slack_usergroup: S0PLAT}
  group:security: {slack_usergroup: S0SEC}
  group:data: {slack_usergroup: S0DATA}
  user:omar: {slack_user: U0OMAR}
  channel:approvals: {slack_channel: C0APPR}
  channel:security: {slack_channel: C0SEC}
`

export const actionsYaml = `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  db.export: {effect: read, params: {table: string, rows: int}}
  db.query: {effect: read, params: open}
  s3.copy: {effect: write, params: {bucket: string}}
  iam.role.update: {effect: admin, params: {role: string}}
`
