const kReadable = 4000;

// Hides a toast after a while, but not while it is pointed at.
function expire(note, after) {
  let timer = setTimeout(() => note.remove(), after);
  note.addEventListener("pointerenter", () => clearTimeout(timer));
  note.addEventListener("pointerleave", () => {
    timer = setTimeout(() => note.remove(), after);
  });
}

// Shows a text in the corner; screen readers announce it.
export function toast(text, tone = "danger", after = kReadable) {
  const note = document.createElement("div");
  note.className = `toast-note alert alert-${tone}`;
  const icon = document.createElement("i");
  icon.className = "toast-icon fa";
  icon.setAttribute("aria-hidden", "true");
  const words = document.createElement("span");
  words.textContent = text;
  words.dir = "auto";
  note.append(icon, words);
  document.getElementById("toasts").append(note);
  expire(note, after);
}

export function startToasts() {
  for (const note of document.querySelectorAll("[data-toast]")) {
    // A live region says only what comes later than the page.
    note.remove();
    requestAnimationFrame(() => {
      document.getElementById("toasts").append(note);
      expire(note, kReadable);
    });
  }
}
