// The console's scripts. Every page works without them; each finds its elements
// by data-attributes.
import { startAvatars } from "./avatars.js";
import { startBulk } from "./bulk.js";
import { startChrome } from "./chrome.js";
import { startConfirm } from "./confirm.js";
import { startCopy } from "./copy.js";
import { startForms } from "./forms.js";
import { startSearch } from "./search.js";
import { startToasts } from "./toasts.js";
import { startToggles } from "./toggles.js";
import { startTrees } from "./trees.js";
import { startUploads } from "./uploads.js";

document.documentElement.classList.add("js");
startAvatars();
startChrome();
startToasts();
startConfirm();
startBulk();
startSearch();
startTrees();
startUploads();
startForms();
startToggles();
startCopy();
