import type { Defect } from './defect.ts'
import type { Seed } from './seed.ts'

/** Whose password is to be hidden. */
const user: Seed = { match: 'actions: [user.create]' }

/** What shows people all the same what the catalogue hides from them. */
export const sensitiveDefects: readonly Defect[] = [
  {
    code: 'sensitive/shown',
    what: 'a condition that reads what is to be hidden',
    seeds: [{ ...user, when: 'size(params.password) > 8' }],
    fixed: [{ ...user, when: 'size(params.name) > 8' }],
  },
  {
    code: 'sensitive/shown',
    what: 'an exception that reads it, where a rule that only observes does not show it',
    seeds: [{ ...user, unless: 'params.password == "x"' }],
    fixed: [
      { ...user, unless: 'params.password == "x"', more: '  mode: observe\n' },
      { ...user, id: 's.asks' },
    ],
  },
  {
    code: 'sensitive/shown',
    what: 'a secret that approvers have to type',
    seeds: [{ ...user, more: '  require: {confirm: {type: typed, value: params.password}}\n' }],
    fixed: [{ ...user, more: '  require: {confirm: {type: typed, value: params.name}}\n' }],
  },
]
