import { extname } from 'node:path'
import { predictorFlagsTogether } from '../predictor-flags.js'
import { fitSizes } from '../infer/fit-sizes.js'
import type { BenchmarkArguments } from './arguments.js'
import { listed } from './list-flags.js'

/** What is wrong with flags that are right each by itself: the message, or `true`. */
export async function wrongTogether(args: BenchmarkArguments): Promise<true | string> {
  const { modelDir, imgPath, shape, resizeSize, cropSize, duration, runs, output, report } = args
  if (imgPath && (imgPath.length === 0 || imgPath.includes(''))) return 'Expected a path for --img-path.'
  if (imgPath && shape) return '--shape and --img-path contradict each other: images have the network’s size.'
  if (!imgPath && resizeSize !== undefined) return '--resize-size needs --img-path.'
  if (!imgPath && cropSize !== undefined) return '--crop-size needs --img-path.'
  if (duration !== undefined && runs !== undefined) {
    return '--duration and --runs contradict each other: give one of them.'
  }
  if (output !== undefined && extname(output) !== '.json')
    return `Expected FILE.json for --output, got ${output}.`
  if (report !== undefined && extname(report) !== '.html')
    return `Expected FILE.html for --report, got ${report}.`
  for (const precision of args.precision ?? ['fp32']) {
    const together = await predictorFlagsTogether({ ...args, ...listed, precision })
    if (together !== true) return together
  }
  return imgPath ? fitSizes(modelDir, { resizeSize, cropSize }) : true
}
