import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { CHECK_LINKS, LINK_STEP, linkFiles } from "../../../components/software/machine-links";

function contentOf(files: ReturnType<typeof linkFiles>, path: string): string | undefined {
  return files.find((file) => file.path === path)?.content;
}

test("a link that is reached directly is a hosts entry, a forwarded one a socket on a loopback address of its own", () => {
  const files = linkFiles([
    {
      alias: "web",
      route: {
        kind: "forward",
        ports: [
          { port: 80, backends: [{ address: "198.18.0.11", port: 20080 }] },
          { port: 443, backends: [{ address: "2001:db8::1", port: 20443 }] },
        ],
      },
    },
    { alias: "db", route: { kind: "hosts", addresses: ["198.18.0.200", "198.18.0.201"] } },
  ]);
  expect(files[0]).toEqual({
    path: "/etc/clocker/hosts",
    content: "198.18.0.200 db\n198.18.0.201 db\n127.0.1.3 web\n",
  });
  const unit = (name: string) => contentOf(files, `/etc/systemd/system/${name}`);
  expect(contentOf(files, "/etc/clocker/forwarders")).toBe("clocker-link-web-80\nclocker-link-web-443\n");
  expect(unit("clocker-link-web-80.socket")).toContain("ListenStream=127.0.1.3:80\n");
  expect(unit("clocker-link-web-80.socket")).not.toContain("ReusePort");
  expect(unit("clocker-link-web-80.service")).toContain("systemd-socket-proxyd 198.18.0.11:20080\n");
  expect(unit("clocker-link-web-443.service")).toContain("systemd-socket-proxyd [2001:db8::1]:20443\n");
  expect(files).toHaveLength(6);
});

test("several instances share a port by sockets of their own, which a watch takes away and gives back", () => {
  const backends = [
    { address: "198.18.0.11", port: 31001 },
    { address: "198.18.0.12", port: 31007 },
  ];
  const files = linkFiles([{ alias: "web", route: { kind: "forward", ports: [{ port: 80, backends }] } }]);
  expect(contentOf(files, "/etc/clocker/hosts")).toBe("127.0.1.2 web\n");
  expect(contentOf(files, "/etc/clocker/forwarders")).toBe("clocker-link-web-80-1\nclocker-link-web-80-2\n");
  for (const [index, { address, port }] of backends.entries()) {
    const unit = `/etc/systemd/system/clocker-link-web-80-${index + 1}`;
    expect(contentOf(files, `${unit}.socket`)).toContain("ListenStream=127.0.1.2:80\nReusePort=yes\n");
    expect(contentOf(files, `${unit}.service`)).toContain(`systemd-socket-proxyd ${address}:${port}\n`);
  }
  expect(contentOf(files, "/etc/clocker/instances")).toBe(
    "clocker-link-web-80-1 198.18.0.11 31001\nclocker-link-web-80-2 198.18.0.12 31007\n",
  );
  const watch = contentOf(files, "/etc/clocker/watch-instances");
  expect(watch).toContain('systemctl "$now" "$name.socket"');
  execFileSync("bash", ["-n"], { input: watch });
});

test("without links no name is added", () => {
  expect(linkFiles([])).toEqual([
    { path: "/etc/clocker/hosts", content: "" },
    { path: "/etc/clocker/forwarders", content: "" },
  ]);
});

test("the step ends forwarders of former links and keeps the wanted ones", () => {
  expect(LINK_STEP.script).toMatchSnapshot();
});

test("its scripts are valid shell", () => {
  for (const script of [LINK_STEP.script, CHECK_LINKS]) {
    execFileSync("sh", ["-n"], { input: script });
  }
});
