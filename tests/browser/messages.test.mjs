// Messages, who is online, and muting, as operators see and use them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  Server, accessibilityProblems, close, expectToast, htmlProblems, kDesktop, kPhone, launch, openConsole,
  screenshot, sourceOf,
} from "./harness.mjs";

const kPicture = "/public/uploads/Diy/holiday.png";

let server;
let browser;
let alice;
let bob;
let group;
let client; // a page that stands for alice's client

const get = async (target, user) => (await (await fetch(server.url + target, { headers: { token: user.token } })).json()).data;

async function send(from, to, data, { chatType = "single", type = "text" } = {}) {
  const payload = JSON.stringify({ data, dataType: type === "text" ? false : type, otherData: null });
  const fields = { sendto_id: to, chatType, type, data: payload, options: "{}" };
  const sent = await server.post("/api/chat/socket/sendmessage", fields, { token: from.token });
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  return sent.body.data;
}

async function createGroup() {
  await server.post("/api/chat/autoAddFriendAndAgree", { friend_id: bob.id }, { token: alice.token });
  const { rows } = await get("/api/chat/goodfriendlist/1", alice);
  await server.post("/api/chat/group/create", { userIds: [rows.newList[0].list[0].id] }, { token: alice.token });
  return (await get("/api/chat/grouplist/1", alice))[0];
}

// Opens the socket of a user's client and waits for its greeting.
async function connect(page, user) {
  const url = `${server.url.replace("http", "ws")}/ws?token=${encodeURIComponent(user.token)}`;
  await page.evaluate((address) => new Promise((resolve, reject) => {
    globalThis.whenGone = new Promise((gone) => {
      const socket = new WebSocket(address);
      socket.onmessage = resolve;
      socket.onerror = reject;
      socket.onclose = (event) => gone(event.code);
    });
  }), url);
}

before(async () => {
  server = await Server.start();
  await server.setUp();
  alice = await server.register("alice_a");
  bob = await server.register("bobby_b");
  await server.changeUser(alice, "nickname", "爱丽丝");
  group = await createGroup();
  await send(alice, bob.id, "晚上吃什么？<script>alert(1)</script>");
  await send(bob, alice.id, "火锅");
  await send(alice, bob.id, kPicture, { type: "image" });
  const wrong = await send(bob, alice.id, "发错了");
  await server.post("/api/chat/revokeMessage",
    { id: wrong.id, to_id: alice.id, to_name: "alice_a", to_avatar: "", chatType: "single" }, { token: bob.token });
  await send(alice, group.id, `周末爬山，八点集合。${"请带水和午饭。".repeat(30)}`, { chatType: "group" });
  browser = await launch();
  client = await browser.newPage();
  await connect(client, alice);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function inspect(page, name) {
  const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  const problems = [
    ...await htmlProblems(await sourceOf(page)), ...await accessibilityProblems(page),
    ...(wide > inner ? [`${wide} of ${inner} wide`] : []),
  ];
  assert.deepEqual(problems, [], name);
}

const rows = (page) => page.locator("tbody tr:not(.empty-row)");

test("messages are searched, and one is looked at among its neighbours", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/message/index");
  await page.locator("text=晚上吃什么？<script>").waitFor();
  assert.equal(await page.locator(`a[href="${kPicture}"]`).count(), 1);
  assert.ok(await page.locator("tr", { hasText: "已撤回" }).count() >= 1);
  await page.fill("[name=user]", "bobby_b");
  await page.fill("[name=text]", "火锅");
  await page.click(".search button[type=submit]");
  await page.waitForURL("**user=bobby_b**");
  assert.equal(await rows(page).count(), 1);
  await page.locator("text=查看").last().click();
  await page.waitForURL("**/admin/message/show/*");
  await page.locator("text=本条").waitFor();
  await page.locator("text=晚上吃什么").first().waitFor();
  await page.click("text=会话消息");
  await page.waitForURL("**conversation=*");
  assert.equal(await page.locator("text=周末爬山").count(), 0);
  await page.goto("/admin/message/index?group=bobby_b&type=text");
  await page.locator("text=周末爬山").waitFor();
  await page.goto("/admin/message/index?text=hello");
  await page.locator("text=请同时填写").waitFor();
  await page.goto("/admin/audit?action=message.search");
  await page.locator("ins", { hasText: "火锅" }).first().waitFor();
  await close(page);
});

test("older messages are a click away", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/message/index?limit=2");
  const first = await rows(page).first().innerText();
  await page.click("text=更早");
  await page.waitForURL("**before=*");
  assert.equal(await rows(page).count(), 2);
  assert.notEqual(await rows(page).first().innerText(), first);
  await page.click(".pager >> text=最新");
  await page.waitForURL((url) => !url.search.includes("before"));
  assert.equal(await rows(page).first().innerText(), first);
  await close(page);
});

test("without the right, what messages say is hidden", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/manager/create");
  await page.fill("[name=username]", "moderator");
  await page.fill("[name=password]", "correct horse");
  await page.locator("label", { hasText: "消息管理" }).click();
  await screenshot(page, "manager-rights");
  await page.click(".btn-submit");
  await expectToast(page, "新建成功");
  await close(page);
  const limited = await openConsole(browser, server, {}, { username: "moderator", password: "correct horse" });
  await limited.goto("/admin/message/index");
  await limited.locator("text=内容已隐藏").first().waitFor();
  await inspect(limited, "messages-hidden");
  await screenshot(limited, "messages-hidden");
  assert.equal(await limited.locator("text=火锅").count(), 0);
  assert.equal(await limited.locator("[name=text]").count(), 0);
  await close(limited);
});

test("a user is muted and may speak again", async () => {
  const page = await openConsole(browser, server);
  await page.goto(`/admin/chatuser/show/${bob.id}`);
  await page.click("text=设置禁言");
  await page.waitForURL(`**/admin/chatuser/mute/${bob.id}`);
  await page.click("label >> text=1 天");
  await inspect(page, "mute");
  await screenshot(page, "mute");
  await page.click(".btn-submit");
  await page.waitForURL(`**/admin/chatuser/show/${bob.id}`);
  await screenshot(page, "user-muted");
  const refused = await server.post("/api/chat/socket/sendmessage",
    { sendto_id: alice.id, chatType: "single", type: "text", data: "{\"data\":\"hi\"}", options: "{}" }, { token: bob.token });
  assert.equal(refused.status, 400);
  await page.click("text=解除禁言");
  await page.click("dialog[open] button[value=ok]");
  await page.locator("text=未禁言").waitFor();
  await send(bob, alice.id, "我回来了");
  await close(page);
});

test("a member is muted in the group", async () => {
  const page = await openConsole(browser, server);
  await page.goto(`/admin/chatgroup/members/${group.id}`);
  await inspect(page, "members");
  await screenshot(page, "group-members");
  await page.locator("tbody tr", { hasText: "bobby_b" }).locator("text=设置禁言").click();
  await page.waitForURL(`**/admin/chatgroup/mute/${group.id}/${bob.id}`);
  await page.click("label >> text=永久");
  await page.click(".btn-submit");
  await page.waitForURL(`**/admin/chatgroup/members/${group.id}`);
  await page.locator("tbody tr", { hasText: "永久禁言" }).waitFor();
  await send(bob, alice.id, "只在群里被禁言");
  await page.locator("tbody tr", { hasText: "bobby_b" }).locator("text=解除禁言").click();
  await page.click("dialog[open] button[value=ok]");
  await expectToast(page, "已解除禁言");
  await close(page);
});

for (const [size, viewport] of Object.entries({ desktop: kDesktop, phone: kPhone })) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the pages, ${size}, ${colorScheme}`, async () => {
      const page = await openConsole(browser, server, { viewport, colorScheme, reducedMotion: "reduce" });
      await page.goto("/admin/message/index?user=bobby_b&text=火锅");
      const one = await page.locator("td.actions a").first().getAttribute("href");
      const pages = {
        messages: "/admin/message/index", "messages-empty": "/admin/message/index?user=nobody", message: one,
        online: "/admin/online/index", "home-figures": "/admin",
      };
      for (const [name, address] of Object.entries(pages)) {
        await page.goto(address);
        await page.waitForLoadState("networkidle");
        await inspect(page, name);
        await screenshot(page, `${name}-${size}-${colorScheme}`);
      }
      await close(page);
    });
  }
}

test("everything has English words", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/preferences?lang=en&back=/admin/online/index");
  await page.locator("h1", { hasText: "Online users" }).waitFor();
  for (const address of ["/admin/message/index?user=nobody", "/admin/online/index?keyword=nobody", `/admin/chatuser/mute/${bob.id}`]) {
    await page.goto(address);
    const text = await page.evaluate(() => document.body.innerText + document.title);
    assert.deepEqual(text.match(/.*\p{Script=Han}.*/gu)?.filter((line) => line.trim() !== "中文") ?? [], [], address);
  }
  await close(page);
});

test("a connection is cut, and the client sees a lost line", async () => {
  const page = await openConsole(browser, server);
  await page.goto("/admin/online/index?keyword=alice_a");
  assert.equal(await rows(page).count(), 1);
  await page.locator("tbody >> text=断开").click();
  await page.locator("dialog[open]").waitFor();
  await screenshot(page, "online-disconnect");
  await page.click("dialog[open] button[value=ok]");
  await expectToast(page, "连接已断开");
  assert.equal(await client.evaluate(() => globalThis.whenGone), 1006);
  await page.goto("/admin/online/index?keyword=alice_a");
  await page.locator("text=没有在线的用户").waitFor();
  await close(page);
});
