// What the browser tests share: the real binary on a port and data of its own, and
// a headless Chromium with a fresh profile.
//
// The binary is build/release/qingniao, or what QINGNIAO_BIN names; Chromium is
// the system's, or what CHROMIUM names. Settings of the person who runs the tests
// (QINGNIAO_*) never reach the server.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const kRoot = fileURLToPath(new URL("../..", import.meta.url));
const require = createRequire(path.join(kRoot, "web", "package.json"));
const { chromium } = require("playwright-core");
const { HtmlValidate } = require("html-validate");
const kAxe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const kDesktop = { width: 1280, height: 800 };
export const kPhone = { width: 390, height: 844 };
export const kScreenshots = path.join(kRoot, "build", "screenshots");
export const kManager = { username: "qingniao", password: "correct horse" };

const kStartTime = 30_000;
const kStopTime = 30_000;
const kWait = 15_000; // for a page or an element; the machine may be busy

function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("QINGNIAO_")));
}

// A running server in a temporary folder; `setupLink` is what its start printed.
export class Server {
  static async start() {
    const server = new Server();
    server.sessions = new Map();
    server.folder = fs.mkdtempSync(path.join(os.tmpdir(), "qn-browser-"));
    const binary = process.env.QINGNIAO_BIN ?? path.join(kRoot, "build", "release", "qingniao");
    const settings = ["server.listen=127.0.0.1:0", `data_dir=${path.join(server.folder, "data")}`,
      // Pictures from elsewhere would make the browser ask for them.
      "users.default_avatar=/public/none.png",
      "limits.register_per_address=1000/1m", "limits.login_per_address=1000/1m"];
    server.process = spawn(binary, ["serve", ...settings.flatMap((one) => ["--set", one])],
      { cwd: server.folder, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
    server.log = [];
    createInterface({ input: server.process.stderr }).on("line", (line) => server.log.push(line));
    server.ended = new Promise((resolve) => server.process.once("exit", resolve));
    await server.readStart();
    return server;
  }

  async readStart() {
    const late = setTimeout(() => this.process.kill("SIGKILL"), kStartTime);
    for await (const line of createInterface({ input: this.process.stdout })) {
      this.url ??= line.match(/^ready (\S+)/)?.[1];
      this.setupLink ??= line.match(/(http\S+\/admin\/setup\?token=\w+)/)?.[1];
      if (this.url && this.setupLink) break;
    }
    clearTimeout(late);
    assert.ok(this.setupLink, `the server did not start: ${this.log.join("\n")}`);
  }

  async stop() {
    const late = setTimeout(() => this.process.kill("SIGKILL"), kStopTime);
    this.process.kill("SIGTERM");
    await this.ended;
    clearTimeout(late);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  // A JSON request; returns {status, body}.
  async post(target, fields, headers = {}) {
    const response = await fetch(this.url + target, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
      body: JSON.stringify(fields),
    });
    return { status: response.status, body: await response.json() };
  }

  // The first super administrator, by the link.
  async setUp() {
    const token = new URL(this.setupLink).searchParams.get("token");
    const made = await this.post("/admin/setup",
      { token, ...kManager, repeated: kManager.password });
    assert.equal(made.status, 200, JSON.stringify(made.body));
  }

  // A chat user, as a phone registers it.
  async register(username) {
    const made = await this.post("/api/regChat", { username, password: "secret12" });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    return made.body.data;
  }

  async changeUser(user, field, value) {
    const fields = { fieldname: field, fieldValue: value };
    const changed = await this.post("/api/chat/updateUserinfo", fields, { token: user.token });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
  }
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

// A browser window of its own with one page. `problems` collects what must never
// happen: script errors, refusals by the content security policy, dialogs.
export async function openPage(browser, server, options = {}) {
  const context = await browser.newContext({ baseURL: server.url, viewport: kDesktop, ...options });
  context.setDefaultTimeout(kWait);
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("dialog", (dialog) => {
    page.problems.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) page.problems.push(message.text());
  });
  return page;
}

export async function login(page, who = kManager) {
  await page.goto("/admin/login");
  await page.fill("#username", who.username);
  await page.fill("#password", who.password);
  await Promise.all([page.waitForURL((url) => !url.pathname.includes("login")),
    page.click("button[type=submit]")]);
}

// A logged-in page in a window of its own. Who has logged in before brings the
// cookie of that session.
export async function openConsole(browser, server, options = {}, who = kManager) {
  if (!server.sessions.has(who.username)) {
    const page = await openPage(browser, server);
    await login(page, who);
    server.sessions.set(who.username, await page.context().storageState());
    await close(page);
  }
  const page = await openPage(browser, server, { ...options, storageState: server.sessions.get(who.username) });
  await page.goto("/admin/start");
  return page;
}

// Closes the window; a page may not have had problems.
export async function close(page) {
  await page.context().close();
  assert.deepEqual(page.problems, []);
}

export async function expectToast(page, text) {
  await page.locator(".toast-note", { hasText: text }).first().waitFor();
}

export async function screenshot(page, name) {
  fs.mkdirSync(kScreenshots, { recursive: true });
  await page.screenshot({ path: path.join(kScreenshots, `${name}.png`) });
}

// Serious and critical findings of axe as texts. It runs in the page's own world,
// past the content security policy, as a browser's tools do.
export async function accessibilityProblems(page) {
  await page.evaluate(kAxe);
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return result.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  // The contract sets the width of columns with the attribute.
  rules: { "no-deprecated-attr": "off" },
});

export async function htmlProblems(html) {
  const report = await validator.validateString(html);
  return report.results.flatMap((result) => result.messages.map((message) =>
    `${message.line}:${message.column} ${message.ruleId}: ${message.message}`));
}

// The page as the server sent it, for the same session.
export async function sourceOf(page) {
  const response = await page.request.get(page.url());
  return response.text();
}
