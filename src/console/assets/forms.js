import { isOwnPath, leaveWhenLoggedOut, postJson } from "./remote.js";
import { toast } from "./toasts.js";

const kSuccessTime = 1000;
const kFailureTime = 3000;

// The fields as the server wants them: texts; name[] joined with commas.
function fieldsOf(form) {
  const fields = {};
  for (const tree of form.querySelectorAll("[data-tree]")) fields[tree.dataset.tree] = "";
  for (const [name, value] of new FormData(form)) {
    if (name === "_csrf" || typeof value !== "string") continue;
    if (name.endsWith("[]")) {
      const plain = name.slice(0, -2);
      fields[plain] = fields[plain] ? `${fields[plain]},${value}` : value;
    } else {
      fields[name] = value;
    }
  }
  return fields;
}

function showError(form, text) {
  const place = form.querySelector("[data-error]");
  if (!place) return;
  place.textContent = text;
  place.hidden = text === "";
}

function goOn(form) {
  const asked = new URLSearchParams(location.search).get("gourl");
  location.assign(isOwnPath(asked) ? asked : form.dataset.successUrl);
}

async function submit(form) {
  const buttons = [...form.querySelectorAll("button[type=submit]")];
  form.dataset.sending = "yes";
  for (const button of buttons) button.disabled = true;
  showError(form, "");
  const result = await postJson(form.getAttribute("action"), fieldsOf(form));
  if (result.ok) {
    toast(form.dataset.success, "success", kSuccessTime);
    setTimeout(() => goOn(form), kSuccessTime);
    return;
  }
  if (leaveWhenLoggedOut(result)) return;
  delete form.dataset.sending;
  for (const button of buttons) button.disabled = false;
  showError(form, result.text);
  toast(result.text, "danger", kFailureTime);
}

// Forms with data-remote are sent as JSON, one at a time.
export function startForms() {
  for (const form of document.querySelectorAll("form[data-remote]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!form.dataset.sending) submit(form);
    });
  }
  // Back from the history: the page may come as it was left.
  addEventListener("pageshow", (event) => {
    if (event.persisted && document.querySelector("form[data-sending]")) location.reload();
  });
}
