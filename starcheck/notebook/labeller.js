// The labeller in the browser: a list of sentences, and a box that takes letters and arrows.
// The keys go to a text box and not to the list, since notebooks keep letters for themselves elsewhere.

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function button(text, act) {
  const node = make("button", { type: "button", textContent: text });
  node.addEventListener("click", act);
  return node;
}

let views = 0;

function build(view, press) {
  const id = `starcheck-labeller-${++views}`;
  const ui = {
    head: make("p", { className: "sl-head" }),
    question: make("p", { className: "sl-question" }),
    list: make("ol", { id, className: "sl-list" }),
    keys: make("input", { type: "text", autocomplete: "off", spellcheck: false }),
    status: make("p", { className: "sl-status" }),
    agreements: make("ul", { className: "sl-agreements" }),
  };
  ui.list.setAttribute("role", "listbox");
  ui.list.setAttribute("aria-label", "Sentences of this answer");
  for (const [name, value] of [["role", "combobox"], ["aria-controls", id], ["aria-expanded", "true"], ["aria-haspopup", "listbox"]]) {
    ui.keys.setAttribute(name, value);
  }
  ui.status.setAttribute("role", "status");
  const parts = view.parts.map(({ part, letter, colour, means }) => {
    const one = button("", () => press(letter));
    const badge = make("b", { textContent: letter });
    badge.style.background = colour;
    one.append(badge, ` ${part}: ${means}`);
    return one;
  });
  const label = make(
    "label", {}, make("span", { textContent: "Keys: S T A R L O label, arrows move, Backspace takes a label away" }), ui.keys,
  );
  const root = make(
    "section", { className: "starcheck-labeller" }, ui.head, ui.question,
    make("div", { className: "sl-row" }, label, button("Previous answer", () => press("PageUp")), button("Next answer", () => press("PageDown"))),
    ui.list, make("div", { className: "sl-row sl-parts" }, ...parts), ui.status, ui.agreements,
  );
  root.setAttribute("aria-label", "Labeller");
  root.dataset.lmSuppressShortcuts = "true";
  return { root, ui, id, letters: new Set(view.parts.map((p) => p.letter)) };
}

function option(sentence, index, view, id) {
  const of = (part) => view.parts.find((p) => p.part === part);
  const badge = make("b", { textContent: sentence.part ? of(sentence.part).letter : "\u2013" });
  if (sentence.part) badge.style.background = of(sentence.part).colour;
  else badge.className = "sl-none";
  const item = make("li", { id: `${id}-${index}` }, badge, ` ${index + 1}. ${sentence.text}`);
  item.setAttribute("role", "option");
  for (const [who, name] of [["model", "model"], ["second", "second labeller"]]) {
    if (sentence[who] && sentence[who] !== sentence.part) {
      item.append(make("small", { textContent: ` ${name} says ${of(sentence[who]).letter}` }));
    }
  }
  return item;
}

function render({ model, el }) {
  let at = 0;
  let shown = null;
  const first = (view) => Math.max(0, view.sentences.findIndex((s) => !s.part));

  const press = (key) => {
    const view = model.get("view");
    const last = view.sentences.length - 1;
    const label = (part) => model.send({ do: "label", answer: view.answer, sentence: at, part });
    if (letters.has(key.toUpperCase())) { label(key.toUpperCase()); at = Math.min(last, at + 1); }
    else if (key === "ArrowDown") at = Math.min(last, at + 1);
    else if (key === "ArrowUp") at = Math.max(0, at - 1);
    else if (key === "Backspace" || key === "Delete") label(null);
    else if (key === "PageDown") model.send({ do: "go", answer: view.answer + 1 });
    else if (key === "PageUp") model.send({ do: "go", answer: view.answer - 1 });
    else return false;
    mark();
    ui.keys.focus();
    return true;
  };
  const { root, ui, id, letters } = build(model.get("view"), press);

  const mark = () => {
    [...ui.list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    ui.keys.setAttribute("aria-activedescendant", `${id}-${at}`);
    ui.list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const draw = () => {
    const view = model.get("view");
    if (shown !== view.answer) { shown = view.answer; at = first(view); }
    ui.head.textContent = `Answer ${view.answer + 1} of ${view.answers} (${view.id}); ${view.finished} finished`;
    ui.question.textContent = view.question;
    ui.list.replaceChildren(...view.sentences.map((s, i) => {
      const item = option(s, i, view, id);
      item.addEventListener("click", () => { at = i; mark(); ui.keys.focus(); });
      return item;
    }));
    ui.status.textContent = view.status;
    ui.agreements.replaceChildren(...view.agreements.map((text) => make("li", { textContent: text })));
    mark();
  };

  ui.keys.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (press(event.key) || event.key.length === 1) event.preventDefault();
  });
  model.on("change:view", draw);
  draw();
  el.append(root);
  return () => model.off("change:view", draw);
}

export default { render };
