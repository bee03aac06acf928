import type { Ask } from '../../../src/policy/ask.ts'
import type { Bundle } from '../../../src/policy/bundle.ts'
import { filesIn, loaded } from '../../policy/files.ts'

/** The bundle of the design, as files. */
export const exampleFiles = filesIn('test/policy/example')
export const example = loaded(exampleFiles)
/** Its rules as text. */
export const rules = exampleFiles.get('rules/all.yaml') ?? ''

/** The same with one edit of its rules, in which `from` must stand as it is written. */
export function changed(from: string, to: string): Bundle {
  if (!rules.includes(from)) throw new Error(`the example does not say: ${from}`)
  return loaded(new Map([...exampleFiles, ['rules/all.yaml', rules.replace(from, to)]]))
}

/** An export that the bundle of the design judges. */
export function exportOf(rows: number, columns: readonly string[], at = '2026-11-24T13:00:00Z'): Ask {
  const params = { table: 't7', rows, columns, destination: 'sftp://partner/x' }
  const resource = { type: 'table', id: 'warehouse.t7' }
  return {
    action: { action: 'db.export', resource, params, environment: 'prod' },
    agent: { id: 'agt_1', name: 'bot' },
    at,
  }
}
