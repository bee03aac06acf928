import fc from 'fast-check'

/**
 * Property tests try the same cases each time, so that a green run stays green. To look for new counterexamples:
 * `FC_SEED=$RANDOM npm test`.
 */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_122) })

/**
 * How many cases of `all` a slow property tries: all of them where `FC_ALL` is set, as in `.ci/run`, else an eighth, so
 * that `npm test` stays quick.
 */
export function cases(all: number): number {
  return process.env.FC_ALL ? all : Math.ceil(all / 8)
}
