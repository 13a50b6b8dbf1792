import { useEffect } from "react";

/** With more steps than this running at once, wires do not stream: that would be drawn all the time, and tell nothing. */
const CROWD = 8;

/** Time goes on while a step runs, and only then. */
export function useClock(store) {
  useEffect(() => {
    let timer = 0;
    const follow = ({ lights }, { lights: before } = {}) => {
      if (lights === before) return;
      let count = 0;
      for (const path in lights) if (lights[path].status === "running") count += 1;
      const running = count > 0;
      if (count > CROWD !== store.getState().crowded) store.setState({ crowded: count > CROWD });
      if (running && !timer) timer = setInterval(() => store.setState({ now: Date.now() }), 100);
      if (!running && timer) {
        clearInterval(timer);
        timer = 0;
      }
    };
    follow(store.getState());
    const stop = store.subscribe(follow);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [store]);
}
