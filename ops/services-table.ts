import type { ServiceSummary } from "../components/application";

/** Outputs of a Clocker stack. */
export interface StackOutputs {
  readonly url?: string;
  /** What the blueprint's `outputs` tell. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly services: Readonly<Record<string, ServiceSummary>>;
}

/** The service table as text: one row a service, columns as wide as their widest cell. Own addresses in Calico are a column if any has one. */
export function renderServices({ services }: StackOutputs): string {
  const calico = Object.values(services).some(({ calicoAddress }) => calicoAddress !== undefined);
  const own = (cell: string) => (calico ? [cell] : []);
  const rows = [
    ["SERVICE", "LOCATION", "ADDRESS", ...own("CALICO"), "STATE"],
    ...Object.entries(services).map(([id, service]) => [
      id,
      service.location,
      service.endpoints.join(", ") || service.address,
      ...own(service.calicoAddress ?? "-"),
      service.state,
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
