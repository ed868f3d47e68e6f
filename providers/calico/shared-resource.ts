import { mergeChange, takeBack } from "./model/merge";
import { isRecord, OWNER, SHARED, type Spec, type StoredResource, type Texts } from "./model/resource";

/** Who has merged what into a shared resource. It stands in an annotation, for no state knows of the other stacks. */
interface Claims {
  /** Fields of the specification by their owner. */
  readonly owners: Readonly<Record<string, readonly string[]>>;
  /** What each of these fields held before the first of them came, null if it was not there. */
  readonly before: Spec;
}

/** What one owner merges. */
export interface Share {
  readonly owner: string;
  readonly spec: Spec;
  readonly labels: Texts;
}

/** `live` with the owner's share as it is to be; `known` is what the share was. */
export function withShare(live: StoredResource, known: Share | undefined, wanted: Share): StoredResource {
  const gone = except(known?.spec ?? {}, Object.keys(wanted.spec));
  const { spec, claims } = release(live, { ...wanted, spec: gone });
  const before = Object.fromEntries(Object.keys(wanted.spec).map((key) => [key, spec[key] ?? null]));
  const next = {
    owners: { ...claims.owners, [wanted.owner]: Object.keys(wanted.spec) },
    before: { ...before, ...claims.before },
  };
  const kept = except(known?.spec ?? {}, Object.keys(gone));
  return withClaims({ ...live, spec: mergeChange(spec, kept, wanted.spec) }, next);
}

/** `live` without the owner's share. Fields that others have merged too stay. `last`: nobody else has a share in it. */
export function withoutShare(live: StoredResource, known: Share): { resource: StoredResource; last: boolean } {
  const { spec, claims } = release(live, known);
  const { [known.owner]: _, ...owners } = claims.owners;
  const last = Object.keys(owners).length === 0;
  const labels = { ...live.metadata.labels };
  if (last) for (const [key, value] of Object.entries(known.labels)) if (labels[key] === value) delete labels[key];
  const { labels: __, ...metadata } = live.metadata;
  const left = Object.keys(labels).length > 0 ? { ...metadata, labels } : metadata;
  const resource = { ...live, spec, metadata: left };
  return { resource: withClaims(resource, { owners, before: claims.before }), last };
}

/** Whether some Clocker made the resource, rather than merged into it. */
export function isMadeByClocker({ metadata }: StoredResource): boolean {
  return metadata.annotations?.[OWNER] !== undefined;
}

/** Whether somebody has a share in the resource. */
export function isClaimed(live: StoredResource): boolean {
  return Object.keys(claimsOf(live).owners).length > 0;
}

/** Takes fields back that nobody else has merged too. */
function release(live: StoredResource, { owner, spec }: Share): { spec: Spec; claims: Claims } {
  const { owners, before } = claimsOf(live);
  const others = Object.entries(owners).flatMap(([other, fields]) => (other === owner ? [] : fields));
  const ours = except(spec, others);
  return {
    spec: takeBack(live.spec, ours, before),
    claims: { owners, before: except(before, Object.keys(ours)) },
  };
}

function claimsOf({ metadata }: StoredResource): Claims {
  try {
    const claims: unknown = JSON.parse(metadata.annotations?.[SHARED] ?? "{}");
    if (isRecord(claims) && isRecord(claims["owners"]) && isRecord(claims["before"]))
      return claims as unknown as Claims;
  } catch {
    // Somebody has changed it by hand: then fields with our value are ours, and were not there before.
  }
  return { owners: {}, before: {} };
}

function withClaims(resource: StoredResource, claims: Claims): StoredResource {
  const { [SHARED]: _, ...others } = resource.metadata.annotations ?? {};
  const claimed = Object.keys(claims.owners).length > 0;
  const annotations = { ...others, ...(claimed && { [SHARED]: JSON.stringify(claims) }) };
  return { ...resource, metadata: { ...resource.metadata, annotations } };
}

function except(spec: Spec, keys: readonly string[]): Spec {
  return Object.fromEntries(Object.entries(spec).filter(([key]) => !keys.includes(key)));
}
