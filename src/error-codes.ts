/** All codes of {@link PaddleError} with their meaning. `docs/errors.md` has a section for each. */
export const errorCodes = {
  ABORTED: 'The caller’s `signal` ended the work.',
  TIMEOUT: 'The work took longer than `timeoutMs`.',

  PLATFORM_UNSUPPORTED: 'The platform has no Paddle wheel that paddle-ts can drive.',
  PYTHON_NOT_FOUND: 'No suitable Python interpreter was found, or the one named does not run.',
  PYTHON_TOO_OLD: 'The Python interpreter is older or newer than the wheel takes.',
  PYTHON_NO_VENV: 'The Python interpreter lacks the venv or ensurepip module.',
  ENVIRONMENT_NOT_READY: 'The managed Python has not been made yet.',
  ENVIRONMENT_NO_NETWORK: 'The package index could not be reached.',
  ENVIRONMENT_NO_SPACE: 'The disk is full.',
  ENVIRONMENT_UNWRITABLE: 'The folder of the managed Python cannot be written.',
  ENVIRONMENT_GPU_SOURCE_MISSING:
    'A GPU wheel was asked for without the index or the file that it comes from.',
  ENVIRONMENT_WHEEL_INVALID: 'The wheel file is missing, damaged, or not for this Python and platform.',
  ENVIRONMENT_INSTALL_FAILED: 'pip could not install the packages.',
  PADDLE_NOT_INSTALLED: 'The Python interpreter has no paddle package.',
  PADDLE_IMPORT_FAILED: 'The paddle package is there but cannot be imported.',
  PADDLE_CPU_UNSUPPORTED: 'The CPU lacks an instruction set that the wheel needs.',

  MODEL_NOT_FOUND: 'There is no model at the path.',
  MODEL_PARAMS_NOT_FOUND: 'The model has parameters, but no file that holds them.',
  MODEL_LOAD_FAILED: 'Paddle could not load the model.',
  MODEL_CONFIG_INVALID: 'The inference.yml beside the model is not valid.',
  MODEL_UNSUITABLE: 'The inputs or outputs of the model do not fit the task.',
  LABELS_INVALID: 'The labels file cannot be used.',

  CONFIG_UNSUPPORTED: 'The wheel has no such method of Config.',
  CONFIG_INVALID: 'Paddle refused a setting of the Config.',
  DEVICE_UNAVAILABLE: 'The device that was asked for cannot be used.',
  ENGINE_UNAVAILABLE: 'The engine that was asked for is not in the wheel, or cannot be used.',
  PRECISION_UNAVAILABLE: 'The CPU or the network cannot compute in the precision that was asked for.',
  PREPARE_FAILED: 'The Python function that was to prepare the Config is not there, or failed.',
  RUN_FAILED: 'Paddle raised an error during the run.',
  DTYPE_UNSUPPORTED: 'A tensor has a type that paddle cannot be fed.',
  OUTPUT_UNSUPPORTED: 'The model put out a type that cannot be read from the wheel.',
  RUN_IN_WRITE: 'A feed’s `write` ran the predictor that it writes for.',
  PREDICTOR_CLOSED: 'The predictor or the pool was closed.',
  POOL_FAILED: 'Worker after worker of the pool has ended without an answer.',
  QUEUE_FULL: 'More runs wait for the pool than `maxQueue` allows.',
  WORKER_DIED: 'The worker process ended unexpectedly.',
  WORKER_START_FAILED: 'The worker process could not be started.',
  TENSOR_CLOSED: 'The allocated tensor was closed.',
  SHARED_MEMORY_FAILED: 'Shared memory could not be had from the system.',

  CONVERT_FAILED: 'The model could not be converted.',
  CONVERT_TARGET_UNUSABLE: 'The converted files cannot be written.',

  EXPORT_FAILED: 'The network could not be exported.',
  EXPORT_TARGET_UNUSABLE: 'The exported files cannot be written into the folder.',
  EXPORT_UNKNOWN_MODEL: 'There is no network of that name.',
  EXPORT_NETWORK_INVALID: 'The network of one’s own could not be loaded or made.',
  EXPORT_INPUTS_INVALID: 'The inputs that were described are not those of the network.',
  EXPORT_FORMAT_UNSUPPORTED: 'The wheel cannot write the network in that format.',
  EXPORT_WEIGHTS_INVALID: 'The weights cannot be loaded into the network.',
  EXPORT_DOWNLOAD_FAILED: 'The pretrained weights could not be downloaded.',

  IMAGE_NOT_FOUND: 'There is no image at the path.',
  IMAGE_UNREADABLE: 'The file is not an image that can be decoded.',
  IMAGE_TOO_LARGE: 'The image has more pixels than `maxPixels` allows, or takes more memory than there is.',
  IMAGE_QUARANTINED: 'The worker that ran the image ended, again and again.',
  IMAGE_TOO_SMALL: 'The image, as it was resized, is smaller than the part to be cropped.',

  REFERENCE_UNAVAILABLE: 'The Python lacks a package that plain Python needs beside paddle.',
  REFERENCE_FAILED: 'Plain Python, which results are compared with, failed or ended.',

  FILE_NOT_WRITTEN: 'The file or folder that answers go to cannot be written.',
  RESUME_REFUSED: 'The answers in the file cannot be gone on with.',
} as const

/** The stable identifier of a failure; see `docs/errors.md`. */
export type ErrorCode = keyof typeof errorCodes
