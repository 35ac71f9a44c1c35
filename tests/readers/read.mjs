// Read an EPUB in a browser's reading system as a person does, and tell what was seen.
//
//   node read.mjs BOOK.epub epubjs|foliate [PICTURES]
//
// Prints one JSON object: the title, toc, landmarks and page-list as the reading system
// understands them; the words seen while turning the pages from the first to the last; where
// each link of the index led and what stands there; and every complaint of the console.
// With PICTURES, a folder, it saves what the first page of each document looks like.
//
// MODULES names the node_modules folder (default: the one beside this file), CHROMIUM the
// browser, COLOURS dark or light, VIEWPORT width and height as 600x800.
import fs from "node:fs"
import http from "node:http"
import { createRequire } from "node:module"
import path from "node:path"
import { fileURLToPath } from "node:url"

const [bookPath, engine, pictures] = process.argv.slice(2)
const here = path.dirname(fileURLToPath(import.meta.url))
const modules = process.env.MODULES ?? path.join(here, "node_modules")
const [width, height] = (process.env.VIEWPORT ?? "600x800").split("x").map(Number)
const MOST_PAGES = 5000
const PATIENCE = 3000 // Milliseconds that a link may take to lead somewhere.
const MEDIA_TYPES = {
  ".css": "text/css", ".epub": "application/epub+zip", ".html": "text/html",
  ".js": "text/javascript", ".json": "application/json",
}
const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--no-first-run",
]

function serve() {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost")
    const file = pathname === "/book.epub" ? bookPath
      : pathname.startsWith("/modules/") ? path.join(modules, path.normalize(pathname.slice(8)))
        : path.join(here, path.basename(pathname))
    if (pathname === "/favicon.ico") return response.writeHead(204).end()
    if (!fs.existsSync(file)) return response.writeHead(404).end()
    response.setHeader("content-type", MEDIA_TYPES[path.extname(file)] ?? "application/octet-stream")
    fs.createReadStream(file).pipe(response)
  })
  return new Promise(resolve => server.listen(0, "127.0.0.1", () => resolve(server)))
}

// Put into the page beside the reading system: what is visible of the document shown.
function addEyes() {
  const ranges = new WeakMap()
  const onScreen = (box, frame) => {
    const x = frame.left + (box.left + box.right) / 2, y = frame.top + (box.top + box.bottom) / 2
    return box.width > 0 && x >= 0 && x < innerWidth && y >= 0 && y < innerHeight
  }
  const frameOf = doc => doc.defaultView.frameElement.getBoundingClientRect()
  const wordsOf = doc => {
    const words = []
    const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT)
    for (let node; (node = walker.nextNode());)
      for (const match of node.data.matchAll(/\S+/g)) {
        const range = doc.createRange()
        range.setStart(node, match.index)
        range.setEnd(node, match.index + match[0].length)
        words.push({ text: match[0], range, seen: false })
      }
    return words
  }
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve))
  // A reading system says that it has shown a document before it is laid out and its fonts are in.
  async function settled() {
    for (let before = ""; ;) {
      const doc = window.reader.document()
      await doc.fonts.ready
      await frame()
      await frame()
      const { left, width, height } = frameOf(doc)
      const now = [left, width, height, doc.body.scrollWidth, doc.body.scrollHeight].join()
      if (now === before && width > 0 && doc === window.reader.document()) return doc
      before = now
    }
  }
  window.eyes = {
    async newWords() {
      const doc = await settled()
      if (!ranges.has(doc)) ranges.set(doc, wordsOf(doc))
      const frame = frameOf(doc)
      const found = ranges.get(doc).filter(
        word => !word.seen && [...word.range.getClientRects()].some(box => onScreen(box, frame)))
      for (const word of found) word.seen = true
      return found.map(word => word.text)
    },
    links: () => [...window.reader.document().querySelectorAll("a[href]")].map(
      link => [link.textContent, link.getAttribute("href")]),
    follow: number => window.reader.document().querySelectorAll("a[href]")[number].click(),
    landed(name, id) {
      if (window.reader.shown() !== name) return null
      const doc = window.reader.document()
      const target = doc?.getElementById(id)
      const box = target?.getClientRects()[0]
      return box && onScreen(box, frameOf(doc)) ? target.textContent : null
    },
    flaws() {
      const doc = window.reader.document()
      const images = [...doc.querySelectorAll("img")].filter(image => image.naturalWidth === 0)
      return [
        ...[...doc.querySelectorAll("parsererror")].map(error => error.textContent.slice(0, 200)),
        ...images.map(image => `not shown: ${image.getAttribute("src")}`),
      ]
    },
  }
}

async function turnPages(page, seen) {
  for (let pages = 1; pages < MOST_PAGES; pages++) {
    const [name, words, flaws] = await page.evaluate(
      async () => [reader.shown(), await eyes.newWords(), eyes.flaws()])
    if (seen.documents.at(-1)?.name !== name) {
      seen.documents.push({ name, words: [], pages: 0 })
      if (pictures) await page.screenshot({ path: path.join(pictures, `${engine}-${name}.png`) })
    }
    seen.documents.at(-1).words.push(...words)
    seen.documents.at(-1).pages += 1
    seen.complaints.push(...flaws)
    if (!await page.evaluate(() => reader.next())) return
  }
}

async function followLinks(page, seen) {
  if (!seen.spine.includes("index.xhtml")) return
  await page.evaluate(() => reader.show("index.xhtml"))
  const links = await page.evaluate(() => eyes.links())
  for (const [number, [label, href]] of links.entries()) {
    const [name, id] = href.split("#")
    await page.evaluate(() => reader.show("index.xhtml"))
    const start = Date.now()
    await page.evaluate(number => eyes.follow(number), number)
    let text = null
    while (text === null && Date.now() - start < PATIENCE) {
      text = await page.evaluate(place => eyes.landed(...place), [name || "index.xhtml", id])
      if (text === null) await page.waitForTimeout(10)
    }
    seen.links.push({ label, href, text, milliseconds: Date.now() - start })
  }
}

const server = await serve()
const { chromium } = createRequire(path.join(modules, "x.js"))("playwright-core")
const browser = await chromium.launch({
  args: ARGUMENTS, executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
})
const page = await browser.newPage({
  colorScheme: process.env.COLOURS ?? "light", viewport: { width, height },
})
const seen = { engine, documents: [], links: [], complaints: [] }
page.on("console", message => {
  // Both reading systems give their frames these two rights, and the browser remarks on it.
  const isRemark = /allow-scripts and allow-same-origin/.test(message.text())
  if (["error", "warning"].includes(message.type()) && !isRemark) seen.complaints.push(message.text())
})
page.on("pageerror", error => seen.complaints.push(String(error)))
page.on("response", response => {
  if (response.status() >= 400) seen.complaints.push(`${response.status()} ${response.url()}`)
})
try {
  await page.goto(`http://127.0.0.1:${server.address().port}/${engine}.html`)
  await page.waitForFunction(() => window.reader)
  await page.evaluate(addEyes)
  await page.evaluate(() => reader.open())
  Object.assign(seen, await page.evaluate(() => ({
    title: reader.title(), toc: reader.toc(), landmarks: reader.landmarks(),
    pages: reader.pages(), spine: reader.spine(),
  })))
  await turnPages(page, seen)
  await followLinks(page, seen)
} finally {
  await browser.close()
  server.close()
}
console.log(JSON.stringify(seen))
