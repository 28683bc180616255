// Every round's figures, for other programs.
export function jsonOf({ cells, navigation, sizes, models, memory, stages, absent, failures }, goals, machine) {
  const named = ({ contender, ...rest }) => ({ contender: contender?.name, ...rest });
  const content = {
    machine,
    goals,
    times: cells.map((cell) => named({ ...cell, byRound: [...cell.byRound.values()] })),
    navigation: Object.fromEntries(navigation),
    runtimeBytes: Object.fromEntries(sizes),
    modelBytes: Object.fromEntries(models),
    memoryBytes: memory.map(named),
    checks: stages.map(({ contender, environment, check }) => ({ contender: contender.name, environment, ...check })),
    absent: absent.map(named),
    failures: failures.map(named),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
