import type { ReadOptions } from '../image/index.js'

/** Those of the options that say how images are read. */
export function readOptionsOf({ autoOrient, maxPixels, exact }: ReadOptions): ReadOptions {
  return { autoOrient, maxPixels, exact }
}
