import { toast } from "./toasts.js";

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

// Copies a secret; where the browser forbids that, selects it.
export function startCopy() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent);
        toast(document.body.dataset.textCopied, "success");
      } catch {
        select(source);
      }
    });
  }
}
