/* What Datasette 0.65.5 has as inline scripts in its templates (table.html, _codemirror_foot.html,
   _close_open_menus.html), as a file, so that no page needs an inline script. */
"use strict";

var DATASETTE_ALLOW_FACET = true; // read by Datasette's table.js

// Names for what Datasette leaves nameless, and wide tables that a keyboard can scroll.
const NAMES = { _filter_column: "Column", _filter_op: "Condition", _filter_value: "Value", _sort: "Sort by", _sort_desc: "Sort by" };
addEventListener("DOMContentLoaded", () => {
  for (const field of document.querySelectorAll(".datasette form select, .datasette form input[type=text]")) {
    const name = NAMES[field.name.replace(/_\d+$/, "")];
    if (name && !field.labels.length) field.setAttribute("aria-label", name);
  }
  for (const wide of document.querySelectorAll(".datasette .table-wrapper")) {
    wide.tabIndex = 0;
    wide.setAttribute("role", "group");
    wide.setAttribute("aria-label", "Rows");
  }
});

addEventListener("load", () => {
  const format = document.querySelector("button#sql-format");
  const shown = document.querySelector("pre#sql-query");
  const input = document.querySelector("textarea#sql-editor");
  if (format && !shown) format.hidden = false;
  if (input && window.CodeMirror) {
    const editor = CodeMirror.fromTextArea(input, { lineNumbers: true, mode: "text/x-sql", lineWrapping: true });
    editor.setOption("extraKeys", { "Shift-Enter": () => document.getElementsByClassName("sql")[0].submit(), Tab: false });
    editor.getInputField().setAttribute("aria-label", "SQL");
    if (format) format.addEventListener("click", () => editor.setValue(sqlFormatter.format(editor.getValue())));
    if (window.cmResize) cmResize(editor, { resizableWidth: false });
  }
  if (format && shown && window.sqlFormatter) {
    const formatted = sqlFormatter.format(shown.textContent);
    if (formatted !== shown.textContent) {
      format.hidden = false;
      format.addEventListener("click", () => { shown.textContent = formatted; });
    }
  }
});

document.addEventListener("click", (event) => {
  // A click elsewhere closes an open menu.
  const within = event.target.closest("details");
  for (const menu of document.querySelectorAll("details.actions-menu-links[open], details.nav-menu[open]")) {
    if (menu !== within) menu.open = false;
  }
});
