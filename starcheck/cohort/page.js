"use strict";
// Sorting and filtering of the table; without this script the page shows all, in the order of the input.
(() => {
  const table = document.getElementById("answers");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const find = document.getElementById("find");
  const status = document.getElementById("status");
  const band = document.getElementById("band");
  const shown = document.getElementById("shown");
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const value = (row, i, kind) => {
    const cell = row.cells[i];
    const text = cell.dataset.value ?? cell.textContent.trim();
    return kind === "n" ? (text === "" ? -1 : Number(text)) : text.toLowerCase();
  };

  const filter = () => {
    const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    rows.forEach((row, i) => {
      const fits =
        wanted.every((word) => texts[i].includes(word)) &&
        (!status.value || row.dataset.status === status.value) &&
        (!band.value || row.dataset.band === band.value);
      row.hidden = !fits;
      n += fits;
    });
    shown.textContent = `${n} of ${rows.length} shown`;
  };

  const sort = (head, i) => {
    const down = head.getAttribute("aria-sort") === "ascending";
    const kind = head.dataset.kind;
    const compare = kind === "n" ? (a, b) => a - b : (a, b) => a.localeCompare(b, "en", { numeric: true });
    const keyed = rows.map((row, at) => ({ row, at, key: value(row, i, kind) }));
    keyed.sort((a, b) => (down ? -1 : 1) * compare(a.key, b.key) || a.at - b.at);
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append(...keyed.map((k) => k.row));
  };

  Array.from(table.tHead.rows[0].cells).forEach((head, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(head, i));
  });
  find.addEventListener("input", filter);
  for (const field of [status, band]) field.addEventListener("change", filter);
  const form = document.querySelector(".filters");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
