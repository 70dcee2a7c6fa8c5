import { readdirSync } from 'node:fs'

const mebibyte = 2 ** 20
const begun = performance.now()

/** The current counts and state. */
export function sample({ pools, sums, images, kills }) {
  const stats = pools.map((pool) => pool.stats())
  const add = (of) => stats.reduce((total, each) => total + of(each), 0)
  return {
    seconds: Math.round((performance.now() - begun) / 1000),
    runs: sums.answered,
    aborted: sums.aborted,
    'given up': sums.failed + images.putAside,
    images: images.answered,
    kills: kills.count,
    restarts: add(({ restarts }) => restarts),
    retries: add(({ retries }) => retries),
    renewed: add(({ recycled }) => recycled),
    'Node RSS MiB': Math.round(process.memoryUsage.rss() / mebibyte),
    'worker RSS MiB': Math.round(
      add(({ workers }) => workers.reduce((sum, { rssBytes = 0 }) => sum + rssBytes, 0)) / mebibyte,
    ),
    descriptors: readdirSync('/proc/self/fd').length,
  }
}

/** The samples as a Markdown table. */
export function rowsOf(samples) {
  const names = Object.keys(samples[0])
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [
    line(names),
    line(names.map(() => '---:')),
    ...samples.map((row) => line(names.map((name) => row[name]))),
  ].join('\n')
}

/** Allowed growth of fluctuating values from the second to the last third of the samples. */
const allowed = { 'Node RSS MiB': 32, descriptors: 4 }

/**
 * The values that grew: compares the median of the last third of the samples with that of the second; the
 * first is the warm-up.
 */
export function growthIn(samples) {
  const third = Math.floor(samples.length / 3)
  return Object.entries(allowed).flatMap(([name, most]) => {
    const [middle, last] = [samples.slice(third, 2 * third), samples.slice(-third)].map((part) =>
      median(part, name),
    )
    return last - middle > most ? [`${name} grew from ${middle} to ${last}`] : []
  })
}

function median(samples, name) {
  const sorted = samples.map((row) => row[name]).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
