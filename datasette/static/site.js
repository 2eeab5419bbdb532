/* Comfort only: every page works without this file. */
"use strict";

// Copy buttons appear where the clipboard can be written.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
}

// A link into a folded part opens it.
function unfold() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();

// «/» goes to the search, «←» and «→» to the neighbours, as their links would.
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable], .table")) return;
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("find").focus();
  }
});

// Printing shows what is folded.
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("main details:not([open])")) { fold.open = true; fold.dataset.printed = "1"; }
});
addEventListener("afterprint", () => {
  for (const fold of document.querySelectorAll("details[data-printed]")) { fold.open = false; delete fold.dataset.printed; }
});
