import type { CapabilityContracts, CapabilityName, ExportCapability, Plugin } from '@talentbridge/contracts';
import example from '@talentbridge/plugin-example';

/**
 * The example's ATS as one that takes no key and cannot be asked: what such a vendor never answered, nobody knows. Its
 * simulator knows requests by their key all the same, so each try carries another one.
 */
const unaskable: Plugin = {
  ...example,
  open(input) {
    const connection = example.open(input);
    return {
      ...connection,
      capability<Name extends CapabilityName>(name: Name): CapabilityContracts[Name] | undefined {
        const capability = connection.capability(name);
        return name === 'export' && capability
          ? (withoutAsking(capability as ExportCapability) as CapabilityContracts[Name])
          : capability;
      },
    };
  },
};

let tries = 0;

function withoutAsking(exporter: ExportCapability): ExportCapability {
  const { findExported: _findExported, lookUp: _lookUp, ...rest } = exporter;
  return {
    ...rest,
    limits: { ...exporter.limits, absorbsRepeats: false },
    exportCandidate: (ctx, request) => {
      tries += 1;
      return exporter.exportCandidate(ctx, { ...request, itemId: `${request.itemId}-${process.pid}-${tries}` });
    },
  };
}

export default unaskable;
