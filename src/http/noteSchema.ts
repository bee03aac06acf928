import { z } from 'zod'
import type { AgentAnswer } from '../approvals/notes/answerAsAgent.ts'
import type { Json } from '../core/json.ts'
import { shaped } from './body.ts'
import { prose } from './submissionSchema.ts'

/** What an agent answers to a note (docs/api.md#notes). Strict, as what is asked. */
export const noteSchema = z
  .strictObject({
    to: z
      .string()
      .regex(/^note_[0-9a-z]{26}$/, 'This must be the id of a note.')
      .describe('The note that it answers.'),
    text: prose(3_000).describe('In your own words. Shown to people as not checked.'),
  })
  .meta({ id: 'NoteAnswer' })

/** @throws Refusal `invalid_request` */
export function parseNote(body: Json): Pick<AgentAnswer, 'to' | 'text'> {
  return shaped(noteSchema, body)
}
