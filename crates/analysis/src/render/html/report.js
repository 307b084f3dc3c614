"use strict";
// Sorts a table by a column: down, up, and back to the printed order.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const printed = Array.from(body.rows);
  const heads = Array.from(table.querySelectorAll("thead tr:last-child th"));
  heads.forEach((head, column) => {
    const button = head.querySelector("button");
    if (!button) return;
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      const next = now === "descending" ? "ascending" : now === "ascending" ? null : "descending";
      heads.forEach((h) => h.removeAttribute("aria-sort"));
      table.classList.toggle("sorted", next !== null);
      if (next === null) {
        body.append(...printed);
        return;
      }
      head.setAttribute("aria-sort", next);
      const sign = next === "ascending" ? 1 : -1;
      const key = (row) => row.cells[column].dataset.value ?? "";
      const order = (a, b) => {
        const x = key(a), y = key(b);
        if (x === "" || y === "") return (x === "") - (y === "");
        const difference = Number(x) - Number(y);
        return sign * (Number.isNaN(difference) ? x.localeCompare(y) : difference);
      };
      body.append(...printed.slice().sort(order));
    });
  });
}

// Shows the stored pictures of one condition; the pictures lie in the page as data.
const store = document.getElementById("panels");
if (store) {
  const panels = JSON.parse(store.textContent);
  const pick = (id) => document.getElementById(id);
  const [image, corruption, severity] = ["pick-image", "pick-corruption", "pick-severity"].map(pick);
  const fill = (select, values, words = (v) => v) => {
    const before = select.value;
    select.replaceChildren(...values.map((v) => new Option(words(v), v)));
    if (values.includes(before)) select.value = before;
    select.disabled = values.length < 2;
  };
  const unique = (list, key) => [...new Set(list.map((p) => String(p[key])))];
  const show = () => {
    const ofImage = panels.filter((p) => p.image === image.value);
    fill(corruption, unique(ofImage, "corruption"), (v) => v.replaceAll("_", " "));
    const ofCorruption = ofImage.filter((p) => p.corruption === corruption.value);
    fill(severity, unique(ofCorruption, "severity"));
    const panel = ofCorruption.find((p) => String(p.severity) === severity.value);
    const figure = (name, data, labels, score) => {
      const box = document.createElement("figure");
      const picture = new Image();
      picture.src = "data:image/png;base64," + data;
      picture.alt = `${name}: ${panel.image}, ${panel.corruption} ${panel.severity}`;
      if (labels) picture.className = "labels";
      const caption = document.createElement("figcaption");
      caption.textContent = score == null ? name : `${name}: ${score} %`;
      box.append(picture, caption);
      return box;
    };
    pick("picked").replaceChildren(
      figure("input", panel.input, false),
      figure("label", panel.label, true),
      ...panel.predictions.map(([name, data, score]) => figure(name, data, true, score)),
    );
    pick("legend").replaceChildren(
      ...panel.classes.map(([name, colour]) => {
        const entry = document.createElement("span");
        const chip = document.createElement("i");
        chip.style.background = colour;
        entry.append(chip, name);
        return entry;
      }),
    );
  };
  fill(image, unique(panels, "image"));
  for (const select of [image, corruption, severity]) select.addEventListener("change", show);
  show();

  // "#see=fog:3" or "#see=fog:3:IMAGE" picks those pictures; table cells and lists of pictures link so.
  const follow = (hash) => {
    const [name, level, wanted] = decodeURIComponent(hash).replace("#see=", "").split(":");
    const fits = (p) => p.corruption === name && String(p.severity) === level;
    const of = (id) => panels.find((p) => fits(p) && p.image === id);
    const found = (wanted && of(wanted)) || of(image.value) || panels.find(fits);
    if (!found) return;
    image.value = found.image;
    show();
    corruption.value = found.corruption;
    show();
    severity.value = String(found.severity);
    show();
    document.getElementById("pictures").scrollIntoView();
  };
  const isLink = (hash) => hash.startsWith("#see=");
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#see=']");
    if (!link) return;
    event.preventDefault();
    if (location.hash !== link.hash) history.pushState(null, "", link.hash);
    follow(link.hash);
  });
  window.addEventListener("popstate", () => isLink(location.hash) && follow(location.hash));
  if (isLink(location.hash)) follow(location.hash);
}
