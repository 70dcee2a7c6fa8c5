import type { Blob } from 'node:buffer'
import type { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { Sharp } from 'sharp'
import { isFileUrl } from '../../file-url.js'
import { arrayTypeOf } from '../../tensor/index.js'

/** Decoded pixels: rows from the top; grey, RGB or RGBA for each pixel. */
export interface RawPixels {
  /** `width * height * channels` bytes. */
  readonly data: Uint8Array | Uint8ClampedArray
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
}

/** An `ImageData` of a canvas: RGBA, whose alpha is dropped. */
export interface CanvasPixels {
  /** `width * height * 4` bytes. */
  readonly data: Uint8ClampedArray
  readonly width: number
  readonly height: number
}

/** The bytes of an image file in memory. Shared memory is copied before it is read. */
export type ImageBytes = Uint8Array | ArrayBuffer | SharedArrayBuffer | DataView

/** A `Blob` or a `File`, of Node or of a polyfill. */
export type ImageBlob = Pick<Blob, 'size' | 'type' | 'arrayBuffer'>

/** The bytes of an image file as a stream, read once to its end. */
export type ImageStream = Readable | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/**
 * An image: the path of a file; a `file:` or `data:` URL and, with `allowUrls`, an `http:` or `https:` URL, also
 * as a string; the bytes of a file, a Blob or a stream of them; a sharp instance (its output after all its
 * operations); or pixels.
 */
export type ImageSource =
  string | URL | ImageBytes | ImageBlob | ImageStream | Sharp | RawPixels | CanvasPixels

export const sourceKinds =
  'a path, a file: or data: URL, the bytes of an image file (Uint8Array, ArrayBuffer, DataView, Blob or a stream), ' +
  'a sharp instance, an ImageData or { data, width, height, channels }'

// No `instanceof`: objects of another realm are recognised by their tag and properties.

export function isBytes(value: unknown): value is Uint8Array {
  return arrayTypeOf(value) === 'Uint8Array'
}

/** Whether it is an array whose elements are bytes. */
export function isByteArray(value: unknown): value is Uint8Array | Uint8ClampedArray {
  return isBytes(value) || arrayTypeOf(value) === 'Uint8ClampedArray'
}

/** Returns the bytes of a file in memory, without a copy; undefined for any other value. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (isBytes(value)) return value
  const tag = tagOf(value)
  if (tag === 'ArrayBuffer' || tag === 'SharedArrayBuffer') return viewOf(value as ArrayBuffer)
  if (tag !== 'DataView') return undefined
  const { buffer } = value as DataView
  return viewOf(buffer, () => [(value as DataView).byteOffset, (value as DataView).byteLength])
}

/** Empty for memory that was transferred away or has shrunk below the range of the view. */
function viewOf(buffer: ArrayBufferLike, range = (): readonly [number, number?] => [0]): Uint8Array {
  try {
    return new Uint8Array(buffer, ...range())
  } catch {
    return new Uint8Array()
  }
}

export function isBlob(value: unknown): value is ImageBlob {
  return ['Blob', 'File'].includes(tagOf(value)) && isObject(value) && isMethod(value, 'arrayBuffer')
}

/** Whether the text is a URL of one of these schemes rather than a path. */
export function isUrlText(text: string): boolean {
  return isFileUrl(text) || /^data:[^,]*,/i.test(text)
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

export function isUrl(value: unknown): value is URL {
  return tagOf(value) === 'URL'
}

/** Test this first: a sharp instance is a stream too. */
export function isSharp(value: unknown): value is Sharp {
  return isObject(value) && ['clone', 'raw', 'toBuffer', 'metadata'].every((name) => isMethod(value, name))
}

export function isRawPixels(value: unknown): value is RawPixels | CanvasPixels {
  return isObject(value) && 'data' in value && ['width', 'height', 'channels'].some((name) => name in value)
}

/** Adds the channels of an `ImageData`. */
export function withChannels(pixels: RawPixels | CanvasPixels): RawPixels {
  if ('channels' in pixels || arrayTypeOf(pixels.data) !== 'Uint8ClampedArray') return pixels as RawPixels
  const { data, width, height } = pixels
  return { data, width, height, channels: 4 }
}

/** Whether it is a stream or another async iterable. In a list of images, one counts as a stream. */
export function isStream(value: unknown): value is ImageStream {
  return isObject(value) && Symbol.asyncIterator in value
}

/** Whether it is a single image. An iterable that may yield anything is not. */
export function isImageSource(value: unknown): value is ImageSource {
  return (
    typeof value === 'string' ||
    bytesOf(value) !== undefined ||
    isBlob(value) ||
    isUrl(value) ||
    isSharp(value) ||
    isReadable(value) ||
    (isRawPixels(value) && !(Symbol.iterator in value))
  )
}

export function isWebStream(value: unknown): value is ReadableStream<Uint8Array> {
  return tagOf(value) === 'ReadableStream'
}

/** A Node stream of bytes, or a web stream. */
function isReadable(value: unknown): boolean {
  if (!isObject(value)) return false
  if (isWebStream(value)) return true
  return isMethod(value, 'pipe') && 'readableObjectMode' in value && value.readableObjectMode === false
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isMethod(value: object, name: string): boolean {
  return name in value && typeof (value as Readonly<Record<string, unknown>>)[name] === 'function'
}
