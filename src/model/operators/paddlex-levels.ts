import { ConfigMismatch, UnsupportedConfig } from '../config-errors.js'
import { triple } from './operator.js'

/** The parameters of `Normalize` in PaddleX 1 and 2. */
export const normalizeParameters = {
  mean: triple.optional(),
  std: triple.optional(),
  min_val: triple.optional(),
  max_val: triple.optional(),
}

/** @throws UnsupportedConfig for images of more than 8 bits, ConfigMismatch for levels that are none */
export function checkLevels(min: readonly number[], max: readonly number[]): void {
  const deepest = Math.max(...max)
  if (deepest > 255)
    throw new UnsupportedConfig(
      `Normalize has a max_val of ${deepest}: the network takes images of more than 8 bits, which are not supported`,
    )
  if (max.some((value, channel) => value === min[channel]))
    throw new ConfigMismatch('Normalize has the same min_val and max_val')
}
