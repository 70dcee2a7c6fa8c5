/**
 * The `model.yml` of models that PaddleX 1 and 2 exported, as `export_inference_model` writes them: what their networks
 * and training add is cut.
 */

interface Parts {
  readonly model: string
  readonly type: 'classifier' | 'detector' | 'segmenter'
  readonly version: string
  readonly transforms: string
  readonly mode?: 'RGB' | 'BGR'
  readonly labels?: readonly string[]
  readonly init?: string
  readonly status?: string
}

/** The text of a file. */
export function paddleXFile({
  model,
  type,
  version,
  transforms,
  mode,
  labels = ['red', 'green', 'blue'],
  init = '  num_classes: 3',
  status = 'Infer',
}: Parts): string {
  return [
    `Model: ${model}`,
    ...['Transforms:', transforms.trim()],
    ...(mode ? [`TransformsMode: ${mode}`] : []),
    ...[
      '_Attributes:',
      '  eval_metrics:',
      '    acc1: 0.957575798034668',
      '  fixed_input_shape: null',
      '  labels:',
    ],
    ...labels.map((label) => `  - ${label}`),
    ...[`  model_type: ${type}`, `  num_classes: ${labels.length}`, '_init_params:', init],
    ...['completed_epochs: 0', `status: ${status}`, `version: ${version}`, ''],
  ].join('\n')
}

const triple = (name: string, values: readonly number[]): string =>
  [`    ${name}:`, ...values.map((value) => `    - ${value}`)].join('\n')

const imageNet = [triple('mean', [0.485, 0.456, 0.406]), triple('std', [0.229, 0.224, 0.225])].join('\n')

const limits = `    max_val:
    - 255.0
    - 255.0
    - 255.0
    min_val:
    - 0
    - 0
    - 0`

/** One of each kind. */
export const paddleXForms = {
  'a classifier of PaddleX 1': {
    ...{ model: 'ResNet50_vd_ssld', type: 'classifier', version: '1.3.4', mode: 'RGB' },
    transforms: `
- ResizeByShort:
    max_size: -1
    short_size: 256
- CenterCrop:
    crop_size: 224
- Normalize:
${imageNet}`,
  },
  'a detector of PaddleX 1': {
    ...{ model: 'YOLOv3', type: 'detector', version: '1.2.8', mode: 'RGB' },
    transforms: `
- Resize:
    interp: CUBIC
    target_size: 608
- Normalize:
${imageNet}`,
  },
  'a segmenter of PaddleX 1': {
    ...{ model: 'UNet', type: 'segmenter', version: '1.3.11', mode: 'BGR', init: '  input_channel: 3' },
    transforms: `
- ResizeByLong:
    long_size: 40
- Padding:
    im_padding_value:
    - 127.5
    - 127.5
    - 127.5
    label_padding_value: 255
    target_size: 48
- Normalize:
${limits}
    mean:
    - 0.5
    - 0.4
    - 0.6
    std:
    - 0.5
    - 0.5
    - 0.25`,
  },
  'a classifier of PaddleX 2': {
    ...{ model: 'MobileNetV2', type: 'classifier', version: '2.1.0' },
    transforms: `
- ResizeByShort:
    interp: LINEAR
    max_size: -1
    short_size: 256
- CenterCrop:
    crop_size: 224
- Normalize:
    is_scale: true
${limits}
${imageNet}`,
  },
  'a detector of PaddleX 2': {
    ...{ model: 'FasterRCNN', type: 'detector', version: '2.0.0', init: '  with_fpn: true' },
    transforms: `
- ResizeByShort:
    interp: CUBIC
    max_size: 96
    short_size: 60
- Normalize:
    is_scale: true
${limits}
${imageNet}
- Padding:
    im_padding_value:
    - 0.0
    - 0.0
    - 0.0
    label_padding_value: 255
    offsets: null
    pad_mode: 0
    size_divisor: 32
    target_size: null`,
  },
  'a segmenter of PaddleX 2': {
    ...{ model: 'DeepLabV3P', type: 'segmenter', version: '2.1.0' },
    transforms: `
- Resize:
    interp: LINEAR
    keep_ratio: false
    target_size: !!python/tuple
    - 40
    - 56
- Padding:
    im_padding_value: !!python/tuple
    - 127.5
    - 127.5
    - 127.5
    label_padding_value: 255
    offsets: null
    pad_mode: 0
    size_divisor: 32
    target_size: null
- Normalize:
    is_scale: true
${limits}
${imageNet}`,
  },
} as const satisfies Readonly<Record<string, Parts>>
