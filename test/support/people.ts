import type { CurrentPerson } from '../../src/core/identity.ts'
import type { ActionRequest, CurrentRequest } from '../../src/core/request.ts'

/** Somebody made up for a test, of today: nobody has turned out to be somebody else. */
export function personOfToday(id: string): CurrentPerson {
  return id as CurrentPerson
}

/** The same of everybody in a request. */
export function requestOfToday(request: ActionRequest): CurrentRequest {
  return { ...request, renamed: new Map() } as unknown as CurrentRequest
}
