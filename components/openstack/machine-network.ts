import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../../placement/model";
import { OpenStackClient } from "../../providers/openstack/client";
import { reclaim } from "../../providers/openstack/reclaim";
import type { OpenStackLocation } from "../../settings/schema";
import { labelsOf } from "../labels";
import type { Resolver } from "../platform";
import { tagsOf } from "./tags";

export interface MachineNetworkArgs {
  readonly settings: OpenStackLocation;
  readonly plan: Plan;
  /** What machines ask first for names. */
  readonly resolver?: Resolver;
}

/** What the machines of one application share in one OpenStack location: the provider, a network, and a router to the outside. */
export class MachineNetwork extends pulumi.ComponentResource {
  readonly provider: openstack.Provider;
  readonly network: openstack.networking.Network;
  readonly subnet: openstack.networking.Subnet;
  /** Floating addresses work only once it is there. */
  readonly routerInterface: openstack.networking.RouterInterface;
  /** Id of the image that machines start from. */
  readonly imageId: pulumi.Output<string>;
  private readonly login: () => Promise<OpenStackClient>;

  /** @param name The location's name; children are called `<name>-provider`, `<name>-network` and so on. */
  constructor(name: string, { settings, plan, resolver }: MachineNetworkArgs, opts: pulumi.ComponentResourceOptions) {
    super("clocker:openstack:MachineNetwork", name, {}, opts);
    this.login = memoize(() => OpenStackClient.login(settings));
    this.provider = createProvider(`${name}-provider`, settings, this);
    const nameservers = [...(resolver ? [resolver.server] : []), ...settings.nameservers];
    const common = { name: plan.physicalName, tags: tagsOf(labelsOf(plan)) };
    const invoke = { parent: this, provider: this.provider };
    const external = openstack.networking.getNetworkOutput({ name: settings.externalNetwork, external: true }, invoke);
    this.imageId = openstack.images.getImageOutput({ name: settings.image, mostRecent: true }, invoke).id;
    this.network = new openstack.networking.Network(`${name}-network`, common, this.childOptions(this));
    this.subnet = new openstack.networking.Subnet(
      `${name}-subnet`,
      {
        ...common,
        networkId: this.network.id,
        cidr: settings.cidr,
        ipVersion: 4,
        ...(nameservers.length > 0 && { dnsNameservers: nameservers }),
      },
      this.childOptions(this),
    );
    const router = new openstack.networking.Router(
      `${name}-router`,
      { ...common, externalNetworkId: external.id },
      this.childOptions(this),
    );
    this.routerInterface = new openstack.networking.RouterInterface(
      `${name}-router-interface`,
      { routerId: router.id, subnetId: this.subnet.id },
      this.childOptions(this),
    );
    this.registerOutputs({ networkId: this.network.id, subnetId: this.subnet.id });
  }

  /** Options of a resource in this cloud; what an interrupted creation of it left is removed before the next. */
  childOptions(parent: pulumi.Resource): pulumi.CustomResourceOptions {
    const clear: pulumi.ResourceHookFunction = async ({ type, newInputs }) => {
      await reclaim(await this.login(), { type, inputs: newInputs ?? {} });
    };
    return { parent, provider: this.provider, hooks: { beforeCreate: [clear] } };
  }
}

/**
 * Every field that the SDK would otherwise take from an OS_* variable is set: the same stack never means another cloud. Only useOctavia is
 * not, for it is deprecated and would warn; no load balancer is made here.
 */
function createProvider(name: string, settings: OpenStackLocation, parent: pulumi.Resource): openstack.Provider {
  return new openstack.Provider(
    name,
    {
      authUrl: settings.authUrl,
      region: settings.region,
      ...credentials(settings),
      ...(settings.ca !== undefined && { cacertFile: settings.ca }),
      cloud: "",
      endpointType: "public",
      insecure: false,
      allowReauth: true,
      delayedAuth: true,
      swauth: false,
    },
    { parent },
  );
}

/** Keystone refuses an application credential together with a project, for it has its own. */
function credentials(settings: OpenStackLocation): openstack.ProviderArgs {
  if (settings.applicationCredentialId !== undefined) {
    return {
      applicationCredentialId: settings.applicationCredentialId,
      applicationCredentialSecret: pulumi.secret(settings.applicationCredentialSecret ?? ""),
    };
  }
  return {
    userName: settings.userName ?? "",
    password: pulumi.secret(settings.password ?? ""),
    tenantName: settings.projectName ?? "",
    userDomainName: settings.userDomainName,
    projectDomainName: settings.projectDomainName,
  };
}

/** Logs in once for a run, again after a failure. */
function memoize<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
