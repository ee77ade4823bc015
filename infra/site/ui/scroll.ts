import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

const NEAR_PX = 40;

/**
 * A list that is read from its end: it stays at the end while it grows, and where it is when something comes before it.
 *
 * `first` names the topmost thing, `mine` what the reader said last: their own words are always shown.
 */
export function useScroll(first: string | undefined, mine: string | undefined) {
  const box = useRef<HTMLDivElement>(null);
  const held = useRef({ first, mine, height: 0, room: 0, atEnd: true });
  const [atEnd, setAtEnd] = useState(true);

  const measure = () => {
    const element = box.current;
    if (!element) return;
    held.current.height = element.scrollHeight;
    held.current.room = element.clientHeight;
    held.current.atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    setAtEnd(held.current.atEnd);
  };
  const toEnd = () => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
    measure();
  };
  const scrolled = () => {
    const element = box.current;
    const { atEnd, height, room } = held.current;
    // What was scrolled by a change of height, nobody scrolled.
    const moved = element?.scrollHeight !== height || element.clientHeight !== room;
    if (atEnd && moved) toEnd();
    else measure();
  };

  useLayoutEffect(() => {
    const element = box.current;
    const before = held.current;
    if (!element) return;
    if (before.atEnd || (mine !== undefined && mine !== before.mine)) toEnd();
    else if (first !== before.first) element.scrollTop += element.scrollHeight - before.height;
    held.current = { ...held.current, first, mine };
    measure();
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: both read what is held when they are called
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const sizes = new ResizeObserver(() => (held.current.atEnd ? toEnd() : measure()));
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);

  return { box, atEnd, toEnd, onScroll: scrolled };
}
