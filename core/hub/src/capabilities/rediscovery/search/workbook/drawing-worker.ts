import { parentPort, workerData } from 'node:worker_threads';
import { drawWorkbook } from './draw-workbook.js';
import type { InsightsReport } from './insights-report.js';

// Draws one workbook and ends.
const bytes = drawWorkbook(workerData as InsightsReport);
parentPort?.postMessage(bytes, [bytes.buffer]);
