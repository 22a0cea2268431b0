import { leaveWhenLoggedOut, outcome, withToken } from "./remote.js";
import { toast } from "./toasts.js";

const kSuccessTime = 1000;
const kFailureTime = 3000;

// Sends one file; `onProgress` gets percents. Fetch cannot report progress.
function send(url, file, onProgress) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve) => {
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress((100 * event.loaded) / event.total);
    });
    request.addEventListener("load", () => resolve(outcome(request.status, request.responseText)));
    request.addEventListener("abort", () => resolve(null));
    request.addEventListener("error", () =>
      resolve({ ok: false, status: 0, text: document.body.dataset.textOffline }));
  });
  const body = new FormData();
  body.append("file", file);
  request.open("POST", withToken(url));
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
  request.send(body);
  return { done, cancel: () => request.abort() };
}

class Upload {
  constructor(field) {
    this.field = field;
    this.ui = field.querySelector("[data-upload-ui]");
    this.picker = field.querySelector("input[type=file]");
    this.preview = field.querySelector("img");
    this.progress = field.querySelector("progress");
    this.button = field.querySelector("[data-upload-cancel]");
    this.value = document.createElement("input");
    this.value.type = "hidden";
    this.value.name = field.dataset.name;
    this.value.value = field.dataset.value;
    field.append(this.value);
    this.ui.hidden = false;
    this.picker.addEventListener("change", () => this.pick());
    this.button.addEventListener("click", () => this.sending?.cancel());
  }

  show(isSending) {
    this.progress.hidden = !isSending;
    this.button.hidden = !isSending;
    this.picker.disabled = isSending;
    for (const button of this.field.closest("form").querySelectorAll("[type=submit]")) {
      button.disabled = isSending;
    }
  }

  async pick() {
    const [file] = this.picker.files;
    if (!file) return;
    this.progress.value = 0;
    this.show(true);
    this.sending = send(this.field.dataset.upload, file, (percent) => {
      this.progress.value = percent;
    });
    const result = await this.sending.done;
    this.sending = null;
    this.show(false);
    this.picker.value = "";
    if (!result) return;
    if (result.ok) {
      this.use(result.data);
    } else if (!leaveWhenLoggedOut(result)) {
      toast(result.text, "danger", kFailureTime);
    }
  }

  use(data) {
    const url = typeof data === "string" ? data : data.url;
    this.value.value = url;
    this.preview.src = url;
    toast(document.body.dataset.textUploaded, "success", kSuccessTime);
  }
}

// A chosen picture goes up at once; the form then sends its address.
export function startUploads() {
  for (const field of document.querySelectorAll("[data-upload]")) new Upload(field);
}
