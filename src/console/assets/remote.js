const words = document.body.dataset;

// One readable line from whatever the server put into `data`.
function textOf(data) {
  if (typeof data === "string" && data !== "") return data;
  if (Array.isArray(data) && data.length > 0) return textOf(data[0]?.message ?? data[0]);
  return words.textFailed;
}

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

export function withToken(url) {
  return `${url}${url.includes("?") ? "&" : "?"}_csrf=${encodeURIComponent(csrfToken())}`;
}

// What the server says, as {ok, text, data, status}; a network failure is a text too.
export function outcome(status, body) {
  let answer = null;
  try {
    answer = JSON.parse(body);
  } catch {
    answer = null;
  }
  const ok = status >= 200 && status < 300 && answer?.msg === "ok";
  return { ok, status, data: answer?.data, text: ok ? "" : textOf(answer?.data) };
}

export async function postJson(url, fields) {
  try {
    const response = await fetch(withToken(url), {
      method: "POST",
      headers: {
        "Content-Type": "application/json;charset=UTF-8",
        Accept: "application/json",
        "X-Requested-With": "XMLHttpRequest",
      },
      body: JSON.stringify(fields),
    });
    return outcome(response.status, await response.text());
  } catch {
    return { ok: false, status: 0, text: words.textOffline };
  }
}

// Whose session has ended logs in again. True when the page is left. The login
// page itself stays.
export function leaveWhenLoggedOut(result) {
  if (result.status !== 401 || location.pathname === "/admin/login") return false;
  location.assign("/admin/login");
  return true;
}

// Only our own pages: a single slash, and no back-slash that browsers take for one.
export function isOwnPath(path) {
  return /^\/(?![/\\])/.test(path ?? "") && !/[\\\u0000-\u001f]/.test(path);
}
