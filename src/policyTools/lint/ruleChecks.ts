import { formatDuration } from '../../core/duration.ts'
import type { Bundle, Rule } from '../../policy/bundle.ts'
import { about } from './about.ts'
import type { Finding } from './finding.ts'

/** Checks that look at one rule by itself, beside its conditions. */
export function ruleChecks(bundle: Bundle): readonly Finding[] {
  const adminRules = new Set(
    [...bundle.candidates].flatMap(([action, rules]) =>
      bundle.catalogue.get(action)?.effect === 'admin' ? rules.map(({ id }) => id) : [],
    ),
  )
  return bundle.rules.flatMap((rule) => {
    const isAdmin = adminRules.has(rule.id)
    return [
      ...unconditional(rule),
      ...(isAdmin ? adminAllowed(rule, bundle) : []),
      ...(isAdmin ? implicit(rule) : []),
      ...lateReminders(rule, bundle),
      ...unreadable(rule),
    ]
  })
}

function unconditional(rule: Rule): readonly Finding[] {
  const { verdict, when, unless, match } = rule
  if (verdict !== 'allow' || when || unless || match.environments || match.agents) return []
  const message =
    'This allows its actions whatever the request is: narrow it with `environments`, `agents`, `when` or `unless`, or say what has to stay out.'
  return [about(rule, ['allow/unconditional', message])]
}

/** Where the floor forbids it, the rule never does what it says. */
function adminAllowed(rule: Rule, { floor }: Bundle): readonly Finding[] {
  if (rule.verdict !== 'allow') return []
  if (floor.neverAllowEffects.includes('admin')) {
    const message =
      'This allows an action of effect admin, which `floor.never_allow_effects` never lets run by itself: it would ask instead. Remove the rule, or write who to ask.'
    return [about(rule, ['allow/admin-effect', message], { level: 'error' })]
  }
  const message =
    'This lets an action of effect admin run without asking anybody: ask somebody, or forbid it for all with `floor.never_allow_effects`.'
  return [about(rule, ['allow/admin-effect', message])]
}

function implicit(rule: Rule): readonly Finding[] {
  if (rule.inherits.length === 0) return []
  const message = `This rule is about an admin action and takes ${rule.inherits.map((name) => `\`${name}\``).join(' and ')} from the defaults: write it down here, where it is reviewed with the rule.`
  return [about(rule, ['defaults/implicit', message])]
}

/** The rule's own reminders each count; those of the defaults only when all of them come too late for the rule. */
function lateReminders(rule: Rule, { defaults, floor }: Bundle): readonly Finding[] {
  const { demand } = rule
  if (demand === null) return []
  // When working hours end depends on when something is asked.
  const own = demand.countsWorkingHours ? Number.POSITIVE_INFINITY : demand.expiresInSeconds
  const expiry = Math.min(own, floor.maxExpiresInSeconds ?? Number.POSITIVE_INFINITY)
  const late = demand.remindAfterSeconds.filter((after) => after >= expiry)
  const inherited = String(demand.remindAfterSeconds) === String(defaults.remindAfterSeconds)
  if (late.length === 0 || (inherited && late.length < demand.remindAfterSeconds.length)) return []
  const after = late.map(formatDuration).join(', ')
  const message = `${late.length > 1 ? 'Reminders' : 'A reminder'} after ${after} would come when the request has already expired (${formatDuration(expiry)}): make it earlier.`
  return [about(rule, ['notify/after-expiry', message])]
}

/** A sentence begins with a capital or a number, ends with a full stop, and has more than one word. */
function unreadable(rule: Rule): readonly Finding[] {
  const written = rule.description.trim()
  const isSentence = /^[\p{Lu}\p{N}"'“‘]/u.test(written) && /[.!?…]["'”’)]?$/.test(written)
  if (isSentence && written.split(/\s+/).length >= 2) return []
  const message =
    'An approver reads this on the card: write one sentence, with a capital and a full stop, that says why somebody has to agree.'
  return [about(rule, ['style/description', message])]
}
