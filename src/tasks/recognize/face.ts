import { attribute, either, type Attribute } from './attribute.js'

/** The names of the outputs, with PaddleClas' Chinese ones. */
const names: readonly (readonly [english: string, chinese: string])[] = [
  ['CheekWhiskers', '刚长出的双颊胡须'],
  ['ArchedEyebrows', '柳叶眉'],
  ['Attractive', '吸引人的'],
  ['BagsUnderEyes', '眼袋'],
  ['Bald', '秃头'],
  ['Bangs', '刘海'],
  ['BigLips', '大嘴唇'],
  ['BigNose', '大鼻子'],
  ['BlackHair', '黑发'],
  ['BlondHair', '金发'],
  ['Blurry', '模糊的'],
  ['BrownHair', '棕发'],
  ['BushyEyebrows', '浓眉'],
  ['Chubby', '圆胖的'],
  ['DoubleChin', '双下巴'],
  ['Eyeglasses', '带眼镜'],
  ['Goatee', '山羊胡子'],
  ['GrayHair', '灰发或白发'],
  ['HeavyMakeup', '浓妆'],
  ['HighCheekbones', '高颧骨'],
  ['Male', '男性'],
  ['MouthSlightlyOpen', '微微张开嘴巴'],
  ['Mustache', '胡子'],
  ['NarrowEyes', '细长的眼睛'],
  ['NoBeard', '无胡子'],
  ['OvalFace', '椭圆形的脸'],
  ['PaleSkin', '苍白的皮肤'],
  ['PointyNose', '尖鼻子'],
  ['RecedingHairline', '发际线后移'],
  ['RosyCheeks', '红润的双颊'],
  ['Sideburns', '连鬓胡子'],
  ['Smiling', '微笑'],
  ['StraightHair', '直发'],
  ['WavyHair', '卷发'],
  ['WearingEarrings', '戴着耳环'],
  ['WearingHat', '戴着帽子'],
  ['WearingLipstick', '涂了唇膏'],
  ['WearingNecklace', '戴着项链'],
  ['WearingNecktie', '戴着领带'],
  ['Young', '年轻人'],
]

/** The outputs that have a value for either side of the threshold. */
const [gender, age] = [20, 39]

/** PaddleClas' `FaceAttribute`: gender and age, and of the others those above the threshold. */
export function attributesOfFace(scores: Float32Array, threshold: number, inChinese: boolean): Attribute[] {
  return names.flatMap(([english, chinese], classId) => {
    const own = inChinese ? chinese : english
    if (classId === gender) {
      const values = [own, inChinese ? '女性' : 'Female'] as const
      return [either('Gender', values, scores, classId, threshold)]
    }
    if (classId === age) {
      const values = [own, inChinese ? '老年人' : 'Old'] as const
      return [either('Age', values, scores, classId, threshold)]
    }
    return (scores[classId] ?? NaN) > threshold ? [attribute(own, 'True', scores, classId)] : []
  })
}
