/** Whether a host of an address, as `URL` gives it, is this machine: then nothing that is sent there leaves it. */
export function isThisMachine(hostname: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}
