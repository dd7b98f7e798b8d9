// QR codes: by the browser's own reader where it has one, else by a small decoder that is fetched only then.
const MOST = 1280 // pixels of a side: a code in the hand fills enough of it

let reader = null
const read = () => {
  if (!reader) reader = own().then(found => found || decoder())
  return reader
}
async function own() {
  if (!("BarcodeDetector" in self)) return null
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => [])
  if (!formats.includes("qr_code")) return null
  const detector = new BarcodeDetector({ formats: ["qr_code"] })
  return async canvas => { const [first] = await detector.detect(canvas).catch(() => []); return first ? first.rawValue : "" }
}
async function decoder() {
  const { default: decode } = await import("qr/decode.js")
  return async canvas => {
    try { return decode(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)) } catch (_) { return "" } // no code in this picture
  }
}

function onto(canvas, source, width, height, most) {
  const scale = Math.min(1, most / Math.max(width, height))
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  canvas.getContext("2d", { willReadFrequently: true }).drawImage(source, 0, 0, canvas.width, canvas.height)
  return canvas
}

// The words of the code on a photo; raises a sentence where there is none.
export async function ofPicture(file) {
  const picture = await createImageBitmap(file).catch(() => { throw new Error("这张照片打不开，请再拍一次，或按名称找。") })
  const reads = await read(), canvas = document.createElement("canvas")
  for (const most of [MOST, 640, 2400]) {
    const said = await reads(onto(canvas, picture, picture.width, picture.height, most))
    if (said) return said
  }
  throw new Error("照片里没有认出二维码。靠近些、让码占满画面再拍，或按名称找。")
}

// --- through the camera, frame by frame -----------------------------------------------------------------------------------------
export const canWatch = () => Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia)
let watching = null

// `found(text)` is told once. Raises a sentence where the camera is not given.
export async function watch(video, found) {
  stop()
  const mine = (watching = { stream: null })
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false }).catch(error => {
    throw new Error(error.name === "NotAllowedError" ? "没有给相机权限。可以“拍一张码”，或按名称找。" : "相机打不开。可以“拍一张码”，或按名称找。")
  })
  if (watching !== mine) return stream.getTracks().forEach(track => track.stop())
  mine.stream = stream
  video.srcObject = stream
  await video.play().catch(() => {})
  const reads = await read(), canvas = document.createElement("canvas")
  while (watching === mine) {
    const said = video.videoWidth ? await reads(onto(canvas, video, video.videoWidth, video.videoHeight, 800)) : ""
    if (said && watching === mine) { stop(); return found(said) }
    await new Promise(done => setTimeout(done, 180))
  }
}
export function stop() {
  if (watching && watching.stream) watching.stream.getTracks().forEach(track => track.stop())
  watching = null
}
