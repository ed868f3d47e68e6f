import type { Kind } from "../../../providers/handlers";
import type { Properties } from "../../../providers/runtime/handler";
import type { SandboxDescription } from "../../../sandbox/description";
import { args, CalicoProvider, type Created } from "../../contract/support/calico";
import { CalicoHost } from "./calico-host";
import { eventually } from "./eventually";
import { SecondEtcd } from "./second-etcd";
import { Workload } from "./workload";

/** Whose labels are those of a workload, in the namespace of all. */
const NAMESPACE = "default";

/** A resource in the datastore, which the provider made and may change. */
export class Written {
  constructor(
    private readonly calico: CalicoProvider,
    private readonly kind: Kind,
    private readonly metadata: Properties,
    private state: Created,
  ) {}

  /** @param metadata what is other than before */
  async update(spec: unknown, metadata: Properties = {}): Promise<void> {
    const wanted = args({ ...this.metadata, ...metadata }, spec);
    this.state = await (await this.calico.of(this.kind)).update(this.state, wanted);
  }

  async delete(): Promise<void> {
    await (await this.calico.of(this.kind)).delete(this.state);
  }
}

/** The Docker hosts of a sandbox with a Felix each, on a datastore to which the provider alone writes. */
export class PacketLab {
  private constructor(
    readonly hosts: readonly [CalicoHost, CalicoHost],
    readonly etcd: SecondEtcd,
    readonly calico: CalicoProvider,
  ) {}

  static async start(sandbox: SandboxDescription): Promise<PacketLab> {
    for (const host of CalicoHost.all(sandbox)) {
      await host.requireFree();
      // A run that was ended may have left something.
      await host.close();
    }
    const etcd = await SecondEtcd.start(sandbox);
    const [first, second] = CalicoHost.all({ ...sandbox, etcd: etcd.access });
    if (!first || !second) throw new Error("the sandbox has fewer than two Docker hosts");
    const lab = new PacketLab([first, second], etcd, await CalicoProvider.start(etcd.access));
    await (await lab.calico.of("calico.Datastore")).create({});
    return lab;
  }

  async stop(): Promise<void> {
    for (const host of this.hosts) await host.close();
    await this.calico.stop();
    await this.etcd.stop();
  }

  async make(kind: Kind, metadata: Properties, spec: unknown): Promise<Written> {
    return new Written(this.calico, kind, metadata, await (await this.calico.of(kind)).create(args(metadata, spec)));
  }

  /** An address out of the pool, on a node. */
  async address(range: string, node: string, service: string): Promise<string> {
    const { id } = await (await this.calico.of("calico.ServiceAddress")).create({ range, node, service });
    return id;
  }

  /** A container of the name with this address and the label `role`. */
  async workload(host: CalicoHost, name: string, address: string, role: string = name): Promise<Endpoint> {
    const workload = await Workload.start(host, name, "none");
    await workload.connect(address);
    const metadata = { name: `${host.name.replace("-", "--")}-lab-${name}-eth0`, namespace: NAMESPACE };
    const spec = {
      node: host.name,
      orchestrator: "lab",
      workload: name,
      endpoint: "eth0",
      interfaceName: workload.interfaceName,
      ipNetworks: [`${address}/32`],
    };
    const made = await this.make("calico.WorkloadEndpoint", { ...metadata, labels: { role } }, spec);
    return new Endpoint(workload, address, (to) => made.update(spec, { labels: { role: to } }));
  }
}

/** A workload in Calico's network. */
export class Endpoint {
  constructor(
    readonly workload: Workload,
    readonly address: string,
    /** Changes the label. */
    readonly become: (role: string) => Promise<void>,
  ) {}

  /** Which address the other one sees when it is called from here; `none` where no packet comes through. */
  sees(to: Endpoint, port?: number): Promise<string> {
    return this.workload.seenBy(to.address, port);
  }

  /** Waits until calls of the other one come through, with this one's own address. */
  async opens(to: Endpoint, why: string): Promise<void> {
    await eventually(
      async () => (await this.sees(to)) === this.address,
      `${this.workload.name} gets through: ${why}`,
      30,
    );
  }

  async closes(to: Endpoint, why: string): Promise<void> {
    await eventually(async () => (await this.sees(to)) === "none", `${this.workload.name} is shut out: ${why}`, 30);
  }
}
