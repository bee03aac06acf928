import type { parse } from '@bufbuild/cel'

/**
 * `@bufbuild/cel`, pinned exactly and imported here and nowhere else, so that no other file depends on its names and another
 * engine can take its place.
 */
export {
  type CelFunc,
  CelScalar,
  celEnv,
  celFunc,
  celList,
  celMap,
  celMethod,
  isCelError,
  listType,
  parse,
  plan,
} from '@bufbuild/cel'

/** The engine's own tree. */
export type Expression = ReturnType<typeof parse>['expr']

/** What the parser tells beside the tree. */
export type Info = Pick<NonNullable<ReturnType<typeof parse>['sourceInfo']>, 'positions' | 'macroCalls'>
