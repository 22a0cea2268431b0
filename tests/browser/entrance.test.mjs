// First run, login and logout, with JavaScript and without.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server, close, expectToast, kManager, launch, openPage } from "./harness.mjs";

let server;
let browser;

before(async () => {
  server = await Server.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the first run refuses two different passwords without JavaScript", async () => {
  const page = await openPage(browser, server, { javaScriptEnabled: false });
  await page.goto(server.setupLink);
  await page.fill("#username", "someone");
  await page.fill("#password", "secret12");
  await page.fill("#repeated", "secret13");
  await page.click("button[type=submit]");
  assert.equal(await page.textContent("[role=alert]"), "两次输入的密码不一致");
  assert.equal(await page.inputValue("#username"), "someone");
  await close(page);
});

test("the printed link creates the first administrator", async () => {
  const page = await openPage(browser, server);
  await page.goto(server.setupLink);
  assert.equal(await page.textContent("h1"), "创建超级管理员");
  await page.fill("#username", kManager.username);
  await page.fill("#password", kManager.password);
  await page.fill("#repeated", kManager.password);
  await page.click("button[type=submit]");
  await expectToast(page, "创建超级管理员成功");
  await page.waitForURL("**/admin/login");
  await close(page);
});

test("the link works once", async () => {
  const page = await openPage(browser, server);
  const response = await page.goto(server.setupLink);
  assert.equal(response.status(), 404);
  assert.match(await page.textContent("main"), /链接已失效/);
  await close(page);
});

test("a wrong password is told and the form stays usable", async () => {
  const page = await openPage(browser, server);
  await page.goto("/admin/login");
  assert.equal(await page.title(), "后台管理中心 - 登录");
  await page.fill("#username", kManager.username);
  await page.fill("#password", "wrong one");
  await page.click("button[type=submit]");
  await expectToast(page, "密码错误");
  assert.equal(await page.textContent("[data-error]"), "密码错误");
  assert.equal(new URL(page.url()).pathname, "/admin/login");
  assert.equal(await page.isEnabled("button[type=submit]"), true);
  await close(page);
});

test("logging in, then out", async () => {
  const page = await openPage(browser, server);
  await page.goto("/admin/login");
  await page.fill("#username", kManager.username);
  await page.fill("#password", kManager.password);
  await page.click("button[type=submit]");
  await expectToast(page, "登录成功");
  await page.waitForURL("**/admin");
  assert.match(await page.textContent("main"), /管理员，欢迎您！/);
  await page.click(".user-button");
  await page.click("text=退出登录");
  await page.waitForURL("**/admin/login");
  await expectToast(page, "退出登录成功");
  await close(page);
});

test("login and logout without JavaScript", async () => {
  const page = await openPage(browser, server, { javaScriptEnabled: false });
  await page.goto("/admin/login");
  await page.fill("#username", kManager.username);
  await page.fill("#password", "wrong one");
  await page.click("button[type=submit]");
  assert.equal(await page.textContent("[role=alert]"), "密码错误");
  await page.fill("#password", kManager.password);
  await page.click("button[type=submit]");
  assert.equal(new URL(page.url()).pathname, "/admin");
  await page.click(".user-button");
  await page.click("text=退出登录");
  assert.match(await page.textContent("#toasts"), /退出登录成功/);
  await close(page);
});

test("a page that needs a login leads there and back again", async () => {
  const page = await openPage(browser, server);
  await page.goto("/admin/chatuser?limit=20");
  assert.equal(new URL(page.url()).pathname, "/admin/login");
  await expectToast(page, "请先登录！");
  await page.fill("#username", kManager.username);
  await page.fill("#password", kManager.password);
  await page.click("button[type=submit]");
  await page.waitForURL("**/admin/chatuser?limit=20");
  await close(page);
});

test("a session that ended sends a submit to the login", async () => {
  const page = await openPage(browser, server);
  await page.goto("/admin/login");
  await page.fill("#username", kManager.username);
  await page.fill("#password", kManager.password);
  await page.click("button[type=submit]");
  await page.waitForURL("**/admin");
  await page.goto("/admin/chatuser/create");
  await page.context().clearCookies();
  await page.fill("[name=username]", "late_user");
  await page.fill("[name=password]", "secret12");
  await page.click(".btn-submit");
  await page.waitForURL("**/admin/login");
  await close(page);
});
