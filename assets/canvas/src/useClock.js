import { useEffect } from "react";

/** Time goes on while a step runs, and only then. */
export function useClock(store) {
  useEffect(() => {
    let timer = 0;
    const follow = ({ lights }, { lights: before } = {}) => {
      if (lights === before) return;
      const running = Object.values(lights).some((light) => light.status === "running");
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
