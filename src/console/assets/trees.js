// A box ticks what is below it; what is above is ticked while anything below is.
export function startTrees() {
  for (const tree of document.querySelectorAll("[data-tree]")) {
    tree.addEventListener("change", (event) => {
      const item = event.target.closest("li");
      for (const box of item.querySelectorAll("input")) box.checked = event.target.checked;
      let above = item.parentElement.closest("li");
      while (above) {
        const own = above.querySelector("input");
        own.checked = above.querySelector("ul input:checked") !== null;
        above = above.parentElement.closest("li");
      }
    });
  }
}
