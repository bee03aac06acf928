import { answerNote } from './answerNote.ts'
import { flooded, notNow, refuses, shows, stranger, unreadable, unwritten } from './answers.ts'
import { noteExamples } from './examples.ts'
import { noteSchema } from './noteSchema.ts'
import type { Route } from './route.ts'

/** What an agent answers to what people say about its request (docs/api.md#notes). */
export const noteRoutes: readonly Route[] = [
  {
    operationId: 'answerNote',
    method: 'POST',
    url: '/v1/requests/:id/notes',
    credentials: 'agent',
    limit: 'otherCalls',
    run: answerNote,
    says: 'Answer what somebody asked about a request',
    takes: { body: noteSchema, examples: noteExamples },
    answers: {
      200: shows('The same was answered before', { like: ['noted'], headers: ['retry-after'] }),
      201: shows('The answer stands on the card', { like: ['noted'], headers: ['retry-after'] }),
      ...unreadable,
      400: refuses('The body does not fit, or says nothing', [
        'invalid_request',
        'invalid_json',
        'ambiguous_json',
        'too_deep',
        'reason_needed',
      ]),
      ...stranger,
      404: refuses('No such request of this agent, or no such note on it', [
        'unknown_request',
        'unknown_note',
      ]),
      409: refuses('It does not wait any more, or that note was answered', [
        'wrong_state',
        'already_answered',
      ]),
      ...flooded,
      ...unwritten,
      ...notNow('busy'),
    },
  },
]
