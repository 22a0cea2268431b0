// A picture that cannot be loaded is replaced by the default one, once.
export function startAvatars() {
  const fallback = document.body.dataset.fallback;
  const replace = (image) => {
    if (image.getAttribute("src") !== fallback) image.src = fallback;
  };
  document.addEventListener("error", (event) => {
    if (event.target instanceof HTMLImageElement) replace(event.target);
  }, true);
  for (const image of document.querySelectorAll("img.avatar-img")) {
    if (image.complete && image.naturalWidth === 0) replace(image);
  }
}
