/** The first policy, proto3 JSON of `lianbao.approval.v1.PolicyContent`, as a module. */
export function policyModule(json: string): string {
  const content = JSON.stringify(JSON.parse(json), undefined, 2);
  return [
    '// @generated from proto/lianbao/approval/v1/policy-0.json by `pnpm gen`.',
    '/** Policy 0, in the JSON form of lianbao.approval.v1.PolicyContent. */',
    `export const policyZero = ${content} as const;`,
    '',
    'export type PolicyZero = typeof policyZero;',
    '',
  ].join('\n');
}
