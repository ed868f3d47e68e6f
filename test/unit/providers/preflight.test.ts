import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { checkMarathon } from "../../../providers/marathon/preflight";

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(handler: RequestListener): Promise<string> {
  server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answering(version: string): RequestListener {
  return (request, response) => {
    response.statusCode = request.url === "/v2/info" ? 200 : 404;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ version }));
  };
}

describe("checkMarathon", () => {
  test("accepts a Marathon that answers, and tells its version", async () => {
    expect(await checkMarathon({ url: await serve(answering("1.8.222")) })).toEqual({
      ok: true,
      version: "1.8.222",
      others: [],
    });
  });

  test("keeps the path of the base URL and sends a token as DC/OS wants it", async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      seen.push(request.url, request.headers.authorization);
      response.setHeader("content-type", "application/json").end('{"version":"1.11.0"}');
    });
    const auth = { type: "token", token: "a.b.c" } as const;
    expect(await checkMarathon({ url: `${url}/service/marathon/`, auth })).toMatchObject({ ok: true });
    expect(seen).toEqual(["/service/marathon/v2/info", "token=a.b.c"]);
  });

  test("sends name and password as basic credentials", async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.setHeader("content-type", "application/json").end('{"version":"1.11.0"}');
    });
    await checkMarathon({ url, auth: { type: "basic", username: "ops", password: "pass:word" } });
    expect(seen).toEqual([`Basic ${Buffer.from("ops:pass:word").toString("base64")}`]);
  });

  test("names wrong credentials without showing them", async () => {
    const url = await serve((_, response) => response.writeHead(401).end());
    expect(await checkMarathon({ url, auth: { type: "token", token: "a.b.c" } })).toEqual({
      ok: false,
      kind: "refused-by-marathon",
      setting: "auth",
      problem: `Marathon at ${url} does not accept the credentials`,
      remedy: "correct auth of this location",
    });
  });

  test("leaves credentials inside the URL out of messages", async () => {
    const url = await serve((_, response) => response.writeHead(401).end());
    const checked = await checkMarathon({ url: url.replace("//", "//ops:hidden@") });
    expect(JSON.stringify(checked)).toContain(url);
    expect(JSON.stringify(checked)).not.toContain("hidden");
  });

  test("says where a redirect leads", async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: "https://m.example.com/" }).end());
    expect(await checkMarathon({ url })).toMatchObject({
      ok: false,
      kind: "not-marathon",
      setting: "url",
      problem: `Marathon at ${url} redirects to https://m.example.com/`,
    });
  });

  test("refuses a Marathon without networks in app definitions", async () => {
    expect(await checkMarathon({ url: await serve(answering("1.4.13")) })).toEqual({
      ok: false,
      kind: "old-marathon",
      setting: "url",
      problem: "it is Marathon 1.4.13, which has no networks in its app definitions",
      remedy: "use Marathon 1.5 or newer",
    });
  });

  test("tells another server from Marathon", async () => {
    const html = await serve((_, response) => response.end("<html></html>"));
    expect(await checkMarathon({ url: html })).toMatchObject({
      ok: false,
      kind: "not-marathon",
      setting: "url",
      problem: `${html}/v2/info is not Marathon's`,
    });
  });

  test("says that nobody listens, at once", async () => {
    const url = await serve(answering("1.8.222"));
    server?.close();
    expect(await checkMarathon({ url })).toEqual({
      ok: false,
      kind: "unreachable-marathon",
      setting: "url",
      problem: `Marathon at ${url} cannot be reached (ECONNREFUSED)`,
      remedy: "check url of this location and that Marathon runs",
    });
  });

  test("is content with one of several addresses that answers, and names what is wrong with the others", async () => {
    const gone = await serve(answering("1.8.222"));
    server?.close();
    const url = await serve(answering("1.8.222"));
    expect(await checkMarathon({ url: [gone, url] })).toMatchObject({
      ok: true,
      version: "1.8.222",
      others: [{ kind: "unreachable-marathon", problem: `Marathon at ${gone} cannot be reached (ECONNREFUSED)` }],
    });
  });

  test("tells what the one that answers says if none of several will do", async () => {
    const gone = await serve(answering("1.8.222"));
    server?.close();
    const url = await serve((_, response) => response.writeHead(401).end());
    expect(await checkMarathon({ url: [gone, url] })).toMatchObject({
      ok: false,
      kind: "refused-by-marathon",
      problem: `Marathon at ${url} does not accept the credentials`,
    });
  });

  test("says what to do about a certificate that is not trusted, and trusts one that is given", async () => {
    const folder = mkdtempSync(join(tmpdir(), "clocker-preflight-"));
    try {
      const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
      const made = [
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        key,
        "-out",
        cert,
      ];
      const names = ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
      execFileSync("openssl", ["req", ...made, ...names], { stdio: "ignore" });
      const ca = readFileSync(cert, "utf8");
      server = createHttpsServer({ key: readFileSync(key), cert: ca }, answering("1.8.222")).listen(0, "127.0.0.1");
      await once(server, "listening");
      const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      expect(await checkMarathon({ url })).toEqual({
        ok: false,
        kind: "untrusted-marathon",
        setting: "ca",
        problem: `the certificate of Marathon at ${url} is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)`,
        remedy: "write the PEM of its authority as ca of this location",
      });
      expect(await checkMarathon({ url, ca })).toEqual({ ok: true, version: "1.8.222", others: [] });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
