import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { duration, properties } from '../../policy/format/shape.ts'
import { endpointSchema, ofEveryTarget } from '../ofEveryTarget.ts'
import { permissionsSchema } from './permissions.ts'

/** GitHub gives nothing that lives shorter or longer. */
export const hourSeconds = 3_600

/** One target in the operator's file. */
export const githubSchema = properties({
  ...ofEveryTarget,
  issuer: z.literal('github'),
  endpoint: endpointSchema.optional(),
  app: z.string().regex(/^[A-Za-z0-9.]{1,64}$/, "must be the App's client ID, or its number in quotes"),
  private_key_file: z.string().refine(isAbsolute, 'must be the absolute path of a file'),
  installation: z.int().positive(),
  owner: z
    .string()
    .regex(
      /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})$/,
      'must be the organization or account that has the repositories',
    ),
  life: duration
    .refine((seconds) => seconds >= 60 && seconds <= hourSeconds, 'must be between 1m and 1h')
    .optional(),
  actions: permissionsSchema,
})

export type GitHubTarget = z.infer<typeof githubSchema>
