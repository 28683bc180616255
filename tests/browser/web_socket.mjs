// A WebSocket client (RFC 6455) for texts, as far as a browser's debugging port needs one; Node 18 and 20 have none.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';

const continuation = 0;
const text = 1;
const close = 8;
const ping = 9;
const pong = 10;

/** Connects to a `ws:` address; `onText` is called with every message. Resolves with how to send, and how to end. */
export async function connectWebSocket(address, onText) {
  const asking = request(address.replace(/^ws:/, 'http:'), {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      'sec-websocket-version': '13',
    },
  });
  asking.end();
  asking.on('response', ({ statusCode }) => asking.destroy(new Error(`${address} answered ${statusCode}`)));
  const [, socket, head] = await once(asking, 'upgrade');
  socket.on('error', () => {}); // The browser was killed.

  let received = head;
  let message = [];
  const take = (data) => {
    received = Buffer.concat([received, data]);
    for (let frame = firstFrame(received); frame !== undefined; frame = firstFrame(received)) {
      received = received.subarray(frame.size);
      if (frame.kind === text || frame.kind === continuation) {
        message.push(frame.data);
        if (!frame.isLast) continue;
        const whole = Buffer.concat(message).toString();
        message = [];
        onText(whole);
      } else if (frame.kind === ping) socket.write(frameOf(pong, frame.data));
      else if (frame.kind === close) socket.end();
    }
  };
  socket.on('data', take);
  take(Buffer.alloc(0));
  return { send: (message) => socket.write(frameOf(text, Buffer.from(message))), end: () => socket.destroy() };
}

/** The frame at the front of these bytes, once it is whole. Servers do not mask. */
function firstFrame(bytes) {
  if (bytes.length < 2) return undefined;
  const short = bytes[1] & 127;
  const begin = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < begin) return undefined;
  const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < begin + length) return undefined;
  return {
    kind: bytes[0] & 15,
    isLast: (bytes[0] & 128) !== 0,
    data: bytes.subarray(begin, begin + length),
    size: begin + length,
  };
}

/** A masked frame, as clients must send them. */
function frameOf(kind, data) {
  const header = Buffer.alloc(data.length > 65535 ? 10 : data.length > 125 ? 4 : 2);
  header[0] = 128 | kind;
  header[1] = 128 | (header.length === 10 ? 127 : header.length === 4 ? 126 : data.length);
  if (header.length === 4) header.writeUInt16BE(data.length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(data.length), 2);
  const mask = randomBytes(4);
  return Buffer.concat([header, mask, data.map((byte, place) => byte ^ mask[place & 3])]);
}
