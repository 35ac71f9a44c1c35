// The find box of the reading page: every paragraph that holds the words, one after the other.
// The page is whole without it; the box is shown only where this runs.
"use strict";
(() => {
  const form = document.querySelector(".find");
  const box = form.elements.q;
  const count = form.querySelector(".find-count");
  const paragraphs = [...document.querySelectorAll("#text p, #text h1, #text h2, #text h3")];
  // As the eye compares: without accents, case, or the shape of quotation marks and dashes.
  const fold = (text) =>
    text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[‘’‚‹›]/g, "'").replace(/[“”„«»]/g, '"')
      .replace(/[‐-―]/g, "-").replace(/ß/g, "ss").replace(/\s+/g, " ")
      .replace(/(^|[ (])" /g, '$1"').replace(/ "(?=$|[ ).,;:!?])/g, '"').toLowerCase();
  const texts = paragraphs.map((paragraph) => fold(paragraph.textContent));
  let found = [];
  let at = -1;

  const show = (next) => {
    found[at]?.classList.remove("found-here");
    at = (next + found.length) % found.length;
    found[at].classList.add("found-here");
    found[at].scrollIntoView({ block: "center" });
    count.value = form.dataset.count.replace("{at}", at + 1).replace("{count}", found.length);
  };
  const find = () => {
    for (const paragraph of found) paragraph.classList.remove("found", "found-here");
    const sought = fold(box.value.trim());
    found = sought ? paragraphs.filter((_, number) => texts[number].includes(sought)) : [];
    for (const paragraph of found) paragraph.classList.add("found");
    at = -1;
    if (found.length) show(0);
    else count.value = sought ? form.dataset.none : "";
  };
  const step = (by) => found.length && show(at + by);

  box.addEventListener("input", find);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    step(1);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.shiftKey) return;
    event.preventDefault();
    step(-1);
  });
  form.querySelector(".find-before").addEventListener("click", () => step(-1));
  form.hidden = false;
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    box.value = asked;
    find();
  }
})();
