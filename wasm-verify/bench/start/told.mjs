// What a program is given, and how it tells the CPU time of the process, of all its threads, and the time, in milliseconds.
export function told() {
  const { secretText, headers, body } = JSON.parse(process.env.CALL);
  const wall = performance.now();
  const cpu = process.cpuUsage();
  const end = () => {
    const { user, system } = process.cpuUsage(cpu);
    console.log(JSON.stringify({ cpu: (user + system) / 1000, wall: performance.now() - wall }));
  };
  return { secretText, headers, body, end };
}
