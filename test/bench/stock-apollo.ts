import '../../gateway/node_modules/reflect-metadata/Reflect.js';
