import { type Attributes, context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { Refusal } from '../core/refusal.ts'

/** What a span says besides its times and its parent. */
export interface SpanAbout {
  /** One of few: a route's template, a verb, a task, a method of Slack's. Never made of what somebody sent. */
  readonly name: string
  readonly kind?: keyof typeof kinds
  /** Ids of ours and words of our own; never an argument, a text, or the id of a person. */
  readonly facts?: Attributes
  /** Headers of the call that this answers: its trace goes on here when they name one (W3C Trace Context). */
  readonly caller?: { readonly traceparent?: unknown; readonly tracestate?: unknown }
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const

/** Adds what is only known later. */
export type Note = (facts: Attributes) => void

/**
 * Does the work inside a span. Without an SDK, which the operator starts or not (docs/metrics.md), there is none, and
 * this costs next to nothing. What is thrown is named by its code or its class: its message may hold what somebody sent.
 */
export function inSpan<T>(about: SpanAbout, work: (note: Note) => Promise<T>): Promise<T> {
  const { name, kind = 'internal', facts = {}, caller } = about
  const tracer = trace.getTracer('countersign')
  const parent = caller ? callersContext(caller) : context.active()
  return tracer.startActiveSpan(name, { kind: kinds[kind], attributes: facts }, parent, async (span) => {
    try {
      return await work((more) => void span.setAttributes(more))
    } catch (thrown) {
      span.setAttribute('error.type', nameOf(thrown))
      if (isFault(thrown)) span.setStatus({ code: SpanStatusCode.ERROR })
      throw thrown
    } finally {
      span.end()
    }
  })
}

/** Only where the trace comes from: what else callers may want to hand on (`baggage`) is not taken over. */
function callersContext({ traceparent, tracestate }: NonNullable<SpanAbout['caller']>) {
  return propagation.extract(context.active(), { traceparent, tracestate })
}

function nameOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown'
  return 'code' in thrown && /^\w{1,40}$/.test(String(thrown.code)) ? String(thrown.code) : thrown.name
}

/** A refusal is an answer, except where it says that we could not answer. */
function isFault(thrown: unknown): boolean {
  return !(thrown instanceof Refusal) || thrown.kind === 'unavailable'
}
