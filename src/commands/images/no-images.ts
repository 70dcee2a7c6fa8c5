import { PaddleError } from '../../errors.js'
import { counted } from '../../wording.js'
import { isFolder } from '../is-folder.js'
import { imageExtensions } from './image-names.js'
import { hasImagesBelow } from './list-folder.js'
import { baseOf, countFolders } from './match-pattern.js'
import { describeSkipped, type Skipped } from './skipped-files.js'

const looked = `Images are files whose names end in ${imageExtensions}.`

/** The error for a folder without images. */
export async function noImageInFolder(folder: string, skipped: Readonly<Skipped>): Promise<PaddleError> {
  const contents = describeSkipped(skipped)
  if (contents === '')
    return noImage(`There is no image in ${folder}: it contains no files.`, 'Use another folder.')
  const what = `There is no image in ${folder}, only ${contents}.\n${looked}`
  const isBelow = skipped.subfolders > 0 && (await hasImagesBelow(folder))
  return noImage(
    what,
    isBelow
      ? 'Add --recursive for the images in subfolders.'
      : 'Use another folder, or the paths of the files.',
  )
}

/** The error for a pattern that matches no image. */
export async function noImageMatches(pattern: string, skipped: Readonly<Skipped>): Promise<PaddleError> {
  const contents = describeSkipped(skipped)
  if (contents !== '') {
    const what = `No image matches ${pattern}, only ${contents}.\n${looked}`
    return noImage(what, 'Use another pattern, or the paths of the files.')
  }
  const base = baseOf(pattern)
  if (!(await isFolder(base)))
    return noImage(`No file matches ${pattern}: there is no folder ${base}.`, 'Check the path.')
  const folders = await countFolders(pattern)
  if (folders > 0) {
    const inside = `${pattern.replace(/\/+$/, '')}/*`
    return noImage(
      `No file matches ${pattern}, only ${counted(folders, 'folder')}.`,
      `For the files in ${folders === 1 ? 'it' : 'them'}, use '${inside}'.`,
    )
  }
  return noImage(`No file matches ${pattern}.`, 'Check the pattern. It distinguishes upper and lower case.')
}

function noImage(what: string, advice: string): PaddleError {
  return new PaddleError('IMAGE_NOT_FOUND', what, { advice })
}
