// Writes the keys that Countersign publishes as 1.pem, 2.pem and 3.pem, for HAProxy, which reads no JWKS:
//   node haproxy-keys.mjs https://countersign.acme.com /etc/haproxy/countersign | grep -q changed && systemctl reload haproxy
// Run it every hour: the next key is published for a day before it signs. Reload only when something has changed, because a reload
// forgets which grants were used.
import { createPublicKey } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [, , countersign = '', folder = ''] = process.argv
const reply = await fetch(`${countersign}/.well-known/jwks.json`)
if (!reply.ok) throw new Error(`the keys were answered with ${reply.status}`)
const { keys } = await reply.json()
if (keys.length === 0) throw new Error('no key is published')
// The newest three: one that has just been retired, the one that signs, and the next. Where there are fewer, one stands twice.
const newest = keys.slice(-3)
for (const nth of [0, 1, 2]) {
  const key = createPublicKey({ key: newest[nth] ?? newest[0], format: 'jwk' })
  const [file, pem] = [join(folder, `${nth + 1}.pem`), key.export({ type: 'spki', format: 'pem' })]
  if (existsSync(file) && readFileSync(file, 'utf8') === pem) continue
  writeFileSync(file, pem)
  console.log(`${file} changed`)
}
