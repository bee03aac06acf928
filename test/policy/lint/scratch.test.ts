import { test } from 'vitest'
import { lintBundle } from '../../../src/policy/lint/lintBundle.ts'
import { probeRules } from '../../../src/policy/lint/probes.ts'
import { covered } from '../../../src/policy/lint/covered.ts'
import { logicOf } from '../../../src/policy/lint/ruleLogic.ts'
import { bundleFiles, loaded, filesIn } from '../files.ts'
test('big', () => {
  for (const [acts, per] of [[50, 10], [1, 190]]) {
  const actions = 'apiVersion: countersign/v1\nkind: ActionCatalogue\nactions:\n' + Array.from({length: acts}, (_, i) => `  a.n${i}: {effect: read, params: {table: string, rows: int, columns: {list: string}, region: string?}}\n`).join('')
  const rules = Array.from({length: acts*per}, (_, i) => `- id: r.${i}\n  description: A rule.\n  match: {actions: [a.n${i % acts}], environments: [prod, dev]}\n  when: |\n    params.rows > ${i} && params.table.startsWith("t${i % 7}") || params.columns.exists(c, c in ["email", "x${i}"])\n${i%3 ? '' : `  unless: has(params.region) && params.region == "eu-${i}"\n`}  verdict: ${['allow','require_approval','deny'][i%11 ? i % 2 : 2]}\n`).join('')
  const b = loaded(bundleFiles({'actions.yaml': actions, 'rules/a.yaml': rules}))
  let t = performance.now(); const l = logicOf(b); console.log('logic', performance.now()-t)
  t = performance.now(); covered(b, l); console.log('covered', performance.now()-t)
  t = performance.now(); const p = probeRules(b, l); console.log('probes', performance.now()-t, p.tried)
  t = performance.now(); const f = lintBundle(b); console.log('all', performance.now()-t, f.length, [...new Set(f.map(x=>x.code))])
  }
  const s = loaded(filesIn('policies')); for (let i=0;i<3;i++) { const t = performance.now(); lintBundle(s); console.log('shipped', performance.now()-t) }
  for (let i=0;i<2;i++) { const t = performance.now(); lintBundle(s, {now: () => performance.now()}); console.log('shipped with gate', performance.now()-t) }
})
