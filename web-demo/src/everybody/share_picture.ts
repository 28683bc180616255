// A share as a picture of 64 × 64 points, one for each slot.
import { slotCount } from './report';

const bytesOfNumber = 16;
const side = 64;
const modulus = 2n ** 66n * 4611686018427387897n + 1n;

/** One byte of each number: what it shows of a share is as good as any other. */
export function shadesOf(share: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: slotCount }, (_, slot) => share[slot * bytesOfNumber + 7] as number);
}

/** Both shares of one report added up: 255 where the choice is. */
export function shadesTogether(leader: Uint8Array, helper: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: slotCount }, (_, slot) => {
    const sum = (numberAt(leader, slot) + numberAt(helper, slot)) % modulus;
    return sum === 0n ? 0 : 255;
  });
}

function numberAt(share: Uint8Array, slot: number): bigint {
  let number = 0n;
  for (let byte = bytesOfNumber - 1; byte >= 0; byte--) {
    number = (number << 8n) | BigInt(share[slot * bytesOfNumber + byte] as number);
  }
  return number;
}

/** Draws a ring around each point: alone on the picture, a point is easily missed. */
export function ringPoints(canvas: HTMLCanvasElement, shades: Uint8Array): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.strokeStyle = getComputedStyle(canvas).color;
  shades.forEach((shade, slot) => {
    if (shade === 0) return;
    context.beginPath();
    context.arc((slot % side) + 0.5, Math.floor(slot / side) + 0.5, 4, 0, 2 * Math.PI);
    context.stroke();
  });
}

/** Draws the shades in the canvas's own colours: its text's for 255, its background's for 0. */
export function paint(canvas: HTMLCanvasElement, shades: Uint8Array): void {
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const style = getComputedStyle(canvas);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, side, side);
  context.fillStyle = style.color;
  shades.forEach((shade, slot) => {
    context.globalAlpha = shade / 255;
    context.fillRect(slot % side, Math.floor(slot / side), 1, 1);
  });
  context.globalAlpha = 1;
}
