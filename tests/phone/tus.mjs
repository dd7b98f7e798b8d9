// tus-js-client as a phone's app uses it: one file up, told by one argument of JSON; says by one line of JSON how it ended.
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { DefaultHttpStack, FileUrlStorage, Upload } from "tus-js-client"

const told = JSON.parse(process.argv[2])
const content = readFileSync(told.file)
const said = { sent: 0, answers: [], progress: 0 }

// The client knows no checksum: its requests are handed through one that adds it.
class Checked extends DefaultHttpStack {
  createRequest(method, url) {
    const request = super.createRequest(method, url), send = request.send.bind(request)
    request.send = body => {
      if (told.checksum && method === "PATCH") request.setHeader("Upload-Checksum", `sha256 ${createHash("sha256").update(body).digest("base64")}`)
      said.sent += body ? body.length : 0
      return send(body)
    }
    return request
  }
}

function ended(result) {
  console.log(JSON.stringify({ ...said, ...result }))
  process.exit(0)
}

const upload = new Upload(content, {
  endpoint: told.endpoint,
  chunkSize: told.piece,
  retryDelays: told.delays || [],
  headers: told.headers,
  metadata: told.metadata,
  uploadDataDuringCreation: Boolean(told.with_creation),
  storeFingerprintForResuming: Boolean(told.remembers),
  urlStorage: told.remembers ? new FileUrlStorage(told.remembers) : undefined,
  fingerprint: async () => told.metadata.photo,
  httpStack: new Checked(),
  onAfterResponse: (request, response) => said.answers.push([request.getMethod(), response.getStatus()]),
  onProgress: at => { said.progress = at; if (told.dies_at && at >= told.dies_at) process.kill(process.pid, "SIGKILL") },
  onSuccess: () => ended({ done: true, url: upload.url }),
  onError: error => ended({ done: false, error: error.message, status: error.originalResponse ? error.originalResponse.getStatus() : 0 }),
})
const known = told.remembers ? await upload.findPreviousUploads() : []
if (known.length) upload.resumeFromPreviousUpload(known[0])
upload.start()
