import type { ImageSource, RgbImage } from '../image/index.js'
import { waitForm } from '../inference/index.js'
import type { Size } from '../model/index.js'
import { checkOptions, count } from '../options/index.js'
import { blankImage } from './image-input/image-batch.js'
import { ImageTask } from './image-task.js'
import { batchForm, type BatchOptions, type TaskOptions } from './options.js'
import type { Task } from './task.js'

/** An image task whose images all have the same size when they are fed. */
export abstract class FixedSizeTask<Fields extends object, Options extends BatchOptions> extends ImageTask<
  RgbImage,
  Fields,
  Options
> {
  readonly #size: Size

  protected constructor(
    model: string,
    task: Task<ImageSource, RgbImage, Fields, Options>,
    size: Size,
    options: TaskOptions,
  ) {
    super(model, task, options)
    this.#size = size
  }

  /**
   * Runs the network of each worker `runs` times on blank images, so that the first real image does not pay
   * for one-time work.
   */
  async warmUp(
    runs: number,
    options: Pick<BatchOptions, 'batchSize' | 'signal' | 'timeoutMs'> = {},
  ): Promise<void> {
    count(1).check('runs', runs)
    checkOptions({ batchSize: batchForm.batchSize, ...waitForm }, options)
    await this.warmUpWith(blankImage(this.#size), runs, options)
  }
}
