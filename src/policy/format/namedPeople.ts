import { z } from 'zod'
import { person } from './demandSchema.ts'

/** People of the directory who may do something that nobody else may. `leftOut`: who may where the line is not there. */
export function namedPeople(leftOut: string) {
  return z
    .array(person)
    .min(1, `must name somebody, or be left out: then ${leftOut}`)
    .max(10, 'must name at most 10 sources')
    .refine((names) => new Set(names).size === names.length, 'names the same twice')
}
