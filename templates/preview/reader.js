// The e-book as epub.js shows it, one page at a time, in a frame without scripts.
//
// The preview says which EPUB to show; the place that was read is found again in it.
"use strict"

const find = id => document.getElementById(id)
let book = null
let rendition = null
let address = ""
let work = Promise.resolve()

addEventListener("message", event => {
  if (event.origin !== location.origin || event.source !== parent) return
  work = work.then(() => open(event.data)).catch(trouble)
})

async function open(wanted) {
  if (wanted === address) return
  const answer = await fetch(wanted)
  if (!answer.ok) return // A newer one is being called out.
  const next = ePub(await answer.arrayBuffer())
  const layer = document.createElement("div")
  layer.className = "layer"
  find("leaf").append(layer)
  const view = next.renderTo(layer, {
    allowScriptedContent: false, flow: "paginated", height: "100%", spread: "none", width: "100%",
  })
  view.on("rendered", (section, { iframe }) => { iframe.title = "Text of the e-book" })
  await display(view, sessionStorage.getItem("place"))
  listContents(await next.loaded.navigation)
  view.on("relocated", notePlace)
  view.on("keyup", turn)
  book?.destroy()
  find("leaf").querySelectorAll(".layer").forEach(old => old === layer || old.remove())
  book = next
  rendition = view
  address = wanted
  document.body.dataset.shown = wanted
}

async function display(view, place) {
  try {
    await view.display(place ?? undefined)
    // The book's typefaces come later than its text, and with them its lines break elsewhere.
    await Promise.all(view.getContents().map(({ document }) => document.fonts.ready))
    await view.display(place ?? undefined)
  } catch {
    await view.display() // The place is no more.
  }
}

function notePlace(location) {
  sessionStorage.setItem("place", location.start.cfi)
  const { href } = location.start
  const here = [...find("contents").options].find(option => option.value.split("#")[0] === href)
  if (here && find("contents").value.split("#")[0] !== href) find("contents").value = here.value
}

function listContents(navigation) {
  const flat = (items, depth) => items.flatMap(
    item => [[item, depth], ...flat(item.subitems ?? [], depth + 1)])
  const options = flat(navigation.toc, 0).map(
    ([item, depth]) => new Option("\u2003".repeat(depth) + item.label.trim(), item.href))
  find("contents").replaceChildren(...options)
}

function trouble(error) {
  find("said").className = "trouble"
  find("said").textContent = `The e-book cannot be shown: ${error.message}`
}

function turn(event) {
  if (event.target instanceof HTMLSelectElement) return
  if (event.key === "ArrowLeft") rendition?.prev()
  if (event.key === "ArrowRight") rendition?.next()
}

if (document.body.dataset.engine === "ready") {
  find("back").addEventListener("click", () => rendition?.prev())
  find("on").addEventListener("click", () => rendition?.next())
  find("contents").addEventListener("change", event => rendition?.display(event.target.value))
  addEventListener("keyup", turn)
}
parent.postMessage(document.body.dataset.engine, location.origin)
