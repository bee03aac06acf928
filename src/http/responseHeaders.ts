/** Every header of an answer that a caller may go by, as openapi.json describes it. */
export const responseHeaders = {
  'x-request-id': "The id of this call in the server's log",
  location: 'Where the request is',
  etag: 'Changes with every change of the request and of the place in the ledger that is shown with it, and never otherwise',
  'retry-after': 'Seconds after which to look, or to try, again',
  'ratelimit-policy': 'What this agent may do: `q` calls at once, and all of them again after `w` seconds',
  ratelimit: '`r` calls are left; one more after `t` seconds',
  'preference-applied': '`wait=N`, when the call could wait',
  'x-accel-buffering': '`no`: a proxy passes on each event as it comes',
  'www-authenticate': 'What proves who you are',
  accept: 'The media type that is accepted, when another one was sent',
  'accept-encoding': 'The content coding that is accepted, when another one was sent',
} as const

export type HeaderName = keyof typeof responseHeaders
