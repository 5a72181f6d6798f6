// A pool of the npm package `stratum`, the library's ancestor, for bench/compare: it answers every share with true, as its own
// example does, and hashes nothing. usage: node npm-stratum.js PORT DIFFICULTY; SIGUSR2: a new job to every session.
'use strict';

const { Server } = require('stratum');
const [port, difficulty] = [Number(process.argv[2]), Number(process.argv[3])];
let subscribed = 0;
let jobs = 0;

function job() {
  jobs += 1;
  const time = Math.floor(Date.now() / 1000).toString(16).padStart(8, '0');
  return [
    jobs.toString(16),
    jobs.toString(16).padStart(64, '0'),
    '01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff20020862062f503253482f04b8864e5008',
    '072f736c7573682f000000000100f2052a010000001976a914d23fcdf86f7e756a64a7a9688ef9903327048ed988ac00000000',
    Array(12).fill('01'.repeat(32)),
    '20000000',
    '1d00ffff',
    time,
    true,
  ];
}

const server = Server.$create({
  // Refusing newcomers when it is busy, which it does by default, would make less work of the row that connects.
  settings: { port, host: '127.0.0.1', hostname: 'localhost', toobusy: 60000 },
});

server.on('mining', (request, deferred, socket) => {
  switch (request.method) {
    case 'subscribe':
      subscribed += 1;
      deferred.resolve(['1', '1', subscribed.toString(16).padStart(8, '0'), 8]);
      break;
    case 'authorize':
      deferred.resolve([true]);
      // Its answers go out a turn later, and nothing may go before this one.
      setImmediate(() => {
        socket.set_difficulty([difficulty]);
        socket.notify(job());
      });
      break;
    case 'submit':
      deferred.resolve([true]);
      break;
    default:
      deferred.reject(Server.errors.METHOD_NOT_FOUND);
  }
});

// Node keeps SIGUSR1 for its debugger.
process.on('SIGUSR2', () => server.broadcast('notify', job()).done(() => {}, () => {}));
process.on('SIGTERM', () => process.exit(0));
server.listen().done(() => console.log(process.pid));
