/**
 * Every list of operators that PaddleDetection's `export_model.py` (develop, 666f597f) makes of a `TestReader` in its
 * 450 configurations that have one (`ppdet/engine/export_utils.py`, `_parse_reader`), with the families of the networks
 * that have it; `+mask` where the network outputs masks.
 */
export interface DetectionForm {
  readonly archs: readonly string[]
  readonly operators: readonly object[]
}

const resize = (target_size: number | readonly number[], keep_ratio: boolean, interp: number) => ({
  ...{ type: 'Resize', target_size, keep_ratio, interp },
})
const imageNet = {
  ...{ type: 'NormalizeImage', is_scale: true, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
}
const unscaled = { type: 'NormalizeImage', mean: [0, 0, 0], std: [1, 1, 1], norm_type: 'none' }
const permute = { type: 'Permute' }
const stride = (pixels: number) => ({ type: 'PadStride', stride: pixels })

export const detectionForms: readonly DetectionForm[] = [
  {
    archs: ['RCNN+mask', 'RCNN', 'FCOS'],
    operators: [resize([800, 1333], true, 2), imageNet, permute, stride(32)],
  },
  {
    archs: ['CenterNet'],
    operators: [
      { type: 'WarpAffine', keep_res: true, input_h: 512, input_w: 512 },
      {
        type: 'NormalizeImage',
        mean: [0.40789655, 0.44719303, 0.47026116],
        std: [0.2886383, 0.27408165, 0.27809834],
        is_scale: true,
      },
      permute,
    ],
  },
  {
    archs: ['CenterNet'],
    operators: [
      { type: 'WarpAffine', keep_res: false, input_h: 512, input_w: 512 },
      {
        type: 'NormalizeImage',
        mean: [0.40789655, 0.44719303, 0.47026116],
        std: [0.2886383, 0.27408165, 0.27809834],
      },
      permute,
    ],
  },
  {
    archs: ['YOLO', 'ByteTrack', 'DeepSORT', 'PicoDet'],
    operators: [resize([640, 640], false, 2), imageNet, permute],
  },
  {
    archs: ['YOLOX'],
    operators: [
      resize([640, 640], true, 1),
      { type: 'Pad', size: [640, 640], fill_value: [114.0, 114.0, 114.0] },
      permute,
    ],
  },
  { archs: ['DETR'], operators: [resize([800, 1333], true, 1), imageNet, permute] },
  {
    archs: ['Face'],
    operators: [
      {
        type: 'NormalizeImage',
        mean: [123, 117, 104],
        std: [127.502231, 127.502231, 127.502231],
        is_scale: false,
      },
      permute,
    ],
  },
  { archs: ['RCNN', 'RCNN+mask'], operators: [resize([800, 1333], true, 2), imageNet, permute, stride(-1)] },
  {
    archs: ['RCNN'],
    operators: [
      {
        type: 'MultiscaleTestResize',
        origin_target_size: [800, 1333],
        target_size: [700, 900],
        use_flip: false,
      },
      imageNet,
      permute,
      stride(32),
    ],
  },
  { archs: ['RCNN'], operators: [resize(640, true, 2), { type: 'Pad', size: 640 }, imageNet, permute] },
  { archs: ['FCOS'], operators: [resize([800, 1333], true, 1), permute, stride(128)] },
  { archs: ['FCOS', 'YOLOF'], operators: [resize([800, 1333], true, 1), permute, stride(32)] },
  {
    archs: ['YOLO', 'PPYOLOE', 'PPYOLOE+mask', 'DETR+mask', 'DETR'],
    operators: [resize([640, 640], false, 2), unscaled, permute],
  },
  {
    archs: ['GFL', 'QueryInst', 'RetinaNet', 'RCNN', 'TOOD'],
    operators: [resize([800, 1333], true, 1), imageNet, permute, stride(32)],
  },
  { archs: ['DETR'], operators: [resize([1184, 2000], true, 1), imageNet, permute] },
  { archs: ['HigherHRNet'], operators: [{ type: 'EvalAffine', size: 512 }, imageNet, permute] },
  { archs: ['HigherHRNet'], operators: [{ type: 'EvalAffine', size: 640 }, imageNet, permute] },
  {
    archs: ['HRNet', 'VitPose_TopDown'],
    operators: [{ type: 'TopDownEvalAffine', trainsize: [192, 256] }, imageNet, permute],
  },
  { archs: ['HRNet'], operators: [{ type: 'TopDownEvalAffine', trainsize: [288, 384] }, imageNet, permute] },
  { archs: ['HRNet'], operators: [{ type: 'TopDownEvalAffine', trainsize: [256, 256] }, imageNet, permute] },
  { archs: ['PETR'], operators: [{ type: 'EvalAffine', size: 800 }, imageNet, permute] },
  { archs: ['HRNet'], operators: [{ type: 'TopDownEvalAffine', trainsize: [96, 128] }, imageNet, permute] },
  { archs: ['ByteTrack', 'YOLO', 'DeepSORT'], operators: [resize([608, 608], false, 2), imageNet, permute] },
  {
    archs: ['ByteTrack'],
    operators: [
      resize([800, 1440], true, 1),
      { type: 'Pad', size: [800, 1440], fill_value: [114.0, 114.0, 114.0] },
      permute,
    ],
  },
  {
    archs: ['CenterTrack'],
    operators: [{ type: 'WarpAffine', keep_res: true, input_h: 544, input_w: 960 }, permute],
  },
  {
    archs: ['DeepSORT', 'YOLO'],
    operators: [
      { type: 'LetterBoxResize', target_size: [608, 1088] },
      { type: 'NormalizeImage', mean: [0, 0, 0], std: [1, 1, 1], is_scale: true },
      permute,
    ],
  },
  { archs: ['PicoDet'], operators: [resize([192, 192], false, 2), imageNet, permute] },
  { archs: ['PicoDet', 'YOLO'], operators: [resize([320, 320], false, 2), imageNet, permute] },
  { archs: ['PicoDet'], operators: [resize([800, 608], false, 2), imageNet, permute, stride(32)] },
  { archs: ['PicoDet'], operators: [resize([192, 192], false, 2), permute, stride(32)] },
  { archs: ['PicoDet'], operators: [resize([320, 320], false, 2), imageNet, permute, stride(32)] },
  { archs: ['PicoDet'], operators: [resize([416, 416], false, 2), imageNet, permute] },
  {
    archs: ['PicoDet'],
    operators: [
      resize([416, 416], false, 2),
      { type: 'NormalizeImage', mean: [0, 0, 0], std: [1, 1, 1], is_scale: true },
      permute,
    ],
  },
  {
    archs: ['METRO_Body'],
    operators: [{ type: 'TopDownEvalAffine', trainsize: [224, 224] }, imageNet, permute],
  },
  {
    archs: ['TinyPose3DHRHeatmapNet'],
    operators: [{ type: 'TopDownEvalAffine', trainsize: [128, 128] }, imageNet, permute],
  },
  { archs: ['HRNet'], operators: [{ type: 'LetterBoxResize', target_size: [128, 96] }, imageNet, permute] },
  {
    archs: ['TinyPose3DHRHeatmapNet'],
    operators: [{ type: 'LetterBoxResize', target_size: [128, 128] }, imageNet, permute],
  },
  { archs: ['PPYOLOE'], operators: [resize([320, 320], false, 2), unscaled, permute] },
  { archs: ['YOLO'], operators: [resize([512, 512], false, 2), imageNet, permute] },
  { archs: ['YOLO'], operators: [resize([960, 960], false, 2), unscaled, permute] },
  { archs: ['RCNN'], operators: [resize([640, 640], true, 2), imageNet, permute, stride(32)] },
  { archs: ['YOLO', 'S2ANet'], operators: [resize([1024, 1024], true, 2), imageNet, permute, stride(32)] },
  { archs: ['DETR'], operators: [resize([640, 640], false, 1), unscaled, permute] },
  { archs: ['YOLO'], operators: [resize([640, 640], false, 2), permute] },
  { archs: ['YOLO'], operators: [resize([1920, 1920], false, 2), permute] },
  { archs: ['PicoDet', 'YOLO'], operators: [resize([1024, 1024], false, 2), imageNet, permute] },
  { archs: ['RCNN'], operators: [resize([1500, 1500], true, 2), imageNet, permute, stride(32)] },
  { archs: ['RCNN'], operators: [resize([1500, 1500], true, 2), imageNet, permute, stride(-1)] },
  { archs: ['SOLOv2+mask'], operators: [imageNet, resize([800, 1333], true, 1), permute, stride(32)] },
  { archs: ['SOLOv2+mask'], operators: [imageNet, resize([512, 852], true, 1), permute, stride(32)] },
  {
    archs: ['SSD'],
    operators: [
      resize([300, 300], false, 1),
      {
        type: 'NormalizeImage',
        mean: [127.5, 127.5, 127.5],
        std: [127.502231, 127.502231, 127.502231],
        is_scale: false,
      },
      permute,
    ],
  },
  { archs: ['SSD'], operators: [resize([300, 300], false, 1), imageNet, permute] },
  {
    archs: ['SSD'],
    operators: [
      resize([300, 300], false, 1),
      { type: 'NormalizeImage', mean: [104.0, 117.0, 123.0], std: [1.0, 1.0, 1.0], is_scale: false },
      permute,
    ],
  },
  { archs: ['SSD'], operators: [resize([320, 320], false, 1), imageNet, permute] },
  {
    archs: ['RCNN'],
    operators: [resize(640, true, 2), { type: 'Pad', size: 640 }, imageNet, permute, stride(32)],
  },
  {
    archs: ['TTFNet'],
    operators: [
      resize([512, 512], false, 1),
      {
        type: 'NormalizeImage',
        mean: [123.675, 116.28, 103.53],
        std: [58.395, 57.12, 57.375],
        is_scale: false,
      },
      permute,
    ],
  },
  {
    archs: ['TTFNet'],
    operators: [
      resize([320, 320], false, 1),
      {
        type: 'NormalizeImage',
        mean: [123.675, 116.28, 103.53],
        std: [58.395, 57.12, 57.375],
        is_scale: false,
      },
      permute,
    ],
  },
  {
    archs: ['YOLOX'],
    operators: [
      resize([416, 416], true, 1),
      { type: 'Pad', size: [416, 416], fill_value: [114.0, 114.0, 114.0] },
      permute,
    ],
  },
]
