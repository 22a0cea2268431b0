// A filter that is changed applies at once; empty fields stay out of the address.
export function startSearch() {
  for (const form of document.querySelectorAll("form[data-search]")) {
    form.addEventListener("submit", () => {
      for (const field of form.elements) {
        if (field.name && field.value === "") field.disabled = true;
      }
    });
    for (const select of form.querySelectorAll("select")) {
      select.addEventListener("change", () => form.requestSubmit());
    }
    addEventListener("pageshow", () => {
      for (const field of form.elements) field.disabled = false;
    });
  }
}
