import type { Leaves, Scalar } from './leaves.ts'

/** One way in which an action is not like what people approved before. What it says is of this action alone. */
export interface Difference {
  readonly kind: DifferenceKind
  /** As in `leavesOf`, without `params.`. */
  readonly path: string
  readonly value: Scalar
}

/** In the order in which they are said: what is most easily overlooked first. */
export const differenceKinds = [
  /** Looks like a name that is known, and is another. */
  'lookalike',
  /** Another content under the same name: `app:1.4@sha256:…`. */
  'content',
  /** All of something, where only a part was approved. */
  'wildcard',
  /** More than was ever approved; none or hardly any. */
  'more',
  'less',
  /** From when to when is longer. Its value is whole days. */
  'wider',
  /** One more in a list; a list that is longer, with its length; one less where being listed protects. */
  'added',
  'longer',
  'dropped',
  /** What every approved one said is left out. */
  'gone',
  /** A value that nobody approved. */
  'new',
  /** The same of a name within a text that is another one each time. */
  'name',
] as const
export type DifferenceKind = (typeof differenceKinds)[number]

/** What is looked at of one action. */
export interface Looked {
  readonly leaves: Leaves
  readonly askedAt: number
}
