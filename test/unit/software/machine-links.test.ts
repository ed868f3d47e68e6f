import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { CHECK_LINKS, linkFiles, linkStep } from "../../../components/software/machine-links";

test("a link that is reached directly is a hosts entry, a forwarded one a socket on a loopback address of its own", () => {
  const files = linkFiles([
    {
      alias: "web",
      route: {
        kind: "forward",
        ports: [
          { port: 80, toAddress: "198.18.0.11", toPort: 20080 },
          { port: 443, toAddress: "2001:db8::1", toPort: 20443 },
        ],
      },
    },
    { alias: "db", route: { kind: "hosts", address: "198.18.0.200" } },
  ]);
  expect(files[0]).toEqual({ path: "/etc/clocker/hosts", content: "198.18.0.200 db\n127.0.1.3 web\n" });
  const unit = (name: string) => files.find(({ path }) => path === `/etc/systemd/system/${name}`)?.content;
  expect(unit("clocker-link-web-80.socket")).toContain("ListenStream=127.0.1.3:80\n");
  expect(unit("clocker-link-web-80.service")).toContain("systemd-socket-proxyd 198.18.0.11:20080\n");
  expect(unit("clocker-link-web-443.service")).toContain("systemd-socket-proxyd [2001:db8::1]:20443\n");
  expect(files).toHaveLength(5);
});

test("without links no name is added", () => {
  expect(linkFiles([])).toEqual([{ path: "/etc/clocker/hosts", content: "" }]);
});

test("the step ends forwarders of former links and keeps the wanted ones", () => {
  expect(linkStep([{ alias: "web", port: 80 }]).script).toMatchSnapshot();
});

test("its scripts are valid shell", () => {
  for (const script of [linkStep([]).script, linkStep([{ alias: "a b'", port: 1 }]).script, CHECK_LINKS]) {
    execFileSync("sh", ["-n"], { input: script });
  }
});
