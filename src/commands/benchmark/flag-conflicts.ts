import { extname } from 'node:path'
import { wording } from '../../wording.js'
import type { Checked } from '../command.js'
import { predictorFlagsTogether } from '../flags/predictor-flags.js'
import { checkTaskFlags } from '../flags/task-conflicts.js'
import { imageFlags } from '../flags/task-flags.js'
import { tryExample } from '../images/example-images.js'
import { modelAmongImages } from '../images/model-among-images.js'
import type { BenchmarkArguments } from './arguments.js'
import { listed } from './list-flags.js'

/** Checks valid flags for conflicts. @returns the message of a conflict, or `true` */
export async function checkBenchmarkFlags(
  args: Omit<BenchmarkArguments, 'modelDir'> & Partial<BenchmarkArguments>,
): Promise<Checked> {
  const { imgPath, recursive, shape, duration, runs, output, report } = args
  if (imgPath && (imgPath.length === 0 || imgPath.includes('')))
    return wording`Expected a path for ${{ flag: 'img-path' }}.${tryExample('benchmark')}`
  const model = modelAmongImages(imgPath ?? [])
  if (model !== undefined) return model
  if (imgPath && shape)
    return wording`${{ flag: 'shape' }} and ${{ flag: 'img-path' }} are mutually exclusive: images have the network’s size.`
  // A flag with a default may come from a file of defaults for all commands.
  const [ofImages] = Object.entries(imageFlags)
    .filter(([name, { usual }]) => name in args && usual === undefined)
    .map(([name]) => name)
  const needsImages = ofImages ?? (recursive ? 'recursive' : undefined)
  if (!imgPath && needsImages !== undefined)
    return wording`${{ flag: needsImages }} requires ${{ flag: 'img-path' }}.${tryExample('benchmark')}`
  if (duration !== undefined && runs !== undefined) {
    return wording`${{ flag: 'duration' }} and ${{ flag: 'runs' }} are mutually exclusive: use one of them.`
  }
  if (output !== undefined && extname(output) !== '.json')
    return wording`Expected FILE.json for ${{ flag: 'output' }}, got ${output}.`
  if (report !== undefined && extname(report) !== '.html')
    return wording`Expected FILE.html for ${{ flag: 'report' }}, got ${report}.`
  for (const precision of args.precision ?? ['fp32']) {
    const together = await predictorFlagsTogether({ ...args, ...listed, precision })
    if (together !== true) return together
  }
  return imgPath || args.task ? checkTaskFlags({ ...args, warmup: 0 }) : true
}
