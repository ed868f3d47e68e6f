import * as ts from "typescript";
import type { ObjectSchema, PackageSchema, PropertySchema } from "./plugin-schemas";
import { interfaceOf } from "./sdk-uses";

/** Members that every resource class has, and that no schema lists. */
const inherited = new Set(["id", "urn"]);

/**
 * Differences between a type declared in an npm SDK and the object of a plugin's schema: properties missing on either side and
 * other shapes, nested types followed; `any` fits every shape. Each is a line `path: what differs`.
 */
export function compareShapes(
  program: ts.Program,
  schema: PackageSchema,
  declaration: ts.ClassDeclaration | ts.InterfaceDeclaration | undefined,
  object: ObjectSchema,
  path: string,
): { differences: string[]; compared: number } {
  const checker = program.getTypeChecker();
  const differences: string[] = [];
  const visited = new Set<ts.Node>();
  let compared = 0;

  const compareObject = (members: readonly ts.Node[], target: ObjectSchema, at: string): void => {
    const declared = new Map<string, ts.TypeNode>();
    for (const member of members) {
      const isProperty = ts.isPropertySignature(member) || ts.isPropertyDeclaration(member);
      const isStatic = ts.canHaveModifiers(member) && hasStatic(member);
      if (isProperty && !isStatic && member.type !== undefined && ts.isIdentifier(member.name)) {
        declared.set(member.name.text, member.type);
      }
    }
    const properties = target.properties ?? {};
    for (const name of Object.keys(properties)) {
      if (!declared.has(name) && !inherited.has(name)) {
        differences.push(`${at}.${name}: in the plugin, not in the npm package`);
      }
    }
    for (const [name, type] of declared) {
      const property = properties[name];
      if (property !== undefined) {
        compared += 1;
        compareType(type, property, `${at}.${name}`);
      } else if (!inherited.has(name)) {
        differences.push(`${at}.${name}: in the npm package, not in the plugin`);
      }
    }
  };

  const compareType = (node: ts.TypeNode, property: PropertySchema, at: string): void => {
    const type = unwrap(node);
    const wanted = kindOfSchema(property);
    const given = kindOfNode(type);
    if (given === "any") {
      return;
    }
    if (given !== wanted) {
      differences.push(`${at}: ${given} in the npm package, ${wanted} in the plugin`);
    } else if (ts.isArrayTypeNode(type)) {
      compareType(type.elementType, property.items ?? {}, `${at}[]`);
    } else if (ts.isTypeLiteralNode(type)) {
      const signature = type.members.find(ts.isIndexSignatureDeclaration);
      if (signature !== undefined) {
        compareType(signature.type, property.additionalProperties ?? { type: "string" }, `${at}{}`);
      }
    } else if (property.$ref !== undefined) {
      const nested = interfaceOf(checker, type);
      const target = schema.types[decodeURIComponent(property.$ref.replace("#/types/", ""))];
      if (nested === undefined || target === undefined) {
        differences.push(`${at}: ${type.getText()} or ${property.$ref} is declared nowhere`);
      } else if (!visited.has(nested)) {
        visited.add(nested);
        compareObject(nested.members, target, at);
      }
    }
  };

  compareObject(declaration?.members ?? [], object, path);
  return { differences, compared };
}

function hasStatic(member: ts.HasModifiers): boolean {
  return ts.getModifiers(member)?.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword) === true;
}

/** `pulumi.Input<T | undefined>`, `pulumi.Output<T>` and `T | undefined` are all T. */
function unwrap(node: ts.TypeNode): ts.TypeNode {
  if (ts.isUnionTypeNode(node)) {
    const rest = node.types.filter((type) => type.kind !== ts.SyntaxKind.UndefinedKeyword);
    return rest.length === 1 && rest[0] !== undefined ? unwrap(rest[0]) : node;
  }
  if (ts.isTypeReferenceNode(node) && /^pulumi\.(?:Input|Output)$/.test(node.typeName.getText())) {
    const argument = node.typeArguments?.[0];
    return argument === undefined ? node : unwrap(argument);
  }
  return ts.isParenthesizedTypeNode(node) ? unwrap(node.type) : node;
}

function kindOfNode(node: ts.TypeNode): string {
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword:
      return "string";
    case ts.SyntaxKind.NumberKeyword:
      return "number";
    case ts.SyntaxKind.BooleanKeyword:
      return "boolean";
    case ts.SyntaxKind.ArrayType:
      return "array";
    case ts.SyntaxKind.TypeLiteral:
      return "map";
    case ts.SyntaxKind.TypeReference:
      return "object";
    default:
      return node.getText();
  }
}

function kindOfSchema(property: PropertySchema): string {
  if (property.$ref !== undefined) {
    return "object";
  }
  if (property.type === "integer") {
    return "number";
  }
  return property.type === "object" ? "map" : (property.type ?? "");
}
