"use strict";
// Search is a help, not a need: without scripts the fields are all there, and fold.
const searching = document.getElementById("searching");
const found = searching.querySelector("output");
const parts = [...document.querySelectorAll(".part")];
searching.hidden = false;
searching.querySelector("input").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const part of parts) {
    let here = 0;
    for (const row of part.querySelectorAll("tbody tr")) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      here += !row.hidden;
    }
    part.hidden = !here;
    if (words.length) part.open = true;
    count += here;
  }
  found.textContent = words.length ? `${count} fields` : "";
});
