import type { TensorInfo } from '../bridge/index.js'
import { callerTypeError, wrongType } from '../errors.js'
import type { Arena } from './arena.js'
import { checkFeed } from './check-feed.js'
import type { CheckedFeed, Feeds } from './feed-types.js'

/**
 * Checks feeds against what the program declares, before anything is sent: names, dtype, rank, and that the elements are as many
 * as the shape says. Dimensions are paddle's to judge: a network exported at 224×224 may well take 318×318.
 *
 * @param arena The predictor's own: what was allocated there is fed where it lies.
 * @throws TypeError or RangeError; PaddleError DTYPE_UNSUPPORTED, TENSOR_CLOSED
 */
export function checkFeeds(inputs: readonly TensorInfo[], feeds: Feeds, arena?: Arena): CheckedFeed[] {
  if (typeof feeds !== 'object' || (feeds as unknown) === null) {
    throw wrongType('feeds', 'an object of tensors by input name', feeds)
  }
  for (const name of Object.keys(feeds)) {
    if (!inputs.some((input) => input.name === name)) throw unknownTensorError('input', name, inputs)
  }
  return inputs.map((input) => {
    const feed = feeds[input.name]
    if (feed === undefined) {
      throw callerTypeError(`Input \`${input.name}\` is missing: the model needs ${listed(inputs)}.`)
    }
    return checkFeed(input, feed, arena)
  })
}

/** The error for a name that the model does not have. */
export function unknownTensorError(
  kind: 'input' | 'output',
  name: string,
  infos: readonly TensorInfo[],
): TypeError {
  return callerTypeError(`No ${kind} \`${name}\`: the model's ${kind}s are ${listed(infos)}.`)
}

function listed(infos: readonly TensorInfo[]): string {
  return infos.map(({ name }) => `\`${name}\``).join(', ')
}
