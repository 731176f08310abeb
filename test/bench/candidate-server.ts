import { createServer } from 'node:http';
import { madeUpCandidates } from './made-up-candidates.ts';

/** A vendor that does nothing but list made-up candidates: `/candidates?from=0&to=200`. */
createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://localhost');
  const body = JSON.stringify(madeUpCandidates(Number(searchParams.get('from')), Number(searchParams.get('to'))));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
}).listen(Number(process.env['PORT']), '127.0.0.1');
