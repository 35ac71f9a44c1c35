// Hold a page of ours in a browser and do what is asked of it, one line of JSON a request.
//
//   node preview.mjs
//
// {"go": ADDRESS}             open a page
// {"ask": EXPRESSION}         what it comes to in the page; with "frame", in the frame at that path
// {"press": KEY}              press a key
// {"colours": "dark"}         what the person prefers
// {"width": 320}              how wide the window is
// {"picture": FILE}           draw the whole page
// {"heard": true}             the paths asked of the server, and complaints, since the last time
// {"axe": true}               what axe has against the page, or against a frame
//
// Each is answered by one line of JSON: {"answer": …} or {"error": …}.
import { createRequire } from "node:module"
import fs from "node:fs"
import path from "node:path"
import readline from "node:readline"
import { fileURLToPath } from "node:url"

const modules = process.env.MODULES
  ?? path.join(path.dirname(fileURLToPath(import.meta.url)), "node_modules")
const { chromium } = createRequire(path.join(modules, "x.js"))("playwright-core")
const AXE = fs.readFileSync(path.join(modules, "@daisy/axe-core-for-ace/axe.min.js"), "utf8")
const browser = await chromium.launch({
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"],
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
})
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
let asked = [], complaints = []
page.on("request", request => asked.push(new URL(request.url()).pathname))
page.on("pageerror", error => complaints.push(String(error)))
page.on("response", response => {
  if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`)
})
page.on("console", message => {
  if (message.type() === "error") complaints.push(message.text())
})

const inFrame = name => name
  ? page.frames().find(frame => new URL(frame.url(), "about:x").pathname === name)
  : page.mainFrame()

async function answer(request) {
  const frame = inFrame(request.frame)
  if (request.go) return void await page.goto(request.go)
  if (request.press) return page.keyboard.press(request.press)
  if (request.colours) return page.emulateMedia({ colorScheme: request.colours })
  if (request.ask) return frame ? await frame.evaluate(request.ask) : null
  if (request.width) return page.setViewportSize({ width: request.width, height: 800 })
  if (request.picture) return void await page.screenshot({ path: request.picture, fullPage: true })
  if (request.heard) {
    const heard = { asked, complaints }
    asked = []
    complaints = []
    return heard
  }
  // The e-book's own documents are Ace's matter: no script may run in them.
  const found = await frame.evaluate(`${AXE}; axe.run(document, { iframes: false })`)
  return found.violations.map(fault => [fault.id, ...fault.nodes.map(node => node.target.join(" "))])
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  let said
  try {
    said = { answer: await answer(JSON.parse(line)) ?? null }
  } catch (error) {
    said = { error: String(error) }
  }
  process.stdout.write(JSON.stringify(said) + "\n")
}
await browser.close()
