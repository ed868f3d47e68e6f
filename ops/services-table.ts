import type { ServiceSummary } from "../components/application";

/** Outputs of a Clocker stack. */
export interface StackOutputs {
  readonly url?: string;
  readonly services: Readonly<Record<string, ServiceSummary>>;
}

/** The service table as text: one row a service, columns as wide as their widest cell. */
export function renderServices({ services }: StackOutputs): string {
  const rows = [
    ["SERVICE", "LOCATION", "ADDRESS", "STATE"],
    ...Object.entries(services).map(([id, service]) => [
      id,
      service.location,
      service.endpoints.join(", ") || service.address,
      service.state,
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
