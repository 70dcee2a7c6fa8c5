import type { DetectionForm } from './paddle-detection-forms.js'

/**
 * Every list of operators that the `export_model.py` of PaddleDetection 0.5 (ed2ffa08) makes of a `TestReader` in its 139
 * configurations that have one (`ppdet/utils/export_utils.py`, `parse_reader`).
 */

const resize = (
  target_size: number,
  max_size: number,
  interp: number,
  image_shape: readonly number[] | null,
  hasAll: boolean,
) => ({
  ...{ type: 'Resize', target_size, max_size, interp },
  ...(hasAll && { use_cv2: true, resize_box: false }),
  ...(image_shape && { image_shape }),
})
type Triple = readonly [number, number, number]
const normalize = (mean: Triple, std: Triple, is_scale: boolean, is_channel_first: boolean) => ({
  ...{ type: 'Normalize', mean, std, is_scale, is_channel_first },
})
const permute = (to_bgr: boolean) => ({ type: 'Permute', to_bgr, channel_first: true })

export const formsBefore2: readonly DetectionForm[] = [
  {
    archs: ['RCNN', 'RCNN+mask'],
    operators: [
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], true, false),
      resize(800, 1333, 1, null, true),
      permute(false),
      { type: 'PadStride', stride: 32 },
    ],
  },
  {
    archs: ['FCOS', 'RetinaNet'],
    operators: [
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], true, false),
      resize(800, 1333, 1, null, true),
      permute(false),
      { type: 'PadStride', stride: 128 },
    ],
  },
  {
    archs: ['TTFNet'],
    operators: [
      resize(512, 512, 1, [512, 512], false),
      normalize([123.675, 116.28, 103.53], [58.395, 57.12, 57.375], false, false),
      permute(false),
    ],
  },
  {
    archs: ['RCNN+mask', 'RCNN'],
    operators: [
      normalize([102.9801, 115.9465, 122.7717], [1.0, 1.0, 1.0], false, false),
      permute(false),
      { type: 'PadStride', stride: 32 },
    ],
  },
  {
    archs: ['YOLO'],
    operators: [
      resize(608, 0, 2, [608, 608], true),
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], true, false),
      permute(false),
    ],
  },
  {
    archs: ['YOLO'],
    operators: [
      resize(608, 0, 2, [608, 608], true),
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], false, false),
      permute(false),
    ],
  },
  {
    archs: ['EfficientDet'],
    operators: [
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], true, false),
      resize(512, 512, 1, [512, 512], false),
      permute(false),
    ],
  },
  {
    archs: ['Face'],
    operators: [
      normalize([123, 117, 104], [127.502231, 127.502231, 127.502231], false, false),
      permute(true),
    ],
  },
  {
    archs: ['Face'],
    operators: [
      resize(640, 0, 1, null, true),
      permute(true),
      normalize([104, 117, 123], [127.502231, 127.502231, 127.502231], false, true),
    ],
  },
  {
    archs: ['RCNN', 'RCNN+mask'],
    operators: [
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], true, false),
      resize(800, 1333, 1, null, true),
      permute(false),
    ],
  },
  {
    archs: ['RCNN'],
    operators: [
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], true, false),
      resize(320, 320, 1, null, true),
      permute(false),
      { type: 'PadStride', stride: 32 },
    ],
  },
  {
    archs: ['RCNN'],
    operators: [
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], true, false),
      resize(640, 640, 1, null, true),
      permute(false),
      { type: 'PadStride', stride: 32 },
    ],
  },
  {
    archs: ['SSD'],
    operators: [
      resize(320, 0, 1, [320, 320], true),
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], true, false),
      permute(false),
    ],
  },
  {
    archs: ['YOLO'],
    operators: [
      resize(608, 0, 1, [608, 608], true),
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], true, false),
      permute(false),
    ],
  },
  {
    archs: ['RCNN'],
    operators: [
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], true, false),
      resize(1000, 1500, 1, null, true),
      permute(false),
      { type: 'PadStride', stride: 32 },
    ],
  },
  {
    archs: ['SOLOv2'],
    operators: [
      resize(512, 852, 1, null, true),
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], true, false),
      permute(false),
      { type: 'PadStride', stride: 32 },
    ],
  },
  {
    archs: ['SOLOv2'],
    operators: [
      resize(448, 768, 1, null, true),
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], true, false),
      permute(false),
      { type: 'PadStride', stride: 32 },
    ],
  },
  {
    archs: ['SOLOv2'],
    operators: [
      resize(800, 1333, 1, null, true),
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], true, false),
      permute(false),
      { type: 'PadStride', stride: 32 },
    ],
  },
  {
    archs: ['SSD'],
    operators: [
      resize(300, 0, 1, [300, 300], true),
      permute(true),
      normalize([127.5, 127.5, 127.5], [127.502231, 127.502231, 127.502231], false, true),
    ],
  },
  {
    archs: ['SSD'],
    operators: [
      resize(300, 0, 1, [300, 300], true),
      permute(false),
      normalize([104, 117, 123], [1, 1, 1], false, true),
    ],
  },
  {
    archs: ['SSD'],
    operators: [
      resize(512, 0, 1, [512, 512], true),
      permute(false),
      normalize([104, 117, 123], [1, 1, 1], false, true),
    ],
  },
  {
    archs: ['SSD'],
    operators: [
      resize(512, 0, 1, [512, 512], true),
      permute(false),
      normalize([123, 117, 104], [1, 1, 1], false, true),
    ],
  },
  {
    archs: ['SSD'],
    operators: [
      resize(300, 0, 1, [300, 300], true),
      normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], true, false),
      permute(false),
    ],
  },
  {
    archs: ['YOLO'],
    operators: [
      resize(608, 0, 1, [608, 608], true),
      normalize([0.0, 0.0, 0.0], [1.0, 1.0, 1.0], true, false),
      permute(false),
    ],
  },
]
