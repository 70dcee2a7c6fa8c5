import { predictorFlagsTogether } from '../predictor-flags.js'
import { isAnswerFile, isJsonFile } from './file-formats.js'
import { defaults, type GivenArguments } from './arguments.js'
import { fitSizes } from './fit-sizes.js'

/** What is wrong with flags that are right each by itself: the message, or `true`. */
export async function wrongTogether(args: GivenArguments): Promise<true | string> {
  const { modelDir, imgPath, batchSize, maxBatchSize, resizeSize, cropSize, json, output, resume } = {
    ...defaults,
    ...args,
  }
  if (imgPath.length === 0 || imgPath.includes('')) return 'Expected a path for --img-path.'
  if (batchSize !== undefined && batchSize > maxBatchSize)
    return `--batch-size ${batchSize} is above --max-batch-size ${maxBatchSize}.`
  if (output !== undefined && !isAnswerFile(output))
    return `Expected FILE.jsonl or FILE.csv for --output, got ${output}.`
  if (json && output !== undefined && !isJsonFile(output))
    return `--json and --output ${output} contradict each other: the answers go there as CSV.`
  if (resume && (output === undefined || !isJsonFile(output)))
    return `--resume needs --output FILE.jsonl${output === undefined ? '.' : `, got ${output}.`}`
  const together = await predictorFlagsTogether(args)
  if (together !== true) return together
  return fitSizes(modelDir, { resizeSize, cropSize })
}
