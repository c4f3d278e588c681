/** What browsers on some systems have of their own (https://wicg.github.io/shape-detection-api/); the library has the rest. */
interface Detector {
  detect(source: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>
}
interface DetectorClass {
  new (options: { formats: readonly string[] }): Detector
  getSupportedFormats(): Promise<readonly string[]>
}

/** Looks for a QR code in a picture; undefined where it finds none. */
export type Decode = (picture: HTMLVideoElement | ImageBitmap) => Promise<string | undefined>

/** More than a code on a card needs, and little enough for a slow PC. */
const LONGEST_SIDE = 1_200
/** For a still picture somebody waits. */
const MOST_MS = 800

export async function openDecoder(): Promise<Decode> {
  const own = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  const formats: readonly string[] = (await own?.getSupportedFormats().catch(() => undefined)) ?? []
  if (own && formats.includes('qr_code')) {
    const detector = new own({ formats: ['qr_code'] })
    return async (picture) => (await detector.detect(picture))[0]?.rawValue
  }
  const { decodeQR } = await import('qr/decode.js')
  const canvas = document.createElement('canvas')
  const drawing = canvas.getContext('2d', { willReadFrequently: true })
  return async (picture) => {
    const [width, height] =
      picture instanceof HTMLVideoElement ? [picture.videoWidth, picture.videoHeight] : [picture.width, picture.height]
    if (!drawing || width === 0 || height === 0) return undefined
    const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height))
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    drawing.drawImage(picture, 0, 0, canvas.width, canvas.height)
    try {
      return decodeQR(drawing.getImageData(0, 0, canvas.width, canvas.height), { timeLimit: MOST_MS })
    } catch {
      // It says so when there is none.
      return undefined
    }
  }
}
