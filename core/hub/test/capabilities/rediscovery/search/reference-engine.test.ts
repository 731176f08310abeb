import { describeSearchEngine } from './describe-search-engine.js';
import { ReferenceEngine } from './reference-engine.js';

describeSearchEngine('the engine that reads everything', async () =>
  Object.assign(new ReferenceEngine(), { [Symbol.asyncDispose]: async () => undefined }),
);
