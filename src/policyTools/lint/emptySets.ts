import type { Bundle } from '../../policy/bundle.ts'
import { entriesOf } from '../../policy/resources.ts'
import { type Finding, lintCodes } from './finding.ts'
import type { Members } from './unsatisfiable.ts'

/**
 * Names of the directory that stand for nobody now, where something goes by them: a leg, an escalation, an emergency path,
 * the owner of a resource, whoever may stop an agent, the auditors, whoever may let the ledger go on from a backup. Whatever waits for them waits for nobody.
 */
export function emptySets(bundle: Bundle, members: Members): readonly Finding[] {
  return namesInUse(bundle).flatMap((name): readonly Finding[] => {
    const source = bundle.people.get(name)
    if (source === undefined || members(source)?.length !== 0) return []
    const fix =
      source.kind === 'group'
        ? 'it is empty or disabled, or holds only guests, bots, and accounts that are deactivated or linked to nobody: add people there, or name another'
        : 'the account is deactivated, a guest or a bot, or linked to nobody: name somebody else'
    return [
      {
        level: lintCodes['directory/nobody'].level,
        code: 'directory/nobody',
        file: 'bundle.yaml',
        line: 1,
        column: 1,
        rule: null,
        message: `"${name}" stands for nobody now: ${fix}.`,
        excerpt: null,
      },
    ]
  })
}

/** Every name that stands for people and that the bundle uses, sorted. */
export function namesInUse({
  rules,
  defaults,
  inventory,
  people,
  stop,
  auditors,
  restorers,
  registrars,
}: Bundle): readonly string[] {
  const demands = [defaults, ...rules.flatMap(({ demand }) => demand ?? [])]
  const names = new Set([
    ...demands.flatMap(({ legs, escalate }) => [
      ...legs.flatMap(({ from }) => from),
      ...escalate.map(({ to }) => to),
    ]),
    ...rules.flatMap(({ breakGlass }) => breakGlass?.who ?? []),
    ...entriesOf(inventory).flatMap(({ owner }) => owner ?? []),
    ...stop.who,
    ...auditors,
    ...restorers,
    ...registrars,
  ])
  return [...names].filter((name) => people.has(name)).sort()
}
