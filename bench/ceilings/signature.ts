import { CompactSign, generateKeyPair } from 'jose'

/** About as long as the claims of a grant. */
const claims = Buffer.from(JSON.stringify({ claims: 'x'.repeat(1_000) }))

/** How many are made at once, as by so many agents. */
const atOnce = 50

/** Milliseconds of processor time of one RS256 signature with a key of 2048 bits, threads included. Nothing else runs here meanwhile. */
export async function signatureCost(rounds = 20): Promise<number> {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2_048 })
  const some = () =>
    Promise.all(
      Array.from({ length: atOnce }, () =>
        new CompactSign(claims).setProtectedHeader({ alg: 'RS256' }).sign(privateKey),
      ),
    )
  await some()
  const before = process.cpuUsage()
  for (let round = 0; round < rounds; round += 1) await some()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000 / (rounds * atOnce)
}
