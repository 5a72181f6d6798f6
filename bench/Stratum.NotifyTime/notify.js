// What blocknotify does, for Node: one call over TCP, then the exit code.
const net = require('net');
const [port, password, hash] = process.argv.slice(2);
const params = [Buffer.from(password).toString('base64'), hash, 'bitcoin'];
const socket = net.connect(Number(port), '127.0.0.1', () =>
  socket.write(JSON.stringify({ method: 'mining.update_block', params, id: 1 }) + '\n'));
let text = '';
socket.on('data', piece => {
  text += piece;
  if (!text.includes('\n')) return;
  const answer = JSON.parse(text);
  process.exitCode = answer.error === null && 'result' in answer ? 0 : 1;
  socket.end();
});
