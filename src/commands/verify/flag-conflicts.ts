import { wording } from '../../wording.js'
import type { Checked } from '../command.js'
import { predictorFlagsTogether } from '../flags/predictor-flags.js'
import { checkTaskFlags } from '../flags/task-conflicts.js'
import { tryExample } from '../images/example-images.js'
import { modelAmongImages } from '../images/model-among-images.js'
import type { GivenArguments } from './arguments.js'

/** Checks valid flags for conflicts. @returns the message of a conflict, or `true` */
export async function checkVerifyFlags(args: GivenArguments): Promise<Checked> {
  const { imgPath } = args
  if (!imgPath)
    return wording`No images to compare: name them (paddle-ts verify PATH…), or set ${{ flag: 'img-path' }}.${tryExample('verify')}`
  if (imgPath.length === 0 || imgPath.includes(''))
    return wording`Expected a path for ${{ flag: 'img-path' }}.${tryExample('verify')}`
  const model = modelAmongImages(imgPath)
  if (model !== undefined) return model
  const together = await predictorFlagsTogether(args)
  return together === true ? checkTaskFlags(args) : together
}
