import { covers } from '../../policy/audiences.ts'
import type { Audience, Bundle } from '../../policy/bundle.ts'
import { type Finding, type LintCode, lintCodes } from './finding.ts'

/** What is to be known of the audiences: which cannot compare what runs, and which no grant is ever for. */
export function audienceFindings({ audiences }: Bundle): readonly Finding[] {
  return audiences.flatMap((audience, nth) => [
    ...tokenOnly(audience),
    ...unreached(audience, audiences.slice(0, nth)),
  ])
}

function tokenOnly(audience: Audience): readonly Finding[] {
  if (!audience.tokenOnly) return []
  const message = `${audience.id} redeems the token alone: nobody compares what it runs with what was approved, so whoever has the token can have anything run there, once. Where the resource can send the action's digest, remove \`token_only\`.`
  return [aboutAudience(audience, ['audience/token-only', message])]
}

function unreached(audience: Audience, earlier: readonly Audience[]): readonly Finding[] {
  if (!earlier.some((one) => covers(one, audience))) return []
  const message = `An audience of the same id stands above and takes the same types of resources, so this one is never chosen: remove it, or move it up.`
  return [aboutAudience(audience, ['audience/unreached', message])]
}

function aboutAudience({ at }: Audience, [code, message]: readonly [LintCode, string]): Finding {
  return { level: lintCodes[code].level, code, ...at, rule: null, message, excerpt: null }
}
