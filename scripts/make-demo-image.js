// Draws images/demo.jpg: a lighthouse by the sea. It needs no third-party photograph.
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const width = 650
const height = 647
const horizon = 400

/** Seeded random numbers, so that the image is always the same. */
function randomNumbers(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const random = randomNumbers(7)
const between = (low, high) => low + (high - low) * random()

function clouds() {
  return Array.from({ length: 26 }, () => {
    const [x, y] = [between(-40, width), between(40, 210)]
    return `<ellipse cx="${x}" cy="${y}" rx="${between(30, 95)}" ry="${between(5, 16)}" fill="#fff4e6" opacity="${between(0.12, 0.4)}"/>`
  }).join('')
}

function waves() {
  return Array.from({ length: 240 }, () => {
    const depth = random() ** 1.6
    const y = horizon + 6 + depth * (height - horizon)
    const [x, length] = [between(-60, width), between(14, 40) * (0.5 + 2 * depth)]
    const colour = random() < 0.4 ? '#ffd9a0' : '#0c3350'
    return `<path d="M${x} ${y} q${length / 2} ${-3 - 6 * depth} ${length} 0" stroke="${colour}" stroke-width="${1 + 2.4 * depth}" fill="none" opacity="${between(0.15, 0.5)}"/>`
  }).join('')
}

function rocks() {
  return Array.from({ length: 46 }, () => {
    const [x, y, size] = [between(395, 660), between(415, 520), between(14, 44)]
    const shade = Math.round(between(38, 84))
    return `<path d="M${x} ${y} l${size * 0.3} ${-size * 0.6} l${size * 0.5} ${size * 0.1} l${size * 0.35} ${size * 0.6} l${-size * 0.6} ${size * 0.3} z" fill="rgb(${shade},${shade - 8},${shade - 2})"/>`
  }).join('')
}

const tower = { x: 520, top: 150, bottom: 425, topWidth: 44, bottomWidth: 76 }
const towerPath = `M${tower.x - tower.topWidth / 2} ${tower.top} H${tower.x + tower.topWidth / 2} L${tower.x + tower.bottomWidth / 2} ${tower.bottom} H${tower.x - tower.bottomWidth / 2} Z`
const bands = [0, 1, 2]
  .map((band) => `<rect x="470" y="${192 + 84 * band}" width="100" height="40" fill="#b3261e"/>`)
  .join('')

const scene = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
  <defs>
    <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#2f4b7c"/><stop offset=".45" stop-color="#a06a8c"/>
      <stop offset=".8" stop-color="#f2a365"/><stop offset="1" stop-color="#ffe0a3"/>
    </linearGradient>
    <linearGradient id="sea" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#e8a56c"/><stop offset=".18" stop-color="#5f7f96"/><stop offset="1" stop-color="#0b2c46"/>
    </linearGradient>
    <radialGradient id="sun"><stop offset="0" stop-color="#fffbe6"/><stop offset=".25" stop-color="#ffe9a8"/><stop offset="1" stop-color="#ffb35c" stop-opacity="0"/></radialGradient>
    <linearGradient id="beam"><stop offset="0" stop-color="#fff6c8" stop-opacity="0"/><stop offset="1" stop-color="#fff6c8" stop-opacity=".7"/></linearGradient>
    <linearGradient id="round"><stop offset="0" stop-color="#fff" stop-opacity=".35"/><stop offset=".4" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#101828" stop-opacity=".6"/></linearGradient>
    <filter id="soft"><feGaussianBlur stdDeviation="5"/></filter>
    <clipPath id="in-tower"><path d="${towerPath}"/></clipPath>
  </defs>
  <rect width="${width}" height="${horizon}" fill="url(#sky)"/>
  <circle cx="190" cy="370" r="150" fill="url(#sun)"/><circle cx="190" cy="368" r="30" fill="#fff8dc"/>
  <g filter="url(#soft)">${clouds()}</g>
  <path d="M0 ${horizon} L60 372 L120 388 L200 ${horizon} Z" fill="#6b5a75" opacity=".75"/>
  <rect y="${horizon}" width="${width}" height="${height - horizon}" fill="url(#sea)"/>
  <path d="M150 ${horizon} L230 ${horizon} L330 ${height} L60 ${height} Z" fill="#ffe2a0" opacity=".22" filter="url(#soft)"/>
  ${waves()}
  <path d="M380 520 Q420 430 470 420 L580 415 Q640 420 660 410 V540 Q520 505 380 520 Z" fill="#3b3640"/>${rocks()}
  <path d="M${tower.x - 12} 132 L0 40 L0 118 Z" fill="url(#beam)"/>
  <path d="${towerPath}" fill="#f6f1e7"/><g clip-path="url(#in-tower)">${bands}<path d="${towerPath}" fill="url(#round)"/></g>
  ${[225, 305, 385].map((y) => `<rect x="515" y="${y}" width="11" height="18" rx="5" fill="#26303f"/>`).join('')}
  <rect x="488" y="142" width="64" height="9" fill="#2b2f3a"/><rect x="503" y="112" width="34" height="32" fill="#fff3b0"/>
  <path d="M503 112 v32 M512 112 v32 M528 112 v32 M537 112 v32" stroke="#2b2f3a" stroke-width="3"/>
  <path d="M496 113 L520 84 L544 113 Z" fill="#8c1c15"/><circle cx="520" cy="82" r="4" fill="#2b2f3a"/>
  <path d="M566 428 v-42 l27 -20 l27 20 v42 z" fill="#e9dfcf"/><path d="M560 389 l33 -27 l33 27 z" fill="#8c3a2b"/><rect x="586" y="400" width="13" height="27" fill="#4b3526"/>
  <g transform="translate(96 470)">
    <path d="M0 40 H150 Q138 74 112 74 H36 Q10 70 0 40 Z" fill="#7a2f1d"/><path d="M0 40 H150 L147 49 H4 Z" fill="#f3e9d2"/>
    <path d="M72 40 V-96" stroke="#4a3424" stroke-width="5"/><path d="M78 -92 Q140 -30 142 30 H78 Z" fill="#fbf6ea"/><path d="M66 -80 Q24 -20 10 30 H66 Z" fill="#e7d9bd"/>
    <path d="M12 78 q30 9 60 0 t66 0" stroke="#fff3da" stroke-width="3" fill="none" opacity=".6"/>
  </g>
  <path d="M250 150 q9 -10 17 0 q9 -10 17 0 M300 122 q7 -8 13 0 q7 -8 13 0 M222 112 q6 -7 11 0 q6 -7 11 0" stroke="#2c2a38" stroke-width="2.4" fill="none"/>
</svg>`

/** Film grain, which drawn surfaces lack. */
function grain() {
  const noise = randomNumbers(11)
  return Buffer.from(
    Array.from({ length: width * height }, () => 128 + 26 * (noise() + noise() + noise() - 1.5)),
  )
}

const file = fileURLToPath(new URL('../images/demo.jpg', import.meta.url))
const grained = await sharp(grain(), { raw: { width, height, channels: 1 } })
  .png()
  .toBuffer()
await sharp(Buffer.from(scene))
  .composite([{ input: grained, blend: 'soft-light' }])
  .flatten()
  .jpeg({ quality: 85 })
  .toFile(file)
