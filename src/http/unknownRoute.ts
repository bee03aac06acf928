import { Refusal } from '../core/refusal.ts'
import { RefusalWithHeaders } from './refusalWithHeaders.ts'
import type { Route } from './route.ts'

/**
 * Why no route of the table answers a call: nothing is at that address, or it takes other methods, and then the answer
 * names them (RFC 9110, 15.5.6). Whoever answers GET answers HEAD.
 */
export function refusalOfUnknown(
  routes: readonly Pick<Route, 'method' | 'url'>[],
  { url }: { readonly url: string },
): Refusal {
  const segments = segmentsOf(url)
  const methods = routes
    .filter((route) => isAt(segmentsOf(route.url), segments))
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  if (methods.length === 0) return new Refusal('unknown_route', 'no such route')
  const allow = [...new Set(methods)].join(', ')
  return new RefusalWithHeaders('method_not_allowed', 'a route with other methods', { headers: { allow } })
}

function segmentsOf(url: string): readonly string[] {
  return (url.split('?', 1)[0] ?? '').split('/')
}

/** As the router reads it: `:id` is one segment, and not an empty one; `*`, at the end, is all that follows. */
function isAt(pattern: readonly string[], segments: readonly string[]): boolean {
  const isRest = pattern.at(-1) === '*'
  const steps = isRest ? pattern.slice(0, -1) : pattern
  return (
    (isRest ? segments.length >= pattern.length : pattern.length === segments.length) &&
    steps.every((step, nth) => (step.startsWith(':') ? segments[nth] !== '' : step === segments[nth]))
  )
}
