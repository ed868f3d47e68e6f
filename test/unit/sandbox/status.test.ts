import { describe, expect, it } from "vitest";
import { renderStatus } from "../../../sandbox/status";

describe("renderStatus", () => {
  it("aligns one line for each container", () => {
    const rows = [
      { sandbox: "default", part: "host-a", state: "running", address: "198.19.100.11", since: "Up 5 minutes" },
      { sandbox: "default", part: "openstack", state: "exited", address: "198.19.100.20", since: "Exited (1) ago" },
    ];
    expect(renderStatus({ engine: "unix:///run/docker.sock", rows })).toMatchInlineSnapshot(`
      "Docker Engine unix:///run/docker.sock
      sandbox  part       state    address        since
      default  host-a     running  198.19.100.11  Up 5 minutes
      default  openstack  exited   198.19.100.20  Exited (1) ago"
    `);
  });

  it("says what to do when nothing runs", () => {
    expect(renderStatus({ rows: [] })).toContain("no Docker Engine answers");
    expect(renderStatus({ engine: "unix:///run/docker.sock", rows: [] })).toContain("npm run sandbox -- up");
  });
});
