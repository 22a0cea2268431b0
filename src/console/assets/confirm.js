import { csrfToken } from "./remote.js";

// Asks in a dialog; resolves to whether the answer was yes.
export function ask(title, text) {
  const dialog = document.getElementById("question");
  dialog.querySelector("#question-title").textContent = title;
  dialog.querySelector("#question-text").textContent = text;
  dialog.returnValue = "cancel";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok"), { once: true });
  });
}

function hidden(name, value) {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = name;
  input.value = value;
  return input;
}

function post(url) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  form.append(hidden("_csrf", csrfToken()),
    hidden("back", location.pathname + location.search));
  document.body.append(form);
  form.submit();
}

// A link with a question posts to its address after a yes; a button sends its form.
export function startConfirm() {
  document.addEventListener("click", async (event) => {
    const asking = event.target.closest("[data-confirm]");
    if (!asking || event.defaultPrevented) return;
    event.preventDefault();
    if (!await ask(asking.dataset.confirmTitle, asking.dataset.confirm)) return;
    if (asking instanceof HTMLAnchorElement) {
      post(asking.getAttribute("href"));
    } else {
      asking.form.append(hidden("confirmed", "1"), hidden(asking.name, asking.value));
      asking.form.submit();
    }
  });
}
