import { isCallerError, PaddleError } from '../errors.js'
import type { ImageSource } from '../image/index.js'
import { checkOneImage, imagesIn, type ImageSources } from './image-input/sources.js'
import { LoadedTask } from './loaded-task.js'
import type { BatchOptions, OneOptions } from './options.js'

/** A loaded task whose inputs are images and whose values are the fields of an image's result. */
export abstract class ImageTask<
  Ready,
  Fields extends object,
  Options extends BatchOptions,
> extends LoadedTask<ImageSource, Ready, Fields, Options> {
  /** Resolves when the model is loaded. @throws as `load` */
  async ready(): Promise<void> {
    await this.loaded()
  }

  /** Yields the result of each image, in input order. */
  protected async *answers<Source extends ImageSource>(images: ImageSources<Source>, options: Options) {
    for await (const { input, value, error } of this.results(imagesIn(images), options)) {
      const image = input as Source
      if (!error) yield { image, ...value }
      else yield { image, error: asFailure(error) }
    }
  }

  /**
   * Returns the result of one image.
   *
   * @param method - the method of the caller and the one that takes several images, for messages
   */
  protected async answer<Source extends ImageSource>(
    image: Source,
    options: OneOptions<Options>,
    method: { readonly one: string; readonly several: string },
  ) {
    checkOneImage(image, method)
    return { image, ...(await this.resultOf(image, options)) }
  }
}

/** The error of a value that is no image, in its place in a list. @throws any other error, which is a bug */
function asFailure(error: Error): PaddleError {
  if (error instanceof PaddleError) return error
  const isMistake: boolean = isCallerError(error)
  if (!isMistake) throw error
  return new PaddleError('IMAGE_UNREADABLE', error.message, { cause: error })
}
