// Pointing at an element, in the raw text, in the JSON or where it is explained, lights it in all three, and says below what it
// is. What belongs together is read off the links that are there without this script too.
"use strict";
(() => {
  const bar = document.getElementById("bar");
  const list = bar.firstElementChild;
  let lit = [];
  let last = null;

  const numberOf = (spot) => /^[xe]\d+$/.test(spot.id) ? spot.id.slice(1) : (spot.hash || "").slice(2);

  function group(spot) {
    const number = numberOf(spot);
    const entry = document.getElementById("e" + number);
    const home = entry && entry.querySelector("a.p");
    const value = home && document.getElementById(home.hash.slice(1));
    return { entry, all: [spot, document.getElementById("x" + number), entry, value].filter(Boolean) };
  }

  // What was out of sight takes its real height when it comes into it, so this is looked at again.
  function reveal(spot, again = 3) {
    const pane = spot.closest(".pane");
    if (!pane || pane.scrollHeight <= pane.clientHeight) return;
    const box = pane.getBoundingClientRect(), here = spot.getBoundingClientRect();
    if (!here.height) return;
    if (here.top < box.top + 20 || here.bottom > box.bottom - 20) {
      pane.scrollTop += here.top - box.top - box.height / 3;
    }
    if (again) requestAnimationFrame(() => { if (spot.classList.contains("lit")) reveal(spot, again - 1); });
  }

  function light(spot) {
    if (spot === last) return;
    dim();
    last = spot;
    const { entry, all } = group(spot);
    lit = all;
    for (const one of all) {
      one.classList.add("lit");
      if (one.closest(".pane") !== spot.closest(".pane")) reveal(one);
    }
    const row = entry && entry.cloneNode(true);
    if (row) {
      row.removeAttribute("id");
      row.classList.remove("lit");
      const rule = row.querySelector("a[href^='#u']"), about = rule && document.querySelector(rule.hash + " small");
      if (about) rule.append(" ", about.cloneNode(true));
    }
    list.replaceChildren(...(row ? [row] : []));
    bar.hidden = !entry || entry === spot;
    const box = spot.getBoundingClientRect();
    bar.classList.toggle("top", box.top + box.bottom > innerHeight); // never over what it speaks of
  }

  function dim() {
    for (const one of lit) one.classList.remove("lit");
    lit = [];
    last = null;
    bar.hidden = true;
  }

  const spotOf = (target) => target.closest && target.closest("a[id^=x], .json a, li[id^=e]");

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const spot = spotOf(event.target);
    if (spot) light(spot); else dim();
  });
  document.addEventListener("focusin", (event) => {
    const spot = spotOf(event.target);
    if (spot) light(spot); else dim();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") dim(); });

  // A finger cannot hover: the first tap lights, the second follows the link.
  let touched = null;
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch" ? last : null;
  }, true);
  document.addEventListener("click", (event) => {
    const spot = spotOf(event.target);
    if (event.pointerType !== "touch") return;
    if (!spot) return dim();
    if (spot.tagName === "A" && spot !== touched) event.preventDefault();
    light(spot);
  });

  // Following a link opens what is folded around its end.
  function unfold() {
    const end = location.hash && document.getElementById(location.hash.slice(1));
    if (!end) return;
    for (let fold = end.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
    end.scrollIntoView();
  }
  addEventListener("hashchange", unfold);

  // What is copied of the raw text is the raw text: no line breaks but its own.
  for (const raw of document.querySelectorAll(".raw")) {
    raw.addEventListener("copy", (event) => {
      const chosen = getSelection();
      if (!chosen.rangeCount || !event.clipboardData) return;
      event.clipboardData.setData("text/plain", chosen.getRangeAt(0).cloneContents().textContent);
      event.preventDefault();
    });
  }
})();
