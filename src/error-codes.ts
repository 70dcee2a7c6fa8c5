/** All codes of {@link PaddleError} with their meaning. `docs/errors.md` has a section for each. */
export const errorCodes = {
  ABORTED: 'The caller’s `signal` aborted the work.',
  TIMEOUT: 'The work took longer than `timeoutMs`.',

  PACKAGE_FILES_MISSING:
    'The package’s own files are not beside its code: a bundler moved it or left them out.',
  PLATFORM_UNSUPPORTED: 'The platform has no Paddle wheel that paddle-ts can drive.',
  PYTHON_NOT_FOUND: 'No suitable Python interpreter was found, or the one named does not run.',
  PYTHON_TOO_OLD: 'The Python interpreter is older or newer than the wheel supports.',
  PYTHON_NO_VENV: 'The Python interpreter lacks the venv or ensurepip module.',
  ENVIRONMENT_NOT_READY: 'The managed Python is not installed yet.',
  ENVIRONMENT_NO_NETWORK: 'The package index could not be reached.',
  ENVIRONMENT_NO_SPACE: 'The disk is full.',
  ENVIRONMENT_UNWRITABLE: 'The home folder, which contains the managed Python, cannot be written.',
  ENVIRONMENT_GPU_SOURCE_MISSING:
    'A GPU wheel was requested that PyPI does not have, without a package index or a wheel file.',
  ENVIRONMENT_WHEEL_INVALID: 'The wheel file is missing, damaged, or not for this Python and platform.',
  ENVIRONMENT_INSTALL_FAILED: 'pip could not install the packages.',
  PADDLE_NOT_INSTALLED: 'The Python interpreter has no paddle package.',
  PADDLE_IMPORT_FAILED: 'The paddle package is installed but cannot be imported.',
  PADDLE_CPU_UNSUPPORTED: 'The CPU lacks an instruction set that the wheel needs.',

  MODEL_NOT_FOUND: 'There is no model at the path.',
  MODEL_PARAMS_NOT_FOUND: 'The model has parameters, but no file that contains them.',
  MODEL_LOAD_FAILED: 'Paddle could not load the model.',
  MODEL_CONFIG_INVALID: 'The inference.yml beside the model is not valid.',
  MODEL_UNSUITABLE: 'The inputs or outputs of the model do not fit the task.',
  LABELS_INVALID: 'The labels file cannot be used.',

  CONFIG_UNSUPPORTED: 'The wheel has no such method of Config.',
  CONFIG_INVALID: 'Paddle rejected a setting of the Config.',
  DEVICE_UNAVAILABLE: 'The requested device cannot be used.',
  ENGINE_UNAVAILABLE: 'The requested engine is not in the wheel, or cannot be used.',
  PRECISION_UNAVAILABLE: 'The CPU or the network cannot compute in the requested precision.',
  PREPARE_FAILED: 'The Python function that prepares the Config does not exist, or failed.',
  RUN_FAILED: 'Paddle raised an error during the run.',
  DTYPE_UNSUPPORTED: 'A tensor has a dtype that paddle does not accept.',
  OUTPUT_UNSUPPORTED: 'An output of the model has a dtype that cannot be read from the wheel.',
  RUN_IN_WRITE: 'A feed’s `write` ran the predictor that it writes for.',
  PREDICTOR_CLOSED: 'The predictor or the pool was closed.',
  POOL_FAILED: 'Worker after worker of the pool ended without a result.',
  QUEUE_FULL: 'More runs or calls wait than `maxQueue` allows.',
  WORKER_DIED: 'The worker process ended unexpectedly.',
  WORKER_START_FAILED: 'The worker process could not be started.',
  TENSOR_CLOSED: 'The allocated tensor was closed.',
  OUT_OF_MEMORY: 'A limit of the address space (ulimit -v) left too little memory for an image or its run.',
  SHARED_MEMORY_FAILED: 'The system could not provide shared memory.',

  CONVERT_FAILED: 'The model could not be converted.',
  CONVERT_TARGET_UNUSABLE: 'The converted files cannot be written.',

  EXPORT_FAILED: 'The network could not be exported.',
  EXPORT_TARGET_UNUSABLE: 'The exported files cannot be written into the folder.',
  EXPORT_UNKNOWN_MODEL: 'There is no network of that name.',
  EXPORT_NETWORK_INVALID: 'The user’s own network could not be loaded or created.',
  EXPORT_INPUTS_INVALID: 'The described inputs are not those of the network.',
  EXPORT_FORMAT_UNSUPPORTED: 'The wheel cannot write the network in that format.',
  EXPORT_WEIGHTS_INVALID: 'The weights cannot be loaded into the network.',
  EXPORT_DOWNLOAD_FAILED: 'The pretrained weights could not be downloaded.',

  IMAGE_NOT_FOUND: 'There is no image at the path.',
  IMAGE_UNREADABLE: 'The file is not an image that can be decoded.',
  IMAGE_TOO_LARGE:
    'The image has more pixels than `maxPixels` allows, or needs more memory than is available.',
  IMAGE_QUARANTINED: 'The worker that ran the image ended repeatedly.',
  IMAGE_TOO_SMALL: 'The resized image is smaller than the crop.',

  DOWNLOAD_REFUSED: 'The URL leads to an address that may not be reached, or is of another kind.',
  DOWNLOAD_FAILED: 'The URL could not be downloaded within the limits.',

  REFERENCE_UNAVAILABLE: 'The Python lacks a package that the reference needs besides paddle.',
  REFERENCE_FAILED: 'The reference in plain Python failed or ended.',

  FILE_NOT_WRITTEN: 'The file or folder for the results cannot be written.',
  RESUME_REFUSED: 'The run that wrote the file cannot be resumed.',
} as const

/** The stable identifier of a failure; see `docs/errors.md`. */
export type ErrorCode = keyof typeof errorCodes
