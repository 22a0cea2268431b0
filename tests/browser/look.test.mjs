// How pages look and what they are made of: valid HTML, accessible, readable on a
// phone, in the dark, in English. Screenshots go to build/screenshots.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  Server, accessibilityProblems, close, htmlProblems, kDesktop, kPhone, launch, openConsole, openPage,
  screenshot, sourceOf,
} from "./harness.mjs";

let server;
let browser;
let user;
let firstRun;
let firstRunProblems;

before(async () => {
  server = await Server.start();
  browser = await launch();
  firstRun = await openPage(browser, server);
  await firstRun.goto(server.setupLink);
  await screenshot(firstRun, "setup");
  firstRunProblems = await problemsOf(firstRun);
  await server.setUp();
  for (let i = 0; i < 12; ++i) user = await server.register(`someone_${i}`);
  await server.changeUser(user, "nickname", "W".repeat(30));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const pages = () => ({
  home: "/admin",
  users: "/admin/chatuser",
  "users-empty": "/admin/chatuser?keyword=nobody",
  "user-create": "/admin/chatuser/create",
  "user-edit": `/admin/chatuser/edit/${user.id}`,
  user: `/admin/chatuser/show/${user.id}`,
  "user-delete": `/admin/chatuser/delete/${user.id}`,
  managers: "/admin/manager/index",
  "manager-create": "/admin/manager/create",
  profile: "/admin/profile",
  audit: "/admin/audit",
  "not-found": "/admin/nowhere",
});

async function problemsOf(page) {
  const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  return [
    ...await htmlProblems(await sourceOf(page)),
    ...await accessibilityProblems(page),
    ...(wide > inner ? [`${wide} of ${inner} wide`] : []),
  ];
}

async function inspect(page, name) {
  assert.deepEqual(await problemsOf(page), [], name);
}

test("the first-run page", async () => {
  assert.deepEqual(firstRunProblems, []);
  await close(firstRun);
});

for (const [size, viewport] of Object.entries({ desktop: kDesktop, phone: kPhone })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`every page, ${size}, ${colorScheme}`, async () => {
      const page = await openPage(browser, server, { viewport, colorScheme, reducedMotion: "reduce" });
      await page.goto("/admin/login");
      await inspect(page, "login");
      await screenshot(page, `login-${size}-${colorScheme}`);
      await close(page);
      const inside = await openConsole(browser, server, { viewport, colorScheme, reducedMotion: "reduce" });
      for (const [name, address] of Object.entries(pages())) {
        await inside.goto(address);
        await inside.waitForLoadState("networkidle");
        await inspect(inside, name);
        await screenshot(inside, `${name}-${size}-${colorScheme}`);
      }
      await close(inside);
    });
  }
}

test("the language switch leads back to the same page in English", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatuser?limit=20");
  await page.click(".user-button");
  await page.click("text=English");
  await page.waitForURL("**/admin/chatuser?limit=20");
  assert.equal(await page.getAttribute("html", "lang"), "en");
  for (const [name, address] of Object.entries(pages())) {
    await page.goto(address);
    const text = await page.evaluate(() => document.body.innerText + document.title);
    assert.deepEqual(text.match(/.*\p{Script=Han}.*/gu)?.filter((line) => line.trim() !== "中文") ?? [], [], name);
  }
  await page.goto("/admin/chatuser");
  await screenshot(page, "users-english");
  await close(page);
});

test("the theme changes at once and stays", async () => {
  const page = await openConsole(browser, server, { colorScheme: "light" });
  const becomes = (theme) => page.locator(`html[data-bs-theme=${theme}]`).waitFor();
  await becomes("light");
  await page.click(".user-button");
  await page.click("#user-menu >> text=深色");
  await becomes("dark");
  assert.equal(new URL(page.url()).pathname, "/admin");
  await page.goto("/admin/profile");
  await becomes("dark");
  await page.click(".user-button");
  await page.click("#user-menu >> text=跟随系统");
  await becomes("light");
  await page.emulateMedia({ colorScheme: "dark" });
  await becomes("dark");
  await close(page);
});

test("the theme without JavaScript", async () => {
  const page = await openConsole(browser, server, { javaScriptEnabled: false });
  await page.click(".user-button");
  await page.click("#user-menu >> text=深色");
  assert.equal(await page.getAttribute("html", "data-bs-theme"), "dark");
  assert.equal(new URL(page.url()).pathname, "/admin");
  await close(page);
});

for (const javaScriptEnabled of [true, false]) {
  test(`the drawer on a phone ${javaScriptEnabled ? "with" : "without"} JavaScript`, async () => {
    const page = await openConsole(browser, server, { viewport: kPhone, javaScriptEnabled, reducedMotion: "reduce" });
    await page.goto("/admin");
    assert.equal(await page.isVisible("#sidebar"), false);
    await page.click(".drawer-button");
    assert.equal(await page.isVisible("#sidebar"), true);
    if (javaScriptEnabled) {
      await screenshot(page, "drawer-phone");
      assert.match(await page.evaluate(() => document.activeElement.className), /drawer-close/);
    }
    await page.keyboard.press("Escape");
    assert.equal(await page.isVisible("#sidebar"), false);
    await page.click(".drawer-button");
    await page.click("#sidebar >> text=即时通讯用户");
    await page.waitForURL("**/admin/chatuser");
    await close(page);
  });
}

test("the keyboard reaches the content and the menu", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatuser");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip-link");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  await page.focus(".user-button");
  await page.keyboard.press("Enter");
  assert.equal(await page.isVisible("#user-menu"), true);
  await page.keyboard.press("Escape");
  assert.equal(await page.isVisible("#user-menu"), false);
  await close(page);
});

test("everything comes from the server itself and stays in the browser's cache", async () => {
  const page = await openConsole(browser, server);
  const replies = [];
  page.on("response", (response) => replies.push(response));
  await page.goto("/admin/chatuser");
  await page.waitForLoadState("networkidle");
  for (const response of replies) assert.ok(response.url().startsWith(server.url), response.url());
  const source = await sourceOf(page);
  for (const [, address] of source.matchAll(/(?:href|src)="(\/admin\/assets\/[^"]+)"/g)) {
    const headers = (await page.request.get(address)).headers();
    assert.match(headers["cache-control"], /immutable/, address);
    assert.equal(headers["x-content-type-options"], "nosniff", address);
  }
  await close(page);
});
