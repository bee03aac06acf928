import { type Defect, owner, two } from './defect.ts'
import type { Seed } from './seed.ts'

const wide: Seed = { id: 'a.wide', when: 'params.rows > 10', more: owner }

/** Rules that can never apply, or never change an outcome. */
export const logicDefects: readonly Defect[] = [
  {
    code: 'rule/contradiction',
    what: 'a number in no interval',
    seeds: [{ when: 'params.rows > 3 && params.rows < 2' }],
    fixed: [{ when: 'params.rows > 1 && params.rows < 3' }],
  },
  {
    code: 'rule/dead-allow',
    what: 'beside a wider rule that asks',
    seeds: [wide, { verdict: 'allow', when: 'params.rows >= 20 && params.rows <= 30' }],
    fixed: [wide, { verdict: 'allow', when: 'params.rows >= 10 && params.rows <= 30' }],
  },
  {
    code: 'rule/shadowed',
    what: 'beside a wider denial',
    seeds: [{ ...wide, verdict: 'deny', more: '' }, { when: 'params.rows in [11, 12]' }],
    fixed: [{ ...wide, verdict: 'deny', more: '' }, { when: 'params.rows in [10, 11]' }],
  },
  {
    code: 'rule/shadowed',
    what: 'beside a denial that is wider because two parameters are equal',
    seeds: [
      { id: 'a.deny', when: 'params.other == "x"', verdict: 'deny' },
      { when: 'params.table == params.other && params.table == "x"' },
    ],
    fixed: [
      { id: 'a.deny', when: 'params.other == "x"', verdict: 'deny' },
      { when: 'params.table != params.other && params.table == "x"' },
    ],
  },
  {
    code: 'rule/shadowed',
    what: 'beside a denial that follows from how two numbers stand to each other',
    seeds: [
      { id: 'a.deny', when: 'params.rows >= params.low', verdict: 'deny' },
      { when: 'params.rows > 10 && params.low <= 10' },
    ],
    fixed: [
      { id: 'a.deny', when: 'params.rows >= params.low', verdict: 'deny' },
      { when: 'params.rows > 10 && params.low <= 12' },
    ],
  },
  {
    code: 'rule/redundant',
    what: 'beside a wider rule that asks the same',
    seeds: [wide, { when: 'params.rows > 10 && params.table == "x"', more: owner }],
    fixed: [wide, { when: 'params.rows > 10 && params.table == "x"', more: two }],
  },
  {
    code: 'rule/redundant',
    what: 'the same rule twice: one of the two',
    seeds: [
      { ...wide, id: 'a.first' },
      { ...wide, id: 's.seed' },
    ],
    fixed: [
      { ...wide, id: 'a.first' },
      { ...wide, id: 's.seed', when: 'params.table == "x"' },
    ],
  },
  {
    code: 'rule/unreached',
    what: 'arithmetic that comes to nothing',
    seeds: [{ when: 'params.rows * 0 > 1' }],
    fixed: [{ when: 'params.rows * 2 > 1' }],
  },
  {
    code: 'rule/never-decisive',
    what: 'an allow beside two rules that ask and leave nothing between them',
    seeds: [
      { id: 'a.low', when: 'params.rows < 10' },
      { id: 'a.high', when: 'params.rows >= 10' },
      { verdict: 'allow', when: 'params.table == "x"' },
    ],
    fixed: [
      { id: 'a.low', when: 'params.rows < 10' },
      { id: 'a.high', when: 'params.rows > 10' },
      { verdict: 'allow', when: 'params.table == "x"' },
    ],
  },
  {
    code: 'lint/bounded',
    what: 'more than there are steps for',
    rule: null,
    seeds: [wide],
    options: { steps: 10 },
    fixed: [wide],
    fixedOptions: {},
  },
]
