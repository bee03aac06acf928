import type { Bundle } from '../../policy/bundle.ts'
import type { Finding } from '../../policyTools/lint/finding.ts'
import { shortId } from '../../policyTools/simulation/simulateText.ts'

/**
 * How lint reads in a terminal (docs/policy-tools.md#lint). `bundle` is null when it did not load; `live` says what was looked at
 * besides the files.
 */
export function lintText(
  findings: readonly Finding[],
  about: { readonly bundle: Bundle | null; readonly milliseconds: number; readonly live: string | null },
): string {
  const lines = [
    ...findings.flatMap(findingLines),
    ...(findings.length > 0 ? [''] : []),
    `${sumLine(findings, about.bundle)} · ${Math.round(about.milliseconds)} ms`,
    ...(about.live === null ? [] : [about.live]),
  ]
  return `${lines.join('\n')}\n`
}

/** One finding: its code and place, the sentence with the fix, and the condition with a caret where there is one. */
function findingLines({
  level,
  code,
  file,
  line,
  column,
  rule,
  message,
  excerpt,
}: Finding): readonly string[] {
  const place = `${file}:${line}:${column}${rule === null ? '' : `  ${rule}`}`
  const shown = (excerpt ?? '').split('\n').map((one) => `            ${one}`)
  return [
    `${level.padEnd(7)} ${code.padEnd(24)} ${place}`,
    `        ${message}`,
    ...(excerpt === null ? [] : shown),
  ]
}

function sumLine(findings: readonly Finding[], bundle: Bundle | null): string {
  const counted = (level: Finding['level']): string => {
    const count = findings.filter((finding) => finding.level === level).length
    return `${count} ${level}${count === 1 ? '' : 's'}`
  }
  const levels = `${counted('error')}, ${counted('warning')}, ${counted('note')}`
  if (bundle === null) return `${levels} · the bundle does not load`
  const rules = `${bundle.rules.length} rule${bundle.rules.length === 1 ? '' : 's'}`
  return `${rules}, ${bundle.catalogue.size} actions · ${levels} · bundle ${shortId(bundle.digest)}`
}
