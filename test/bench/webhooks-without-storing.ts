import { GroupCommit } from '../../core/hub/dist/capabilities/webhooks/group-commit.js';

/**
 * The product as it is deployed, but that every event counts as stored at once. It is put in front of the product in a process
 * of the benchmark, so that the product itself has no such switch.
 */
GroupCommit.prototype.add = () => Promise.resolve();
await import('../../gateway/dist/main.js');
