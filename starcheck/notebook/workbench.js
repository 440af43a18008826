// The bench in the browser: sends what was typed, shows what Python answers.
// Python escapes the report; every other text is set as text, never as HTML.

const REST = 150; // ms without a key before the text is sent

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function labelled(text, control) {
  return make("label", {}, make("span", { textContent: text }), control);
}

function select(values, none) {
  const options = values.map((v) => make("option", { value: v, textContent: v }));
  if (none) options.unshift(make("option", { value: "", textContent: none }));
  return make("select", {}, ...options);
}

function build(view) {
  const ui = {
    text: make("textarea", { rows: 14, spellcheck: true, placeholder: "Type or paste your answer here." }),
    question: select(view.questions, "No question"),
    level: select(view.levels, "Not said"),
    profile: select(view.profiles),
    keep: make("button", { type: "button", textContent: "Keep this draft" }),
    save: make("button", { type: "button", textContent: "Export as HTML" }),
    verdict: make("p", { className: "sw-verdict" }),
    status: make("p", { className: "sw-status" }),
    report: make("div", { className: "sw-report" }),
    drafts: make("div", { className: "sw-drafts" }),
  };
  ui.verdict.setAttribute("role", "status");
  ui.status.setAttribute("role", "status");
  ui.text.setAttribute("aria-keyshortcuts", "Control+Enter");
  const left = make(
    "div", { className: "sw-left" },
    labelled("Question", ui.question),
    make("div", { className: "sw-row" }, labelled("Level", ui.level), labelled("Profile of shares", ui.profile)),
    labelled("Your answer (Ctrl+Enter keeps a draft)", ui.text),
    make("div", { className: "sw-row" }, ui.keep, ui.save),
    ui.status, ui.drafts,
  );
  const right = make("div", { className: "sw-right" }, ui.verdict, ui.report);
  const root = make("section", { className: "starcheck-bench" }, left, right);
  root.setAttribute("aria-label", "Workbench for one answer");
  // JupyterLab would else take letters as commands when a button in here has the focus.
  root.dataset.lmSuppressShortcuts = "true";
  return { root, ui };
}

function light(report, indices, on) {
  const sentences = report.querySelectorAll(".answer .s");
  sentences.forEach((s) => { s.classList.remove("lit"); s.querySelector(".sw-here")?.remove(); });
  if (!on) return;
  indices.forEach((i, rank) => {
    const sentence = sentences[i];
    if (!sentence) return;
    sentence.classList.add("lit");
    sentence.prepend(make("span", { className: "sw-here", textContent: "\u25b6 " }));
    if (rank === 0) sentence.scrollIntoView({ block: "nearest" });
  });
}

// Each finding that rests on sentences gets a button that shows them.
function wire(report, evidence) {
  report.querySelectorAll("ol.findings > li").forEach((item, n) => {
    const indices = evidence[n] ?? [];
    if (!indices.length) return;
    const where = indices.map((i) => i + 1).join(", ");
    const button = make("button", { type: "button", className: "sw-look" });
    button.textContent = `Show sentence${indices.length > 1 ? "s" : ""} ${where}`;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      report.querySelectorAll(".sw-look").forEach((b) => b.setAttribute("aria-pressed", "false"));
      button.setAttribute("aria-pressed", String(on));
      light(report, indices, on);
    });
    item.querySelector("small:last-of-type")?.remove();
    item.append(" ", button);
  });
}

function path(drafts) {
  const scored = drafts.filter((d) => d.score !== null);
  if (scored.length < 2) return "";
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  const x = (i) => 12 + (i * 216) / (scored.length - 1);
  const y = (d) => 66 - d.score * 0.54;
  svg.setAttribute("viewBox", "0 0 240 76");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `Score of the drafts: ${scored.map((d) => d.score.toFixed(0)).join(", ")}`);
  const line = document.createElementNS(ns, "polyline");
  line.setAttribute("points", scored.map((d, i) => `${x(i)},${y(d)}`).join(" "));
  svg.append(line);
  scored.forEach((d, i) => {
    const dot = document.createElementNS(ns, "circle");
    [["cx", x(i)], ["cy", y(d)], ["r", 3.5]].forEach(([k, v]) => dot.setAttribute(k, v));
    const label = document.createElementNS(ns, "text");
    [["x", x(i)], ["y", y(d) - 7], ["text-anchor", "middle"]].forEach(([k, v]) => label.setAttribute(k, v));
    label.textContent = d.score.toFixed(0);
    svg.append(dot, label);
  });
  return svg;
}

function history(drafts, recall) {
  if (!drafts.length) return [];
  const items = drafts.map((d) => {
    const score = d.score === null ? "no score" : `${d.score.toFixed(0)}/100`;
    const button = make("button", { type: "button", textContent: `Draft ${d.number}: ${score}, ${d.words} words` });
    button.title = d.label;
    button.addEventListener("click", () => recall(d.number));
    return make("li", {}, button);
  });
  return [make("h3", { textContent: "Drafts" }), path(drafts), make("ol", {}, ...items)];
}

function render({ model, el }) {
  const { root, ui } = build(model.get("view"));
  let serial = model.get("view").serial;
  let sent = serial; // what Python was last asked
  let timer = null;

  const changes = () => ({
    text: ui.text.value, question: ui.question.value, level: ui.level.value, profile: ui.profile.value,
  });
  const send = () => {
    timer = null;
    if (sent > model.get("view").serial) return schedule(); // one question at a time; ask again when answered
    sent = ++serial;
    model.send({ do: "update", serial, changes: changes() });
  };
  const schedule = () => { clearTimeout(timer); timer = setTimeout(send, REST); };
  // What is still unsent goes along, so that the draft kept is the text one sees.
  const act = (message) => {
    clearTimeout(timer);
    timer = null;
    sent = ++serial;
    model.send({ ...message, serial });
  };

  const draw = () => {
    const view = model.get("view");
    serial = Math.max(serial, view.serial);
    // While the user types on, their text is newer than this answer to it.
    if (timer === null && view.serial >= sent) {
      for (const name of ["text", "level", "profile"]) if (ui[name].value !== view[name]) ui[name].value = view[name];
      if (![...ui.question.options].some((o) => o.value === view.question)) {
        ui.question.append(make("option", { value: view.question, textContent: view.question }));
      }
      ui.question.value = view.question;
    }
    if (ui.verdict.textContent !== view.verdict) ui.verdict.textContent = view.verdict;
    if (ui.status.textContent !== view.status) ui.status.textContent = view.status;
    ui.report.innerHTML = view.html;
    wire(ui.report, view.evidence);
    ui.drafts.replaceChildren(...history(view.drafts, (draft) => act({ do: "recall", draft })));
    root.dataset.serial = view.serial;
  };

  ui.text.addEventListener("input", schedule);
  for (const name of ["question", "level", "profile"]) ui[name].addEventListener("change", schedule);
  ui.keep.addEventListener("click", () => act({ do: "keep", changes: changes() }));
  ui.save.addEventListener("click", () => act({ do: "export", changes: changes() }));
  ui.text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); act({ do: "keep", changes: changes() }); }
  });
  model.on("change:view", draw);
  draw();
  el.append(root);
  return () => { clearTimeout(timer); model.off("change:view", draw); };
}

export default { render };
