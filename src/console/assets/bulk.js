// Counts what is picked; buttons work only when something is.
export function startBulk() {
  const form = document.querySelector("form[data-bulk]");
  if (!form) return;
  const picks = [...form.elements].filter((element) => element.name === "ids[]");
  const all = document.querySelector("[data-bulk-all]");
  const count = form.querySelector("[data-bulk-count]");
  const buttons = form.querySelectorAll("button");
  const refresh = () => {
    const picked = picks.filter((pick) => pick.checked).length;
    count.hidden = false;
    count.querySelector("b").textContent = picked;
    for (const button of buttons) button.disabled = picked === 0;
    all.checked = picked > 0 && picked === picks.length;
    all.indeterminate = picked > 0 && picked < picks.length;
    for (const pick of picks) pick.closest("tr").classList.toggle("table-active", pick.checked);
  };
  all.disabled = picks.length === 0;
  all.addEventListener("change", () => {
    for (const pick of picks) pick.checked = all.checked;
    refresh();
  });
  for (const pick of picks) pick.addEventListener("change", refresh);
  addEventListener("pageshow", refresh);
  refresh();
}
