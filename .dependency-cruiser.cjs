/**
 * Who may import whom. Imports point one way: contracts <- plugin-host <- hub <- gateway, contracts <- plugins.
 * Between workspaces an import resolves to compiled code, hence `(src|dist)`.
 */

// dependency-cruiser walks swc's syntax tree with swc's own visitor, which does not know `using` yet and would throw.
const { Visitor } = require('@swc/core/Visitor');
const visitStatement = Visitor.prototype.visitStatement;
Visitor.prototype.visitStatement = function (/** @type {any} */ statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  this.visitVariableDeclarators(statement.decls);
  return statement;
};

const source = '^(core|gateway|schema)/.*src/|^plugins/[^/]+/(src|simulator)/';

/** @param {string[]} workspaces */
const own = (...workspaces) => `^(${workspaces.join('|')})/`;

/** @param {string[]} names */
const npmPackages = (...names) => `node_modules/(${names.join('|')})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Modules that need each other are one module, or lack a third that both import. Types alone may.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'Nobody imports this module and it imports nothing: remove it.',
      severity: 'error',
      from: { orphan: true, path: source, pathNot: ['/src/index\\.ts$', '/src/generated/'] },
      to: {},
    },
    {
      name: 'resolvable',
      comment: 'The import leads nowhere: a wrong path, or a package that the workspace does not declare.',
      severity: 'error',
      from: {},
      // A package of types alone has nothing to resolve to.
      to: { couldNotResolve: true, pathNot: '^@graphql-typed-document-node/core$' },
    },
    {
      name: 'declared-dependencies',
      comment: 'What a workspace imports stands in its own package.json; sources do not use development dependencies.',
      severity: 'error',
      from: { path: source },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'contracts-import-zod-alone',
      comment: 'A plugin author installs core/contracts and gets nothing else with it.',
      severity: 'error',
      from: { path: '^core/contracts/src/' },
      to: { pathNot: ['^core/contracts/src/', npmPackages('zod')] },
    },
    {
      name: 'plugin-host-imports-contracts-alone',
      comment: 'The plugin host is shared by the hub and the testkit and knows neither.',
      severity: 'error',
      from: { path: '^core/plugin-host/src/' },
      to: { path: own('core', 'plugins', 'gateway', 'schema'), pathNot: own('core/contracts', 'core/plugin-host') },
    },
    {
      name: 'hub-knows-no-edge',
      comment:
        'The hub is served by the gateway and serves plugins through core/contracts; it imports neither, nor the testkit.',
      severity: 'error',
      from: { path: '^core/hub/src/' },
      to: {
        path: own('core', 'plugins', 'gateway', 'schema'),
        pathNot: own('core/contracts', 'core/plugin-host', 'core/hub'),
      },
    },
    {
      name: 'core-knows-no-graphql',
      comment: 'GraphQL belongs to the gateway.',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: npmPackages('graphql', 'type-graphql', '@apollo/server', 'graphql-[^/]+') },
    },
    {
      name: 'testkit-knows-contracts-and-host-alone',
      comment: 'The testkit is published for third-party plugin authors, who have no hub.',
      severity: 'error',
      from: { path: '^core/testkit/src/' },
      to: {
        path: own('core', 'plugins', 'gateway', 'schema'),
        pathNot: own('core/contracts', 'core/plugin-host', 'core/testkit'),
      },
    },
    {
      name: 'plugins-import-contracts-and-zod-alone',
      comment: 'No hub, no other plugin, no testkit, no network or file access of its own.',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/src/' },
      to: { pathNot: ['^plugins/$1/src/', own('core/contracts'), npmPackages('zod')] },
    },
    {
      name: 'simulators-are-independent',
      comment: "A simulator that shares its plugin's code shares its mistakes.",
      severity: 'error',
      from: { path: '^plugins/[^/]+/simulator/' },
      to: { path: '^plugins/[^/]+/(src|dist/src)/' },
    },
    {
      name: 'simulators-know-the-testkit-alone',
      comment: 'Of our packages, a simulator uses the testkit.',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/simulator/' },
      to: {
        path: own('core', 'plugins', 'gateway', 'schema'),
        pathNot: ['^plugins/$1/simulator/', own('core/testkit')],
      },
    },
    {
      name: 'gateway-knows-no-plugin',
      comment: 'Plugins are named in the configuration of a deployment and loaded by that name.',
      severity: 'error',
      from: { path: '^gateway/src/' },
      to: { path: own('plugins', 'core/testkit', 'schema') },
    },
    {
      name: 'schema-imports-no-workspace',
      comment: 'The schema is what front ends build on; it stands alone.',
      severity: 'error',
      from: { path: '^schema/src/' },
      to: { path: own('core', 'plugins', 'gateway') },
    },
    {
      name: 'capabilities-are-separate',
      comment: 'A capability can be removed without touching another.',
      severity: 'error',
      from: { path: '^core/hub/src/capabilities/([^/]+)/' },
      to: { path: '^core/hub/src/capabilities/[^/]+/', pathNot: '^core/hub/src/capabilities/$1/' },
    },
    {
      name: 'kernel-knows-nothing-above',
      comment: 'The kernel, and the connections, know capabilities only as a list that is handed to them.',
      severity: 'error',
      from: { path: '^core/hub/src/kernel/' },
      to: { path: '^core/hub/src/(connections|capabilities|directory)/' },
    },
    {
      name: 'connections-know-no-capability',
      comment: 'The kernel, and the connections, know capabilities only as a list that is handed to them.',
      severity: 'error',
      from: { path: '^core/hub/src/connections/' },
      to: { path: '^core/hub/src/capabilities/' },
    },
    {
      name: 'tests-are-not-imported',
      comment: 'What ships does not depend on tests.',
      severity: 'error',
      from: { path: source },
      to: { path: '(^|/)test/' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules', '/dist/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      mainFields: ['main'],
    },
  },
};
