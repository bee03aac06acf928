import type { Figure } from './figure.ts'
import { allowed } from './figures/allowed.ts'
import { cycle } from './figures/cycle.ts'
import { flow } from './figures/flow.ts'
import { ledger } from './figures/ledger.ts'
import { lifecycle } from './figures/lifecycle.ts'
import { memory } from './figures/memory.ts'
import { release } from './figures/release.ts'
import { start } from './figures/start.ts'
import { stop } from './figures/stop.ts'
import { stored } from './figures/stored.ts'
import { verdicts } from './figures/verdicts.ts'
import type { FigureName } from './list.ts'

/** How each figure of the list is measured. */
export const measure: Readonly<Record<FigureName, Figure>> = {
  start,
  allowed,
  cycle,
  lifecycle,
  release,
  stop,
  stored,
  memory,
  ledger,
  flow,
  verdicts,
}
