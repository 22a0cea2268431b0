// The pages of chat users.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";
import { Server, close, expectToast, launch, openConsole } from "./harness.mjs";

const kUsers = 23;
const kPixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

let server;
let browser;
const users = [];

before(async () => {
  server = await Server.start();
  await server.setUp();
  for (let i = 0; i < kUsers; ++i) users.push(await server.register(`user_${String(i).padStart(2, "0")}`));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const row = (page, name) =>
  page.locator("tbody tr", { has: page.locator(".person-name", { hasText: new RegExp(`^${name}$`) }) });
const names = (page) => page.locator("tbody .person-name").allTextContents();

async function answer(page, button) {
  await page.locator("#question[open]").waitFor();
  await page.click(`#question button:text-is("${button}")`);
}

test("the list shows the newest first, page by page", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatuser");
  assert.equal(await page.title(), "网站后台- 即时通讯用户列表");
  assert.equal(await page.textContent("h1"), "即时通讯用户列表");
  assert.equal((await names(page))[0], "user_22");
  assert.equal((await names(page)).length, 10);
  await page.click(".pagination >> text=3");
  await page.waitForURL("**?page=3&limit=10**");
  assert.deepEqual(await names(page), ["user_02", "user_01", "user_00"]);
  assert.equal(await page.getAttribute(".page-item.active a", "aria-current"), "page");
  await close(page);
});

test("search and filters narrow the list and stay in the address", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatuser");
  await page.fill("[name=keyword]", "user_1");
  await page.press("[name=keyword]", "Enter");
  await page.waitForURL("**keyword=user_1**");
  assert.equal((await names(page)).length, 10);
  assert.ok(!page.url().includes("role="), page.url());
  await Promise.all([page.waitForURL("**role=visitor**"), page.selectOption("[name=role]", "visitor")]);
  assert.match(await page.textContent("tbody"), /没有符合条件的用户/);
  await page.click("text=清除条件");
  await page.waitForURL((url) => url.search === "");
  await page.click("thead >> text=创建时间");
  await page.waitForURL("**sort=created**");
  assert.equal((await names(page))[0], "user_00");
  await close(page);
});

test("a user is created with a picture, then edited", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatuser");
  await page.click("text=新增即时通讯用户");
  await page.waitForURL("**/admin/chatuser/create");
  await page.fill("[name=username]", "pictured");
  await page.fill("[name=password]", "secret12");
  await page.setInputFiles("input[type=file]", { name: "me.png", mimeType: "image/png", buffer: kPixel });
  await expectToast(page, "上传图片成功");
  assert.match(await page.inputValue("input[type=hidden][name=avatar]"), /^\/public\/uploads\/.*\.png$/);
  await page.click(".btn-submit");
  await expectToast(page, "新建成功");
  await page.waitForURL("**/admin/chatuser");
  assert.match(await row(page, "pictured").locator("img").getAttribute("src"), /^\/public\/uploads\//);

  await row(page, "pictured").locator("text=修改").click();
  await page.fill("[name=username]", "renamed");
  await page.click(".btn-submit");
  await expectToast(page, "修改成功");
  await page.waitForURL("**/admin/chatuser");
  assert.equal((await names(page))[0], "renamed");
  await close(page);
});

test("a refused upload says why and changes nothing", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatuser/create");
  await page.setInputFiles("input[type=file]", { name: "page.html", mimeType: "text/html", buffer: Buffer.from("<html>") });
  await page.locator(".toast-note.alert-danger").waitFor();
  assert.equal(await page.inputValue("input[type=hidden][name=avatar]"), "");
  assert.equal(await page.isEnabled(".btn-submit"), true);
  await close(page);
});

test("a picture that cannot be loaded is replaced", async () => {
  await server.changeUser(users[4], "avatar", `${server.url}/public/uploads/gone.png?x`);
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatuser?keyword=user_04");
  await row(page, "user_04").locator("img[src*='/admin/assets/person.']").waitFor();
  await close(page);
});

test("a refused submit says why and keeps what was typed", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatuser/create");
  await page.fill("[name=username]", "user_00");
  await page.fill("[name=password]", "secret12");
  await page.click(".btn-submit");
  await expectToast(page, "即时通讯用户账号已存在");
  assert.equal(await page.inputValue("[name=username]"), "user_00");
  assert.equal(await page.isEnabled(".btn-submit"), true);
  await close(page);
});

test("two quick clicks send a form once", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatuser/create");
  let sent = 0;
  page.on("request", (request) => {
    if (request.url().includes("/admin/chatuser/save")) ++sent;
  });
  await page.fill("[name=username]", "only_once");
  await page.fill("[name=password]", "secret12");
  await page.evaluate(() => {
    const form = document.querySelector("form[data-remote]");
    form.requestSubmit();
    form.requestSubmit();
  });
  await page.waitForURL("**/admin/chatuser");
  assert.equal(sent, 1);
  await close(page);
});

test("gourl leads only to our own pages", async () => {
  const page = await openConsole(browser, server);
  for (const [gourl, expected] of [["/admin/profile", "/admin/profile"], ["//evil.example/", "/admin/chatuser"],
    ["/\\evil.example/", "/admin/chatuser"], ["javascript:alert(1)", "/admin/chatuser"]]) {
    await page.goto(`/admin/chatuser/edit/${users[3].id}?gourl=${encodeURIComponent(gourl)}`);
    await page.click(".btn-submit");
    await page.waitForURL((url) => url.origin === server.url && url.pathname === expected);
  }
  await close(page);
});

test("the status buttons change in place", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatuser?page=2");
  const buttons = row(page, "user_10").locator("form.btn-group");
  const address = page.url();
  await buttons.locator("text=禁用").click();
  await expectToast(page, "修改成功");
  assert.match(await buttons.locator("text=禁用").getAttribute("class"), /btn-success/);
  assert.match(await buttons.locator("text=启用").getAttribute("class"), /btn-light/);
  assert.equal(page.url(), address);
  await page.reload();
  assert.match(await buttons.locator("text=禁用").getAttribute("class"), /btn-success/);
  await close(page);
});

test("a deletion asks first", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatuser?keyword=user_22");
  await row(page, "user_22").locator("text=删除").click();
  await answer(page, "取消");
  assert.deepEqual(await names(page), ["user_22"]);
  await row(page, "user_22").locator("text=删除").click();
  assert.equal(await page.textContent("#question-title"), "确认删除");
  await answer(page, "确定");
  await expectToast(page, "删除成功");
  await page.goto("/admin/chatuser?keyword=user_22");
  assert.deepEqual(await names(page), []);
  await close(page);
});

test("several users at once", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatuser?keyword=user_0");
  const disable = page.locator(".bulk >> text=禁用");
  assert.equal(await disable.isDisabled(), true);
  await row(page, "user_01").locator("input[type=checkbox]").check();
  await row(page, "user_02").locator("input[type=checkbox]").check();
  assert.match(await page.textContent(".bulk-count"), /已选 2/);
  await disable.click();
  await expectToast(page, "已禁用 2 个用户");
  await page.goto("/admin/chatuser?keyword=user_0");
  await page.check("[data-bulk-all]");
  assert.match(await page.textContent(".bulk-count"), /已选 10/);
  await page.uncheck("[data-bulk-all]");
  await row(page, "user_09").locator("input[type=checkbox]").check();
  await page.click(".bulk >> text=删除");
  await answer(page, "确定");
  await expectToast(page, "已删除 1 个用户");
  await close(page);
});

test("the list is exported as CSV with its filters", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatuser?keyword=user_1");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=导出 CSV")]);
  const lines = fs.readFileSync(await download.path(), "utf8").trim().split("\n");
  assert.equal(lines.length, 1 + 10);
  await close(page);
});

test("one user: details, signing a device out, a new password", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatuser?keyword=user_05");
  await row(page, "user_05").locator(".person-name").click();
  assert.equal(await page.textContent("h1"), "用户详情");
  await page.click("text=退出该设备");
  await answer(page, "确定");
  await expectToast(page, "已退出该设备");
  assert.match(await page.textContent("main"), /没有登录的设备/);
  await page.click("text=重置密码");
  await answer(page, "确定");
  await page.locator("#secret").waitFor();
  const secret = await page.textContent("#secret");
  const entered = await server.post("/api/loginChat", { username: "user_05", password: secret });
  assert.equal(entered.status, 200, JSON.stringify(entered.body));
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.click("text=复制");
  await expectToast(page, "已复制");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
  await close(page);
});

test("names that want to be code stay text", async () => {
  const page = await openConsole(browser, server);
  const hostile = ["<script>alert(1)</script>", "{{7*7}}", "\"><img src=x onerror=alert(1)>", "\u202Egnp.exe", "👨‍👩‍👧‍👦"];
  for (const [i, nickname] of hostile.entries()) await server.changeUser(users[11 + i], "nickname", nickname);
  for (const address of ["/admin/chatuser?keyword=user_1", `/admin/chatuser/show/${users[11].id}`,
    "/admin/chatuser?keyword=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"]) {
    await page.goto(address);
    await page.waitForLoadState("networkidle");
    assert.equal(await page.locator("main script").count(), 0);
    assert.equal(await page.locator("img[src=x]").count(), 0);
    const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= inner, `${address} is ${wide} wide`);
  }
  await page.goto("/admin/chatuser?keyword=user_1");
  const text = await page.textContent("tbody");
  assert.ok(text.includes("<script>alert(1)</script>"));
  assert.ok(text.includes("{{7*7}}"));
  await close(page);
});

test("without JavaScript: create, toggle, delete, bulk", async () => {
  const page = await openConsole(browser, server, { javaScriptEnabled: false });
  await page.goto("/admin/chatuser/create");
  await page.fill("[name=username]", "user_00");
  await page.fill("[name=password]", "secret12");
  await page.click(".btn-submit");
  assert.equal(await page.textContent("[role=alert]"), "即时通讯用户账号已存在");
  assert.equal(await page.inputValue("[name=username]"), "user_00");
  await page.fill("[name=username]", "plain_html");
  await page.fill("[name=password]", "secret12");
  await page.click(".btn-submit");
  assert.match(await page.textContent("#toasts"), /新建成功/);
  assert.equal((await names(page))[0], "plain_html");
  await row(page, "plain_html").locator("form.btn-group >> text=禁用").click();
  assert.match(await row(page, "plain_html").locator("form.btn-group >> text=禁用").getAttribute("class"), /btn-success/);
  await row(page, "plain_html").locator("input[type=checkbox]").check();
  await page.click(".bulk >> text=启用");
  assert.match(await page.textContent("#toasts"), /已启用 1 个用户/);
  await row(page, "plain_html").locator(".actions >> text=删除").click();
  assert.match(await page.textContent("main"), /确认删除/);
  await page.click("main button.btn");
  assert.match(await page.textContent("#toasts"), /删除成功/);
  await close(page);
});
