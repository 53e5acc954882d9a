/** A sleep that can be ended from outside. Woken while awake, it does not fall asleep the next time. */
export interface Sleeper {
  /** True when woken. */
  sleep(milliseconds: number): Promise<boolean>;
  wake(): void;
}

export function sleeper(): Sleeper {
  let woken = false;
  let end: ((byWaking: boolean) => void) | undefined;
  return {
    sleep: (milliseconds) => {
      if (woken) {
        woken = false;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => end?.(false), milliseconds);
        end = (byWaking) => {
          clearTimeout(timer);
          end = undefined;
          resolve(byWaking);
        };
      });
    },
    wake: () => {
      if (end === undefined) woken = true;
      else end(true);
    },
  };
}
