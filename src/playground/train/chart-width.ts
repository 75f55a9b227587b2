// The width that a chart has on the screen, so that its letters keep their size on a phone.

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** In CSS pixels; `usual` until the element has been laid out. */
export function useWidth<Element extends HTMLElement>(usual: number): readonly [RefObject<Element>, number] {
  const place = useRef<Element>(null);
  const [width, setWidth] = useState(usual);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) setWidth(Math.max(200, Math.floor(element.clientWidth))); // nothing while its tab is hidden
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [place, width];
}
