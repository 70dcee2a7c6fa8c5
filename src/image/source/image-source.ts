import type { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { Sharp } from 'sharp'
import { arrayTypeOf } from '../../tensor/index.js'

/** Decoded pixels: rows from the top; grey, RGB or RGBA for each pixel. */
export interface RawPixels {
  /** `width * height * channels` bytes. */
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
}

/** The bytes of an image file as a stream, read once to its end. */
export type ImageStream = Readable | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/**
 * An image: the path of a file, a `file:` URL, with `allowUrls` an `http:` or `https:` URL, the bytes of a file, a stream of them, a sharp instance (its
 * output after all its operations), or raw pixels.
 */
export type ImageSource = string | URL | Uint8Array | ImageStream | Sharp | RawPixels

export const sourceKinds =
  'a path, a file: URL, a Uint8Array, a stream of them, a sharp instance or { data, width, height, channels }'

// No `instanceof`: objects of another realm are recognised by their tag and properties.

/** Whether it is the bytes of a file. */
export function isBytes(value: unknown): value is Uint8Array {
  return arrayTypeOf(value) === 'Uint8Array'
}

export function isUrl(value: unknown): value is URL {
  return isObject(value) && Object.prototype.toString.call(value) === '[object URL]'
}

/** Test this first: a sharp instance is a stream too. */
export function isSharp(value: unknown): value is Sharp {
  return isObject(value) && ['clone', 'raw', 'toBuffer', 'metadata'].every((name) => isMethod(value, name))
}

export function isRawPixels(value: unknown): value is RawPixels {
  return isObject(value) && 'data' in value && ['width', 'height', 'channels'].some((name) => name in value)
}

/** Whether it is a stream or another async iterable. In a list of images, one counts as a stream. */
export function isStream(value: unknown): value is ImageStream {
  return isObject(value) && Symbol.asyncIterator in value
}

/** Whether it is a single image. An iterable that may yield anything is not. */
export function isImageSource(value: unknown): value is ImageSource {
  return (
    typeof value === 'string' ||
    isBytes(value) ||
    isUrl(value) ||
    isSharp(value) ||
    isReadable(value) ||
    (isRawPixels(value) && !(Symbol.iterator in value))
  )
}

export function isWebStream(value: unknown): value is ReadableStream<Uint8Array> {
  return Object.prototype.toString.call(value) === '[object ReadableStream]'
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
