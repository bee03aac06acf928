/**
 * Milliseconds of processor time that this process has used. For measuring what a piece of work costs: that other
 * processes keep the machine busy adds nothing to it.
 */
export function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
