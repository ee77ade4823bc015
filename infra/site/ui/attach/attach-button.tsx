import { useRef } from "preact/hooks";
import { Button } from "../button.tsx";

/** Chooses files of any kind; what is not taken is said of each. */
export function AttachButton({ label, onFiles }: { label: string; onFiles(files: File[]): void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          // The same file may be chosen again.
          event.currentTarget.value = "";
        }}
      />
      <Button kind="quiet" icon="paperclip" label={label} onClick={() => input.current?.click()} />
    </>
  );
}
