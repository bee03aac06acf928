/**
 * Kubernetes sets these in each container for every Service of its namespace, as Docker's links did before: of a Service
 * called `countersign`, COUNTERSIGN_SERVICE_HOST and COUNTERSIGN_PORT=tcp://10.0.0.9:3000 are two
 * (https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables).
 */
export function isOfService(key: string, value: string): boolean {
  return (
    /_SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?$/.test(key) ||
    /_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(key) ||
    (/_PORT$/.test(key) && /^(tcp|udp|sctp):\/\//.test(value))
  )
}
