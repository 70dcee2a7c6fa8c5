/**
 * The configuration files of PaddleClas' `deploy/configs` (d178931f), each reduced to what decides how a model is
 * fed and read. JSON is YAML.
 */
export interface ClasForm {
  /** Its path below `deploy/configs`, without `inference_` and `.yaml`. */
  readonly name: string
  readonly text: string
  /** The kind of results; two for a file that describes a detector and a feature model. */
  readonly kinds: readonly string[]
}

const normalise = (scale: number | string, order: string, rest = {}) => ({
  NormalizeImage: { scale, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], order, ...rest },
})
const toPlanes = { ToCHWImage: null }
const byte = 0.00392157
const short = [{ ResizeImage: { resize_short: 256 } }, { CropImage: { size: 224 } }]
const fixed = (size: number | readonly number[], rest = {}) => [{ ResizeImage: { size, ...rest } }]
const exact = { return_numpy: false, interpolation: 'bilinear', backend: 'cv2' }

const saved = { SavePreLabel: { save_dir: './pre_label/' } }
const topk = (count: number, file: string) => ({
  main_indicator: 'Topk',
  Topk: { topk: count, class_id_map_file: `../${file}.txt` },
  ...saved,
})
const thresh = (label_0: string, label_1: string) => ({
  main_indicator: 'ThreshOutput',
  ThreshOutput: { threshold: 0.5, label_0, label_1 },
  ...saved,
})
const person = {
  main_indicator: 'PersonAttribute',
  PersonAttribute: { threshold: 0.5, glasses_threshold: 0.3, hold_threshold: 0.6 },
}

function single(
  name: string,
  kind: string,
  resize: readonly object[],
  PostProcess: object,
  { scale = byte, channel_num = 3 }: { scale?: number | string; channel_num?: number } = {},
): ClasForm {
  const transform_ops = [...resize, normalise(scale, '', { channel_num }), toPlanes]
  const Global = { inference_model_dir: './models', batch_size: 1, use_gpu: true, enable_mkldnn: true }
  return { name, kinds: [kind], text: JSON.stringify({ Global, PreProcess: { transform_ops }, PostProcess }) }
}

const DetPreProcess = {
  transform_ops: [
    { DetResize: { interp: 2, keep_ratio: false, target_size: [640, 640] } },
    { DetNormalizeImage: { is_scale: true, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } },
    { DetPermute: {} },
  ],
}

function search(
  name: string,
  rec: { readonly ops: readonly object[]; readonly post?: object } | undefined,
  hasDetector = true,
): ClasForm {
  const content = {
    Global: {
      ...(hasDetector && { det_inference_model_dir: './models/mainbody_infer' }),
      ...(rec && { rec_inference_model_dir: './models/features_infer' }),
      threshold: 0.2,
      max_det_results: 5,
      image_shape: [3, 640, 640],
      label_list: ['foreground'],
    },
    ...(hasDetector && { DetPreProcess, DetPostProcess: {} }),
    ...(rec && { RecPreProcess: { transform_ops: rec.ops }, RecPostProcess: rec.post ?? null }),
    IndexProcess: { index_method: 'HNSW32', dist_type: 'IP' },
  }
  const kinds = [...(hasDetector ? ['boxes'] : []), ...(rec ? ['features'] : [])]
  return { name, kinds, text: JSON.stringify(content) }
}

const byShort = { ops: [...short, normalise(byte, ''), toPlanes] }
const bySize = { ops: [...fixed(224), normalise(byte, ''), toPlanes] }
const general = (scale: number | string) => ({
  ops: [...fixed([224, 224], exact), normalise(scale, 'hwc'), toPlanes],
})
const percent = { scale: '1.0/255.0' }

export const clasForms: readonly ClasForm[] = [
  single('PULC/car_exists', 'either', short, thresh('no_car', 'contains_car')),
  single('PULC/clarity_assessment', 'either', short, thresh('clear', 'blur')),
  single('PULC/code_exists', 'either', short, thresh('no_code', 'contains_code')),
  single('PULC/language_classification', 'best', fixed([160, 80]), topk(2, 'language_classification')),
  single('PULC/person_attribute', 'attributes', fixed([192, 256]), person, percent),
  single('PULC/person_exists', 'either', short, thresh('nobody', 'someone')),
  single('PULC/safety_helmet', 'either', short, thresh('wearing_helmet', 'unwearing_helmet')),
  single(
    'PULC/table_attribute',
    'attributes',
    fixed([224, 224]),
    {
      main_indicator: 'TableAttribute',
      TableAttribute: {
        source_threshold: 0.5,
        number_threshold: 0.5,
        color_threshold: 0.5,
        clarity_threshold: 0.5,
        obstruction_threshold: 0.5,
        angle_threshold: 0.5,
      },
    },
    percent,
  ),
  single('PULC/text_image_orientation', 'best', short, topk(2, 'text_image_orientation')),
  single('PULC/textline_orientation', 'best', fixed([160, 80]), topk(1, 'textline_orientation')),
  single('PULC/traffic_sign', 'best', short, topk(5, 'traffic_sign')),
  single(
    'PULC/vehicle_attribute',
    'attributes',
    fixed([256, 192]),
    { main_indicator: 'VehicleAttribute', VehicleAttribute: { color_threshold: 0.5, type_threshold: 0.5 } },
    percent,
  ),
  search('evaluation_general', general('1.0/255.0')),
  single('attr', 'attributes', fixed([192, 256]), person, percent),
  search('cartoon', byShort),
  single('cls', 'best', short, topk(5, 'imagenet1k')),
  single('cls_based_action', 'best', [{ ResizeImage: { resize_short: 224 } }], topk(2, 'phone')),
  single('cls_ch4', 'best', short, topk(5, 'imagenet1k'), { channel_num: 4 }),
  single('cls_multilabel', 'several', short, {
    main_indicator: 'MultiLabelThreshOutput',
    MultiLabelThreshOutput: { threshold: 0.5, class_id_map_file: '../scene.txt', delimiter: ' ' },
    ...saved,
  }),
  search('det', undefined),
  search('drink', bySize),
  search('general', general('1.0/255.0')),
  search('general_binary', { ...bySize, post: { main_indicator: 'Binarize', Binarize: { method: 'sign' } } }),
  search('logo', bySize),
  search('product', bySize),
  search('rec', general(byte), false),
  search('vehicle', bySize),
  single('aesthetic_score_predictor', 'scores', short, {
    main_indicator: 'ScoreOutput',
    ScoreOutput: { decimal_places: 2 },
  }),
  single('watermark_exists', 'either', short, thresh('contains_watermark', 'no_watermark')),
]
