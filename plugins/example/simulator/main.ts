import { runSimulator } from '@talentbridge/testkit/simulator';
import { startSimulator } from './index.js';

await runSimulator(startSimulator);
