// Managers, what they may see, and what is written down about them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server, close, expectToast, kManager, launch, openConsole } from "./harness.mjs";

const kHelper = { username: "helper", password: "helper pass" };

let server;
let browser;

before(async () => {
  server = await Server.start();
  await server.setUp();
  await server.register("chatting");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const box = (page, name) => page.locator(".tree li", { hasText: name }).last().locator("input").first();

test("a manager is created with the rights that are ticked", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/manager/index");
  await page.click("text=新增管理员");
  await page.fill("[name=username]", kHelper.username);
  await page.fill("[name=password]", kHelper.password);
  await box(page, "即时通讯用户").check();
  assert.equal(await page.locator(".tree input[value='28']").isChecked(), true, "the heading above");
  await page.locator(".tree input[value='1']").check();
  assert.equal(await page.locator(".tree input[value='3']").isChecked(), true, "all below");
  await page.locator(".tree input[value='1']").uncheck();
  await page.click(".btn-submit");
  await expectToast(page, "新建成功");
  await page.waitForURL("**/admin/manager/index");
  const row = page.locator("tbody tr", { hasText: kHelper.username });
  assert.match(await row.textContent(), /普通管理员/);
  assert.match(await row.textContent(), /即时通讯用户/);
  await close(page);
});

test("an ordinary manager sees only the own pages", async () => {
  const page = await openConsole(browser, server, {}, kHelper);
  assert.equal(new URL(page.url()).pathname, "/admin/chatuser");
  assert.deepEqual((await page.locator(".sidebar .menu-link").allTextContents()).map((text) => text.trim()),
    ["即时通讯用户"]);
  for (const address of ["/admin", "/admin/manager/index", "/admin/audit"]) {
    const response = await page.goto(address);
    assert.equal(response.status(), 403, address);
    assert.match(await page.textContent("main"), /没有权限访问该内容/);
  }
  await page.goto("/admin/chatuser");
  await page.locator("tbody form.btn-group >> text=禁用").first().click();
  await expectToast(page, "修改成功");
  await close(page);
});

test("a disabled manager is out at once", async () => {
  const helper = await openConsole(browser, server, {}, kHelper);
  const page = await openConsole(browser, server);
  await page.goto("/admin/manager/index");
  await page.locator("tbody tr", { hasText: kHelper.username }).locator("form.btn-group >> text=禁用").click();
  await expectToast(page, "修改成功");
  await helper.goto("/admin/chatuser");
  assert.equal(new URL(helper.url()).pathname, "/admin/login");
  await close(helper);
  await close(page);
});

test("the own profile", async () => {
  const page = await openConsole(browser, server);
  await page.click(".user-button");
  await page.click("text=修改资料");
  await page.waitForURL("**/admin/profile");
  assert.equal(await page.inputValue("[name=username]"), kManager.username);
  await page.click(".btn-submit");
  await expectToast(page, "修改成功");
  await close(page);
});

test("rights without JavaScript", async () => {
  const page = await openConsole(browser, server, { javaScriptEnabled: false });
  await page.goto("/admin/manager/create");
  await page.fill("[name=username]", "plain");
  await page.fill("[name=password]", "plain pass");
  await page.check(".tree input[value='29']");
  await page.check(".tree input[value='3']");
  await page.click(".btn-submit");
  const row = page.locator("tbody tr", { hasText: "plain" });
  assert.match(await row.textContent(), /即时通讯用户/);
  assert.match(await row.textContent(), /管理员/);
  await row.locator("text=删除").click();
  await page.click("main button.btn");
  assert.match(await page.textContent("#toasts"), /管理员删除成功/);
  await close(page);
});

test("the audit log tells who did what", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/audit");
  assert.equal(await page.textContent("h1"), "操作日志");
  const text = await page.textContent("tbody");
  for (const part of ["创建管理员", "禁用管理员", kManager.username, kHelper.username]) {
    assert.ok(text.includes(part), part);
  }
  assert.ok(!text.includes(kHelper.password) && !text.includes("argon2"), "no passwords");
  await close(page);
});

test("what does not exist is told so", async () => {
  const page = await openConsole(browser, server);
  const response = await page.goto("/admin/chatuser/edit/999999");
  assert.equal(response.status(), 404);
  assert.match(await page.textContent("main"), /该即时通讯用户不存在/);
  await page.goto("/admin/nowhere");
  assert.match(await page.textContent("main"), /页面不存在/);
  await page.click("text=返回后台首页");
  await page.waitForURL("**/admin");
  await close(page);
});
