import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setupHandler } from "../../providers/machine/setup-handler";
import type { Properties } from "../../providers/runtime/handler";
import { type Archives, startArchives } from "./support/archives";
import { DebianMachine } from "./support/debian-machine";
import { softwareInputs } from "./support/software";
import { SOLR, WILDFLY } from "./support/stand-ins";

const PORT = 8123;
const config = { get: () => undefined };

let machine: DebianMachine;
let archives: Archives;

beforeAll(async () => {
  machine = await DebianMachine.start();
  archives = await startArchives();
});
afterAll(async () => {
  archives?.close();
  await machine?.stop();
});

interface Software {
  readonly entity: string;
  /** What it is, if not the real one. */
  readonly standIn?: string;
  /** The process that serves, by the name of its program. */
  readonly program: string;
  /** Keys of a service that says `text`, with the address that it fetches, if it does. */
  service(text: string): Promise<{ keys: object; fetches?: string }>;
}

/** One after the other they run on one machine, at the same port. */
const SOFTWARE: readonly Software[] = [
  {
    entity: "nginx",
    program: "nginx",
    service: async (text) => {
      const fetches = await archives.serve(`site-${text}.tar`, { "site/index.html": text });
      const keys = { "proxy.http.port": PORT, "nginx.config.staticContentArchiveUrl": fetches };
      return { keys: { type: "NginxController", ...keys }, fetches };
    },
  },
  {
    entity: "haproxy",
    program: "haproxy",
    service: async (text) => ({
      keys: { type: "HAProxyController", "proxy.http.port": PORT, "proxy.targets": await archives.say(text) },
    }),
  },
  {
    entity: "tomcat",
    program: "java",
    // Of Java EE: Tomcat 10 runs it only once it is converted.
    service: async (text) => {
      const page = `<%= javax.servlet.http.HttpServletResponse.SC_OK == 200 ? "${text}" : "" %>`;
      const fetches = archives.serveZip(`tomcat-${text}.war`, { "index.jsp": page });
      return { keys: { type: "TomcatServer", "http.port": PORT, "wars.root": fetches }, fetches };
    },
  },
  {
    entity: "nodejs",
    program: "node",
    service: async (text) => {
      const app = `require("http").createServer((_, answer) => answer.end("${text}")).listen(process.env.PORT, process.env.HOST)`;
      const fetches = await archives.serve(`app-${text}.tar`, { "app/server.js": app });
      const keys = { "http.port": PORT, "nodejs.archive.url": fetches, "nodejs.app.fileName": "server.js" };
      return { keys: { type: "NodeJsWebAppService", ...keys }, fetches };
    },
  },
  {
    entity: "wildfly",
    standIn: "a stand-in laid out as its archive",
    program: "perl",
    service: async (text) => {
      const fetches = archives.serveText(`wildfly-${text}.war`, `PK${text}`);
      const archive = await archives.serve("wildfly.tar", WILDFLY);
      const keys = { "download.url": archive, "http.port": PORT, "wars.by.context": { "/": fetches } };
      return { keys: { type: "JBoss7Server", ...keys }, fetches };
    },
  },
  {
    entity: "solr",
    standIn: "a stand-in laid out as its archive",
    program: "perl",
    service: async (text) => {
      const fetches = await archives.serve(`core-${text}.tar`, { "core/conf/text": text });
      const archive = await archives.serve("solr.tar", SOLR);
      const keys = { "download.url": archive, "solr.http.port": PORT, "solr.core.config": { test: fetches } };
      return { keys: { type: "SolrServer", ...keys }, fetches };
    },
  },
];

/** What a client gets at an address of the machine; empty if nothing answers. */
function get(address: string): Promise<string> {
  return machine.run(`curl -sS --max-time 5 http://${address}:${PORT}/ 2>/dev/null || true`);
}

async function setUp(inputs: Properties): Promise<void> {
  expect((await setupHandler.create(inputs, config)).outs["problem"]).toBe("");
}

/** The main processes of all units of ours that run. */
function running(): Promise<string> {
  return machine.run(
    "for unit in $(systemctl list-units --state=active --plain --no-legend '*-clocker.service' | cut -d' ' -f1); do systemctl show --property Id,MainPID --value $unit | paste -sd' '; done",
  );
}

describe.each(SOFTWARE.map((one) => ({ standIn: "the real one", ...one })))(
  "$entity ($standIn) on a machine",
  ({ entity, program, service }) => {
    let inputs: Properties;
    let fetches: string | undefined;

    test("answers at the machine's address, not where forwarders of links listen", async () => {
      const asked = await service("one");
      inputs = softwareInputs(machine, asked.keys);
      fetches = asked.fetches;
      await setUp(inputs);
      expect(await get(machine.address)).toBe("one");
      expect(await get("127.0.1.2")).toBe("");
    });

    test("is the only server, without privileges", async () => {
      expect(await running()).toMatch(
        new RegExp(`^${entity}-clocker\\.service \\d+$|^\\d+ ${entity}-clocker\\.service$`),
      );
      expect(await machine.run(`ps -o user:32= -C ${program} | sort -u`)).toBe(`${entity}-clocker`);
      expect(await machine.run("systemctl --failed --no-legend")).toBe("");
    });

    test("is neither restarted nor given its content anew by a second create", async () => {
      const before = await running();
      await setUp(inputs);
      expect(await running()).toBe(before);
      if (fetches !== undefined) expect(archives.fetched(fetches)).toBe(1);
    });

    test("has other content when the address of its content is another", async () => {
      inputs = softwareInputs(machine, (await service("two")).keys);
      await setUp(inputs);
      expect(await get(machine.address)).toBe("two");
    });

    test("answers after a reboot, alone", async () => {
      await machine.reboot();
      await machine.run(
        `for _ in $(seq 50); do curl -sf -o /dev/null http://${machine.address}:${PORT}/ && break; sleep 0.2; done`,
      );
      expect(await get(machine.address)).toBe("two");
      expect(await running()).toContain(`${entity}-clocker.service`);
      expect((await running()).split("\n")).toHaveLength(1);
      expect((await setupHandler.read(entity, { ...inputs, problem: "" }, config))?.props["problem"]).toBe("");
    });
  },
);
