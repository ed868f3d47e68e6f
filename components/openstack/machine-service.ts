import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { Port } from "../../blueprint/model";
import type { Plan } from "../../placement/model";
import type { CompiledNetwork } from "../../placement/policy/model";
import { SshKey } from "../../providers/machine/ssh-key";
import type { OpenStackLocation } from "../../settings/schema";
import { labelsOf } from "../labels";
import type { Endpoint, PlacedComponent, ServiceArgs } from "../platform";
import type { MachineNetwork } from "./machine-network";
import { machineSensors } from "./machine-sensors";
import { installSoftware } from "./machine-software";
import { tagsOf } from "./tags";

export interface MachineServiceArgs extends ServiceArgs {
  readonly location: OpenStackLocation;
  readonly plan: Plan;
  /** What each machine lets in, by service id. */
  readonly rules: CompiledNetwork["machineRules"];
  readonly network: MachineNetwork;
  /** Name of the flavor. */
  readonly flavor: pulumi.Input<string>;
  /** The services already made in this location, by id. */
  readonly neighbours: ReadonlyMap<string, MachineService>;
}

/** Config drive and keys are cloud-init's defaults; the names of links are entries of the hosts file, which it must not rewrite. */
const USER_DATA = "#cloud-config\nmanage_etc_hosts: localhost\n";

/** A service on a virtual machine of its own; it exists only when its software answers in the asked version. */
export class MachineService extends pulumi.ComponentResource implements PlacedComponent {
  readonly endpoints: pulumi.Output<Endpoint[]>;
  readonly address: pulumi.Output<string>;
  readonly namedAddresses: pulumi.Output<string[]>;
  readonly sensors: Readonly<Record<string, pulumi.Output<unknown>>>;
  readonly nodes: Readonly<Record<string, pulumi.Resource>>;
  /** Address in the network that the application's machines share; known when the software answers. */
  readonly insideAddress: pulumi.Output<string>;
  /** Address that the machine has towards everything outside of its network; known before its software answers. */
  readonly floatingAddress: pulumi.Output<string>;
  private readonly group: openstack.networking.SecGroup;

  /** @param name The service's id; children are called `<id>-machine`, `<id>-setup` and so on. */
  constructor(name: string, args: MachineServiceArgs, opts: pulumi.ComponentResourceOptions) {
    super("clocker:openstack:MachineService", name, {}, opts);
    const { placed, network, plan } = args;
    const options = network.childOptions(this);
    const labels = labelsOf(plan, placed.service.id);
    const common = { name: placed.physicalName, tags: tagsOf(labels) };
    this.group = new openstack.networking.SecGroup(
      `${name}-group`,
      { ...common, description: `What ${placed.physicalName} accepts` },
      options,
    );
    const port = new openstack.networking.Port(
      `${name}-port`,
      {
        ...common,
        networkId: network.network.id,
        fixedIps: [{ subnetId: network.subnet.id }],
        securityGroupIds: [this.group.id],
        // By DHCP, so that it is there again after every boot.
        ...(args.resolver && { extraDhcpOptions: [{ name: "domain-name", value: args.resolver.search }] }),
      },
      // A port keeps its subnet busy: it has to go before another subnet takes the place.
      { ...options, replaceOnChanges: ["fixedIps"] },
    );
    const floating = new openstack.networking.FloatingIp(
      `${name}-address`,
      { pool: args.location.externalNetwork, description: placed.physicalName, tags: common.tags },
      options,
    );
    this.floatingAddress = floating.address;
    this.namedAddresses = floating.address.apply((address) => [address]);
    const association = new openstack.networking.FloatingIpAssociate(
      `${name}-association`,
      { floatingIp: floating.address, portId: port.id },
      { ...options, dependsOn: [network.routerInterface] },
    );
    const rules = [
      ...this.createSourceRules(name, args, options),
      ...this.createPeerRules(name, args, floating.address, options),
    ];
    const key = new SshKey(`${name}-key`, { comment: placed.physicalName }, { parent: this });
    const machine = this.createMachine(name, args, { port, key, labels, dependsOn: [association, ...rules] });
    const fixedAddress = port.allFixedIps.apply(([first]) => {
      if (first !== undefined) return first;
      throw new pulumi.ResourceError(
        `cannot set up service '${name}': its port has no fixed address; see whether ${args.location.cidr} has a free one`,
        this,
      );
    });
    const guards = args.location.hostEndpoints ? (args.calico?.guardMachine(placed, fixedAddress, this) ?? []) : [];
    const setup = installSoftware(`${name}-setup`, args, {
      machine,
      key,
      address: floating.address,
      fixedAddress,
      parent: this,
      dependsOn: [association, ...rules, ...guards],
    });
    this.address = setup.address;
    this.insideAddress = pulumi.all([fixedAddress, setup.address]).apply(([address]) => address);
    this.endpoints = setup.address.apply((address) =>
      placed.ports.map(({ port, protocol }): Endpoint => ({ address, port, protocol, servicePort: port })),
    );
    this.sensors = machineSensors(placed, { address: this.address, insideAddress: this.insideAddress, setup });
    this.nodes = { group: this.group, port, floating, key, machine, setup };
    this.registerOutputs({ address: this.address, endpoints: this.endpoints });
  }

  private createSourceRules(
    name: string,
    { placed, rules }: MachineServiceArgs,
    options: pulumi.CustomResourceOptions,
  ): openstack.networking.SecGroupRule[] {
    return (rules[placed.service.id]?.sources ?? []).map(({ key, cidr, ethertype, ...port }) =>
      admit(`${name}-${key}`, this.group.id, port, { ethertype, remoteIpPrefix: cidr }, options),
    );
  }

  /** The rules by which services of the same location let this one in; they go when it goes. */
  private createPeerRules(
    name: string,
    { placed, rules, neighbours }: MachineServiceArgs,
    ownAddress: pulumi.Output<string>,
    options: pulumi.CustomResourceOptions,
  ): openstack.networking.SecGroupRule[] {
    return Object.entries(rules).flatMap(([target, { groups }]) =>
      groups
        .filter(({ consumer }) => consumer === placed.service.id)
        .flatMap(({ port, protocol, byFloatingAddress }) => {
          const group = neighbours.get(target)?.group.id;
          if (group === undefined)
            throw new pulumi.ResourceError(`service '${target}' is used before it is made`, this);
          const key = `${name}-to-${target}-${protocol === "tcp" ? port : `${port}-${protocol}`}`;
          const open = { port, protocol };
          const inside = admit(key, group, open, { ethertype: "IPv4", remoteGroupId: this.group.id }, options);
          if (!byFloatingAddress) return [inside];
          const source = pulumi.interpolate`${ownAddress}/32`;
          return [inside, admit(`${key}-outside`, group, open, { ethertype: "IPv4", remoteIpPrefix: source }, options)];
        }),
    );
  }

  private createMachine(
    name: string,
    { placed, network, flavor }: MachineServiceArgs,
    parts: {
      port: openstack.networking.Port;
      key: SshKey;
      labels: Readonly<Record<string, string>>;
      dependsOn: pulumi.Resource[];
    },
  ): openstack.compute.Instance {
    const options = network.childOptions(this);
    const keypair = new openstack.compute.Keypair(
      `${name}-keypair`,
      { name: placed.physicalName, publicKey: parts.key.publicKey },
      options,
    );
    return new openstack.compute.Instance(
      `${name}-machine`,
      {
        name: placed.physicalName,
        imageId: network.imageId,
        flavorName: flavor,
        keyPair: keypair.name,
        networks: [{ port: parts.port.id }],
        configDrive: true,
        userData: USER_DATA,
        metadata: { ...placed.service.container.labels, ...parts.labels },
      },
      // Nova lets no second machine have the port.
      { ...options, deleteBeforeReplace: true, dependsOn: parts.dependsOn },
    );
  }
}

function admit(
  name: string,
  securityGroupId: pulumi.Input<string>,
  { port, protocol }: Port,
  from: Pick<openstack.networking.SecGroupRuleArgs, "ethertype" | "remoteIpPrefix" | "remoteGroupId">,
  options: pulumi.CustomResourceOptions,
): openstack.networking.SecGroupRule {
  return new openstack.networking.SecGroupRule(
    name,
    { securityGroupId, direction: "ingress", protocol, portRangeMin: port, portRangeMax: port, ...from },
    // Neutron refuses a rule equal to an existing one.
    { ...options, deleteBeforeReplace: true },
  );
}
