// The preview stays what it is while the book under it is built anew.
//
// The server calls when something has changed; the whole page is fetched then, and of it only
// what is different takes the place of what is shown. A page of the book is known by the digest
// of what is drawn on it: one that stays keeps its element, and its picture is not asked for again.
"use strict"

const find = id => document.getElementById(id)
const reader = find("reader")
let shown = Number(document.body.dataset.number)
let readerSays = "" // ready, coming or none: of its engine.

// Called by the server ----------------------------------------------------------------

let work = Promise.resolve()
const calls = new EventSource("/events")
calls.onmessage = message => {
  const now = JSON.parse(message.data)
  const { classList } = document.body
  // Another server may have come in the place of the one that counted.
  if (classList.contains("alone")) shown = -1
  classList.remove("alone")
  classList.toggle("building", now.building)
  if (now.engine && readerSays === "coming") reader.contentWindow.location.reload()
  if (now.number === shown || now.number === 0) return // A server that knows of no build yet.
  if (now.building) say("Building …")
  else work = work.then(refresh, refresh)
}
calls.onerror = () => {
  document.body.classList.add("alone")
  document.body.classList.remove("building")
  say("The preview has ended: what you see is what was built last")
}

function say(words) {
  const status = find("status")
  if (status.textContent !== words) status.textContent = words
}

async function refresh() {
  const answer = await fetch("/")
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html")
  const place = placeInPages()
  document.title = fresh.title
  const [title, freshTitle] = [document, fresh].map(page => page.querySelector("h1"))
  if (title.textContent !== freshTitle.textContent) title.textContent = freshTitle.textContent
  find("status").className = fresh.getElementById("status").className
  say(fresh.getElementById("status").textContent)
  replace("told", fresh)
  replace("changes-told", fresh)
  settle(find("pages"), fresh.getElementById("pages"))
  replace("no-pages", fresh)
  for (const id of ["no-pages", "to-told"]) find(id).hidden = fresh.getElementById(id).hidden
  document.body.classList.toggle("building", fresh.body.classList.contains("building"))
  returnTo(place)
  find("ebook").dataset.epub = fresh.getElementById("ebook").dataset.epub
  openEbook()
  shown = Number(fresh.body.dataset.number)
}

// Put what is fresh in an element's place; a link that has the focus keeps it. What was opened
// stays open as long as nothing else was said.
const said = new Map(["told", "changes-told", "no-pages"].map(id => [id, find(id).innerHTML]))
function replace(id, fresh) {
  const [old, now] = [find(id), fresh.getElementById(id)]
  if (said.get(id) === now.innerHTML) return
  said.set(id, now.innerHTML)
  const focused = old.contains(document.activeElement) && document.activeElement.getAttribute("href")
  old.replaceChildren(...now.childNodes)
  if (focused) [...old.querySelectorAll("a")].find(link => link.getAttribute("href") === focused)?.focus()
}

// Pages ---------------------------------------------------------------------------------

function settle(list, fresh) {
  const known = Map.groupBy(list.children, page => page.dataset.digest)
  const pages = [...fresh.children].map(page => {
    const own = known.get(page.dataset.digest)?.shift()
    if (own) rename(own, page)
    return own ?? holdShape(document.adoptNode(page))
  })
  const staying = new Set(pages)
  for (const page of [...list.children]) if (!staying.has(page)) page.remove()
  let at = list.firstElementChild
  for (const page of pages)
    if (page === at) at = at.nextElementSibling
    else list.insertBefore(page, at)
}

// A picture is a part of a pixel higher or lower than the page that it shows: of a hundred above
// the place that is read, that come late, this would make a shift.
function holdShape(page) {
  const picture = page.querySelector("img")
  picture.style.aspectRatio = `${picture.getAttribute("width")} / ${picture.getAttribute("height")}`
  return page
}
for (const page of find("pages").children) holdShape(page)

// A page that stays may have another number, and another side of the spread.
function rename(page, fresh) {
  page.id = fresh.id
  page.className = fresh.className
  page.dataset.folio = fresh.dataset.folio
  page.querySelector("img").alt = fresh.querySelector("img").alt
  page.querySelector(".folio").replaceWith(fresh.querySelector(".folio"))
}

// Which page is read, and how far it is from the top of the window; a blank one is like others.
// Whoever has not come to the pages yet sees what is said above them.
function placeInPages() {
  const top = document.querySelector(".bar").getBoundingClientRect().bottom
  const pages = [...find("pages").children]
  const at = pages.findIndex(
    page => page.dataset.words && page.getBoundingClientRect().bottom > top + innerHeight / 4)
  if (at < 0 || pages[0].getBoundingClientRect().top > top) return null
  const { digest, folio, words } = pages[at].dataset
  return { at, digest, folio, top: pages[at].getBoundingClientRect().top, words }
}

// To the same page; if there is none, to the same words on another, or to the same number.
function returnTo(place) {
  const pages = [...find("pages").children]
  if (!place || pages.length === 0) return
  const page = ["digest", "words", "folio"]
    .map(sign => pages.find(page => page.dataset[sign] === place[sign])).find(Boolean)
    ?? pages[Math.min(place.at, pages.length - 1)]
  scrollBy({ behavior: "instant", top: page.getBoundingClientRect().top - place.top })
}

find("jump").addEventListener("submit", event => {
  event.preventDefault()
  const folio = find("jump-to").value.trim().toLowerCase()
  const page = [...find("pages").children].find(page => page.dataset.folio.toLowerCase() === folio)
  find("jump-to").setAttribute("aria-invalid", String(!page))
  if (!page) return say(`There is no page ${folio}`)
  page.scrollIntoView()
  page.focus({ preventScroll: true })
})

// What is shown ---------------------------------------------------------------------------

const buttons = [...document.querySelectorAll("[data-pane]")]
const narrow = matchMedia("(max-width: 56rem)").matches
for (const button of buttons) {
  const { pane } = button.dataset
  const kept = localStorage.getItem(`shows-${pane}`)
  show(button, kept === null ? !(narrow && pane === "ebook") : kept === "true")
  button.addEventListener("click", () => {
    const place = placeInPages()
    const wanted = button.getAttribute("aria-pressed") !== "true"
    localStorage.setItem(`shows-${pane}`, wanted)
    show(button, wanted)
    returnTo(place)
  })
}

function show(button, wanted) {
  button.setAttribute("aria-pressed", wanted)
  find(button.dataset.pane).hidden = !wanted
  if (button.dataset.pane === "ebook" && wanted && !reader.src) reader.src = reader.dataset.src
}

// The e-book ------------------------------------------------------------------------------

addEventListener("message", event => {
  if (event.origin !== location.origin || event.source !== reader.contentWindow) return
  readerSays = event.data
  if (readerSays === "ready") openEbook()
})

function openEbook() {
  const { epub } = find("ebook").dataset
  if (readerSays === "ready" && epub) reader.contentWindow.postMessage(epub, location.origin)
}
