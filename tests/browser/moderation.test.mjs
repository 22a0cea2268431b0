// Groups and complaints in the console, and the page that describes the API.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  Server, accessibilityProblems, close, expectToast, htmlProblems, kPhone, launch, openConsole, openPage,
  screenshot, sourceOf,
} from "./harness.mjs";

let server;
let browser;
let alice;
let bob;

const get = async (target, user) => (await (await fetch(server.url + target, { headers: { token: user.token } })).json()).data;
const post = async (target, fields, user) => (await server.post(target, fields, { token: user.token })).body;

// alice owns a group with bob in it.
async function createGroup() {
  await post("/api/chat/autoAddFriendAndAgree", { friend_id: bob.id }, alice);
  const { rows } = await get("/api/chat/goodfriendlist/1", alice);
  await post("/api/chat/group/create", { userIds: [rows.newList[0].list[0].id] }, alice);
  return (await get("/api/chat/grouplist/1", alice))[0];
}

before(async () => {
  server = await Server.start();
  await server.setUp();
  alice = await server.register("alice_a");
  bob = await server.register("bobby_b");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function inspect(page, name) {
  const problems = [...await htmlProblems(await sourceOf(page)), ...await accessibilityProblems(page)];
  assert.deepEqual(problems, [], name);
  await screenshot(page, name);
}

test("a group is found, given a notice, disabled and dissolved", async () => {
  const group = await createGroup();
  const page = await openConsole(browser, server);
  await page.goto("/admin/chatgroup/index?keyword=bobby");
  await inspect(page, "groups");
  const row = page.locator("tbody tr", { hasText: "alice_a、bobby_b" });
  await row.locator("text=查看").click();
  await page.waitForURL(`**/admin/chatgroup/show/${group.id}`);
  await inspect(page, "group");
  await page.click("main >> text=发布公告");
  await page.fill("[name=remark]", "周末爬山，八点集合");
  await page.click(".btn-submit");
  await expectToast(page, "修改成功");
  await page.waitForURL(`**/admin/chatgroup/show/${group.id}`);
  await page.locator("text=周末爬山，八点集合").waitFor();
  assert.equal((await get(`/api/chat/groupinfo/${group.id}`, bob)).remark, "周末爬山，八点集合");

  await page.goto("/admin/chatgroup/index");
  await row.locator("button", { hasText: "禁用" }).click();
  await expectToast(page, "修改成功");
  assert.deepEqual(await get("/api/chat/grouplist/1", bob), []);
  await row.locator("text=解散").click();
  await page.locator("dialog[open]").waitFor();
  await screenshot(page, "group-dissolve");
  await page.locator("dialog[open] >> text=确定").click();
  await page.locator("text=没有符合条件的群组").waitFor();
  await close(page);
});

test("a user's page shows friends and groups", async () => {
  await createGroup();
  const page = await openConsole(browser, server);
  await page.goto(`/admin/chatuser/show/${alice.id}`);
  await page.locator("text=bobby_b").first().waitFor();
  await page.locator("text=alice_a、bobby_b").first().waitFor();
  await inspect(page, "user-with-friends");
  await page.goto(`/admin/chatuser/delete/${alice.id}`);
  await page.locator("text=1 个群的群主").waitFor();
  await close(page);
});

test("a complaint is read and answered", async () => {
  const made = await post("/api/chat/complaint/create", {
    target_id: bob.id, target_type: "single", target_name: "<b>bobby</b>", reason: "骚扰信息",
    content: "一直发广告 <script>alert(1)</script>", images: ["https://example.com/x.png", "/public/uploads/a.png"],
  }, alice);
  assert.equal(made.msg, "投诉提交成功");
  const page = await openConsole(browser, server);
  await page.goto("/admin/complaint/index");
  await page.locator("tbody tr", { hasText: "骚扰信息" }).waitFor();
  await inspect(page, "complaints");
  await page.locator("tbody tr", { hasText: "骚扰信息" }).locator("a.btn").first().click();
  await page.locator("text=一直发广告").first().waitFor();
  await inspect(page, "complaint");
  await close(page);
  const phone = await openConsole(browser, server, { viewport: kPhone });
  await phone.goto("/admin/complaint/index");
  await inspect(phone, "complaints-phone");
  await close(phone);
});

test("the API describes itself", async () => {
  const { createRequire } = await import("node:module");
  const require = createRequire(new URL("../../web/package.json", import.meta.url));
  const { Validator } = await import(require.resolve("@seriousme/openapi-schema-validator"));
  const document = await (await fetch(`${server.url}/api/openapi.json`)).json();
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors));
  const apply = document.paths["/api/chat/applyfriend"].post;
  assert.deepEqual(apply.requestBody.content["application/json"].schema.required, ["friend_id"]);

  for (const [name, options] of Object.entries({ docs: {}, "docs-phone": { viewport: kPhone } })) {
    const page = await openPage(browser, server, options);
    await page.goto("/docs");
    await inspect(page, name);
    await close(page);
  }
});
