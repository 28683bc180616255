// Replays the sessions of tests/equality/README.md and compares every byte. Runs in Node and in the browser.

/**
 * @param engine an Engine without history
 * @returns how many sessions were compared; throws at the first difference
 */
export function replaySessions(engine, file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let place = 0;
  const u32 = () => view.getUint32((place += 4) - 4, true);
  const f32 = () => view.getFloat32((place += 4) - 4, true);
  const f64 = () => view.getFloat64((place += 8) - 8, true);
  const part = (size) => file.subarray(place, (place += size));

  if (new TextDecoder().decode(part(4)) !== 'SEQ4') throw new Error('not a file of sessions');
  const items = u32();
  const sessions = u32();
  for (let kind = 0; kind < 9; kind++) engine.setWeight(kind, f32());
  expectEqual('items', engine.items, items);
  for (let session = 0; session < sessions; session++) {
    engine.reset();
    const events = u32();
    for (let event = 0; event < events; event++) engine.feedback(u32(), u32(), f32(), f64());
    const now = f64();
    expectSameBytes(`session ${session}: scores`, engine.scores(now, { base: true }), part(4 * items));
    expectSameBytes(`session ${session}: personal scores`, engine.scores(now, { base: false }), part(4 * items));
    const { items: diverse } = engine.recommend(now, 10, { diversity: 0.5 });
    expectSameBytes(`session ${session}: diverse ranking`, diverse, part(4 * u32()));
    const state = part(u32());
    expectSameBytes(`session ${session}: state`, engine.exportState(), state);

    engine.reset();
    engine.importState(state);
    expectSameBytes(`session ${session}: state after import`, engine.exportState(), state);
  }
  expectEqual('bytes read', place, file.byteLength);
  return sessions;
}

function expectEqual(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what}: ${actual}, expected ${expected}`);
}

function expectSameBytes(what, actual, expected) {
  const bytes = new Uint8Array(actual.buffer, actual.byteOffset, actual.byteLength);
  expectEqual(`${what}, bytes`, bytes.length, expected.length);
  for (let place = 0; place < bytes.length; ++place) {
    if (bytes[place] === expected[place]) continue;
    throw new Error(`${what}: byte ${place} is ${bytes[place]}, expected ${expected[place]}`);
  }
}
