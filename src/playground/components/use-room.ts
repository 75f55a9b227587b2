// How much room the window has, in the three kinds that the page is laid out for.

import { useEffect, useState } from "preact/hooks";

export type Room = "wide" | "medium" | "narrow";

const WIDE = "(min-width: 72rem)";
const MEDIUM = "(min-width: 46rem)";

export function useRoom(): Room {
  const [room, setRoom] = useState(measure);
  useEffect(() => {
    const queries = [matchMedia(WIDE), matchMedia(MEDIUM)];
    const update = (): void => setRoom(measure());
    queries.forEach((query) => query.addEventListener("change", update));
    return () => queries.forEach((query) => query.removeEventListener("change", update));
  }, []);
  return room;
}

function measure(): Room {
  if (matchMedia(WIDE).matches) return "wide";
  return matchMedia(MEDIUM).matches ? "medium" : "narrow";
}
