/**
 * Does work in which errors are values, and nobody looks at their stacks: writing one down takes ten times as long as the rest, and
 * a text that an agent sends can make a thousand.
 */
export function withoutStacks<T>(work: () => T): T {
  const usual = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return work()
  } finally {
    Error.stackTraceLimit = usual
  }
}
