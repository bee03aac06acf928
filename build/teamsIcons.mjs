// Draws the icons of the Teams app into deploy/teams: two ticks, the second a human's. Teams wants 192×192 in colour without transparency,
// and 32×32 in white on nothing.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { crc32, deflateSync } from 'node:zlib'

const folder = new URL('../deploy/teams/', import.meta.url)
const white = [255, 255, 255]
const ground = [27, 77, 137]
const pale = [143, 179, 219]

/** In a square of one by one. */
const first = [
  [0.14, 0.52],
  [0.31, 0.69],
  [0.6, 0.34],
]
const second = [
  [0.4, 0.6],
  [0.52, 0.72],
  [0.86, 0.31],
]

write('color.png', 192, (x, y) => {
  const under = mix(ground, pale, stroke(first, x, y, { half: 0.045, pixel: 1 / 192 }))
  return [...mix(under, white, stroke(second, x, y, { half: 0.055, pixel: 1 / 192 })), 255]
})
write('outline.png', 32, (x, y) => {
  const there = Math.max(
    stroke(first, x, y, { half: 0.035, pixel: 1 / 32 }),
    stroke(second, x, y, { half: 0.05, pixel: 1 / 32 }),
  )
  return [...white, Math.round(255 * there)]
})

/** How much of a point, from 0 to 1, lies within `half` of a line. */
function stroke(points, x, y, { half, pixel }) {
  const distances = points.slice(1).map((to, at) => toSegment(points[at], to, [x, y]))
  return Math.min(1, Math.max(0, (half - Math.min(...distances)) / pixel + 0.5))
}

function toSegment([ax, ay], [bx, by], [x, y]) {
  const [dx, dy] = [bx - ax, by - ay]
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
  return Math.hypot(x - ax - along * dx, y - ay - along * dy)
}

function mix(from, to, share) {
  return from.map((part, at) => Math.round(part + (to[at] - part) * share))
}

/** A PNG with eight bits of red, green, blue and opacity a pixel. */
function write(name, size, colorAt) {
  const rows = Array.from({ length: size }, (_, row) =>
    Buffer.from([
      0,
      ...Array.from({ length: size }, (_, column) =>
        colorAt((column + 0.5) / size, (row + 0.5) / size),
      ).flat(),
    ]),
  )
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const png = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
  writeFileSync(fileURLToPath(new URL(name, folder)), png)
}

function chunk(type, content) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
