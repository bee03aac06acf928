import { SendFault } from '../approvals/webhooks/outgoing.ts'

/** Codes of Node, OpenSSL and undici, in words. Their own messages may hold more of an address than its host. */
const words: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'no name server answered',
  ECONNREFUSED: 'it refused the connection',
  ECONNRESET: 'it closed the connection',
  ENETUNREACH: 'its network cannot be reached',
  EHOSTUNREACH: 'it cannot be reached',
  UND_ERR_SOCKET: 'it closed the connection',
  UND_ERR_CONNECT_TIMEOUT: 'it did not accept a connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  ETIMEDOUT: 'it did not accept a connection in time',
}

/** Anything that a call threw, as the reason why there was no answer. */
export function faultOf(error: unknown): SendFault {
  if (error instanceof SendFault) return error
  const cause = error instanceof Error && error.cause instanceof SendFault ? error.cause : null
  if (cause) return cause
  if (error instanceof Error && error.name === 'TimeoutError')
    return new SendFault('it did not answer in time')
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/CERT|TLS|SSL/.test(code)) return new SendFault(`its certificate is not accepted (${code})`)
  return new SendFault(
    words[code] ?? (code ? `it could not be reached (${code})` : 'it could not be reached'),
  )
}
