import fc from 'fast-check'

/**
 * Property tests try the same cases each time, so that a green run stays green. To look for new counterexamples:
 * `FC_SEED=$RANDOM npm test`.
 */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_122) })
