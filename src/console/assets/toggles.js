import { leaveWhenLoggedOut, postJson } from "./remote.js";
import { toast } from "./toasts.js";

const kSuccessTime = 1000;
const kFailureTime = 3000;

function light(form, value) {
  for (const button of form.querySelectorAll("button[name=keyvalue]")) {
    const lit = button.value === value;
    button.classList.toggle("btn-success", lit);
    button.classList.toggle("btn-light", !lit);
    button.setAttribute("aria-pressed", String(lit));
  }
}

async function change(form, value) {
  const buttons = [...form.querySelectorAll("button")];
  const { id, keyname, model } = form.elements;
  for (const button of buttons) button.disabled = true;
  const result = await postJson(form.getAttribute("action"), {
    id: Number(id.value),
    keyname: keyname.value,
    keyvalue: Number(value),
    model: model.value,
  });
  for (const button of buttons) button.disabled = false;
  if (result.ok) {
    light(form, value);
    toast(document.body.dataset.textUpdated, "success", kSuccessTime);
  } else if (!leaveWhenLoggedOut(result)) {
    toast(result.text, "danger", kFailureTime);
  }
  form.querySelector(`button[value="${value}"]`).focus();
}

// The two status buttons change in place: page, filters and scrolling stay.
export function startToggles() {
  for (const form of document.querySelectorAll("form[data-toggle]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter) change(form, event.submitter.value);
    });
  }
}
