import type { Evidence } from '../../bench/soak/evidence.ts'

/** The calm evidence, changed so that a law is broken (or looks as if it were). */
type Change = (evidence: Evidence) => Partial<Evidence>

/** By law, and by what is wrong. */
export type Changes = Readonly<Record<string, Readonly<Record<string, Change>>>>
