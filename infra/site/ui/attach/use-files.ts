import { useEffect, useRef, useState } from "preact/hooks";

/** Files that are pasted or dropped anywhere on the page. True while some are held over it. */
export function useFiles(onFiles: ((files: File[]) => void) | null): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  const takes = onFiles !== null;
  useEffect(() => {
    if (!takes) return;
    const holdsFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes("Files") ?? false;
    const hold = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const take = (event: Event, files: FileList | undefined) => {
      setOver(false);
      if (!files?.length) return;
      event.preventDefault();
      latest.current?.([...files]);
    };
    const drop = (event: DragEvent) => holdsFiles(event) && take(event, event.dataTransfer?.files);
    const paste = (event: ClipboardEvent) => {
      // Where a picture comes along with words, as from a spreadsheet, the words are meant.
      if (!event.clipboardData?.types.includes("text/plain")) take(event, event.clipboardData?.files);
    };
    document.addEventListener("dragover", hold);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("dragover", hold);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
      document.removeEventListener("paste", paste);
    };
  }, [takes]);
  return over;
}
