const patienceMs = 1000;

/** Waits for slow work; says so each second once it takes more than one. */
export async function withProgress<T>(what: string, work: Promise<T>, say: (line: string) => void): Promise<T> {
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    say(`${what} … ${seconds} s`);
  }, patienceMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
