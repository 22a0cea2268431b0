const kYear = 365 * 24 * 3600;

// The drawer is a popover: the browser closes it with Esc or a click outside.
// While it is open the rest of the page cannot be reached with Tab.
function startDrawer() {
  const sidebar = document.getElementById("sidebar");
  if (!sidebar) return;
  const rest = [document.querySelector(".topbar"), document.querySelector("main")];
  sidebar.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    for (const element of rest) element.inert = open;
    if (open) sidebar.querySelector(".drawer-close").focus();
    else document.querySelector(".drawer-button").focus();
  });
  const wide = matchMedia("(min-width: 992px)");
  wide.addEventListener("change", () => {
    if (wide.matches && sidebar.matches(":popover-open")) sidebar.hidePopover();
  });
}

function startThemes() {
  for (const link of document.querySelectorAll("[data-theme-set]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const choice = link.dataset.themeSet;
      document.cookie = `qn_theme=${choice}; path=/admin; max-age=${kYear}; samesite=lax`;
      document.documentElement.dataset.themeChoice = choice;
      document.documentElement.dispatchEvent(new Event("themechange"));
      for (const other of document.querySelectorAll("[data-theme-set]")) {
        const active = other.dataset.themeSet === choice;
        other.classList.toggle("active", active);
        if (active) other.setAttribute("aria-current", "true");
        else other.removeAttribute("aria-current");
      }
    });
  }
}

// Back to where one came from; without a history of ours, the link's address.
function startBack() {
  for (const link of document.querySelectorAll("[data-back]")) {
    link.addEventListener("click", (event) => {
      const ours = document.referrer.startsWith(`${location.origin}/admin`);
      if (!ours || history.length < 2) return;
      event.preventDefault();
      history.back();
    });
  }
}

export function startChrome() {
  startDrawer();
  startThemes();
  startBack();
}
