import type { RefusalCode } from '../core/refusal.ts'
import { refusals } from '../core/refusals.ts'
import type { Answer } from './call.ts'
import { details } from './details.ts'
import { type ProblemCode, statusOf, titleOf } from './problem.ts'

/** `GET /errors`: where the `type` of a problem leads. One line for each code; the whole story is docs/errors.md. */
export async function getErrorsPage(): Promise<Answer> {
  const codes: readonly ProblemCode[] = [...(Object.keys(refusals) as RefusalCode[]), 'internal'] // keys of a const table
  const entries = codes.map(
    (code) =>
      `<dt id="${code}"><code>${code}</code> ${statusOf(code)}</dt><dd>${titleOf(code)} ${details[code]}</dd>`,
  )
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Countersign: error codes</title>
<h1>Error codes</h1><p>docs/errors.md says what to do about each.</p>
<dl>
${entries.join('\n')}
</dl></html>
`
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page }
}
