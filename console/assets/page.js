/* What every page of the office gains by script; without it each of them works as it stands. */

import "./light-box.js"

const root = document.documentElement
for (const word of ["size", "theme"]) {
  try {
    const kept = localStorage.getItem(word)
    if (kept) root.dataset[word] = kept
  } catch { /* a browser that keeps nothing */ }
}

// A menu goes when one looks elsewhere.
addEventListener("click", event => {
  for (const open of document.querySelectorAll("details.viewer[open]")) if (!open.contains(event.target)) open.open = false
})
addEventListener("keydown", event => {
  if (event.key === "Escape") for (const open of document.querySelectorAll("details.viewer[open]")) open.open = false
})
