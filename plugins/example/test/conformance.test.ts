import { describePlugin } from '@talentbridge/testkit';
import plugin from '../src/index.js';
import { subject } from './subject.js';

describePlugin(plugin, subject);
