import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import * as ts from "typescript";

/** A resource class or function of an npm SDK that our sources use. */
export interface SdkUse {
  readonly plugin: string;
  /** e.g. `docker:index/container:Container`, `docker:index/getNetwork:getNetwork`, `pulumi:providers:docker`. */
  readonly token: string;
  readonly kind: "resource" | "function" | "provider";
  /** Places in our sources, `components/docker/x.ts:12`. */
  readonly places: readonly string[];
  /** Declared type of what goes in, absent for a function without arguments. */
  readonly inputs: ts.InterfaceDeclaration | undefined;
  /** Declared type of what comes out: the class itself for a resource. */
  readonly outputs: ts.ClassDeclaration | ts.InterfaceDeclaration | undefined;
}

const sdkFile = /node_modules\/@pulumi\/(docker|openstack)\//;

/** The TypeScript program over our sources, with the SDKs' declarations. */
export function loadSources(root: string, folders: readonly string[]): ts.Program {
  const config = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const files = folders.flatMap((folder) => ts.sys.readDirectory(join(root, folder), [".ts"]));
  return ts.createProgram(files, { ...options, noEmit: true });
}

/** Every `new docker.X(…)`, `openstack.m.getY(…)` and `openstack.m.X.get(…)` in the sources, one entry a token. */
export function findUses(program: ts.Program, root: string): readonly SdkUse[] {
  const checker = program.getTypeChecker();
  const uses = new Map<string, SdkUse>();
  forEachOwnNode(program, (node, file) => {
    if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) {
      return;
    }
    const declaration = sdkDeclaration(checker, node.expression);
    const found = declaration === undefined ? undefined : describeUse(checker, declaration);
    if (found === undefined) {
      return;
    }
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    const place = `${relative(root, file.fileName)}:${line + 1}`;
    uses.set(found.token, { ...found, places: [...(uses.get(found.token)?.places ?? []), place] });
  });
  return [...uses.values()];
}

/** Tokens of all resources and functions of an SDK. */
export function tokensOfSdk(root: string, plugin: string): { resources: Set<string>; functions: Set<string> } {
  const folder = join(root, "node_modules", "@pulumi", plugin);
  const tokens = { resources: new Set<string>(), functions: new Set<string>() };
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(".js") && !file.startsWith("node_modules")) {
      const text = readFileSync(join(folder, file), "utf8");
      for (const [, token = ""] of text.matchAll(/__pulumiType = '([^':]+:[^']+)'/g)) {
        tokens.resources.add(token);
      }
      for (const [, token = ""] of text.matchAll(/runtime\.invoke(?:Output)?\("([^"]+)"/g)) {
        tokens.functions.add(token);
      }
    }
  }
  return tokens;
}

function forEachOwnNode(program: ts.Program, visit: (node: ts.Node, file: ts.SourceFile) => void): void {
  for (const file of program.getSourceFiles()) {
    if (!file.isDeclarationFile && !file.fileName.includes("node_modules")) {
      const walk = (node: ts.Node): void => {
        visit(node, file);
        ts.forEachChild(node, walk);
      };
      walk(file);
    }
  }
}

function sdkDeclaration(checker: ts.TypeChecker, expression: ts.Expression): ts.Declaration | undefined {
  // `docker.Container.get(…)` counts as a use of the class.
  const target =
    ts.isPropertyAccessExpression(expression) && expression.name.text === "get" ? expression.expression : expression;
  // By type, as the SDKs re-export lazily: `export const Container: typeof import("./container").Container`.
  const declaration = checker.getTypeAtLocation(target).symbol?.declarations?.[0];
  return declaration !== undefined && sdkFile.test(declaration.getSourceFile().fileName) ? declaration : undefined;
}

function describeUse(checker: ts.TypeChecker, declaration: ts.Declaration): Omit<SdkUse, "places"> | undefined {
  const file = declaration.getSourceFile().fileName;
  const plugin = sdkFile.exec(file)?.[1] ?? "";
  const script = readFileSync(file.replace(/\.d\.ts$/, ".js"), "utf8");
  if (ts.isClassDeclaration(declaration)) {
    const type = /__pulumiType = '([^']+)'/.exec(script)?.[1] ?? "";
    const constructed = declaration.members.find(ts.isConstructorDeclaration);
    const kind = type.includes(":") ? "resource" : "provider";
    return {
      plugin,
      kind,
      token: kind === "provider" ? `pulumi:providers:${type}` : type,
      inputs: interfaceOf(checker, constructed?.parameters[1]?.type),
      outputs: declaration,
    };
  }
  if (ts.isFunctionDeclaration(declaration)) {
    const name = (declaration.name?.text ?? "").replace(/Output$/, "");
    const plain = checker.getSymbolsInScope(declaration, ts.SymbolFlags.Function).find((symbol) => symbol.name === name)
      ?.declarations?.[0];
    const signature = plain !== undefined && ts.isFunctionDeclaration(plain) ? plain : declaration;
    const returned = signature.type;
    const result = returned !== undefined && ts.isTypeReferenceNode(returned) ? returned.typeArguments?.[0] : undefined;
    const outputs = interfaceOf(checker, result);
    return {
      plugin,
      kind: "function",
      token: /runtime\.invoke(?:Output)?\("([^"]+)"/.exec(script)?.[1] ?? "",
      inputs: signature.parameters.length > 1 ? interfaceOf(checker, signature.parameters[0]?.type) : undefined,
      outputs,
    };
  }
  return undefined;
}

export function interfaceOf(
  checker: ts.TypeChecker,
  node: ts.TypeNode | undefined,
): ts.InterfaceDeclaration | undefined {
  if (node === undefined || !ts.isTypeReferenceNode(node)) {
    return undefined;
  }
  let symbol = checker.getSymbolAtLocation(node.typeName);
  if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias) {
    symbol = checker.getAliasedSymbol(symbol);
  }
  return symbol?.declarations?.find(ts.isInterfaceDeclaration);
}
