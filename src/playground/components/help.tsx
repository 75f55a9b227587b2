// What the keys do and how to read the pictures, behind a question mark.

import { useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["→", "↓", "j"], "one stage on"],
  [["←", "↑", "k"], "one stage back"],
  [["Home"], "to the start"],
  [["End"], "to the end"],
  [["Space"], "play, pause"],
  [["Esc"], "everything at once"],
];

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button
        type="button"
        class="sign"
        aria-label="Keys and reading help"
        aria-haspopup="dialog"
        onClick={() => dialog.current?.showModal()}
      >
        <span aria-hidden="true">?</span>
      </button>
      <dialog ref={dialog} class="help" aria-labelledby="help-title">
        <div class="dialog-head">
          <h2 id="help-title">Keys, and how to read this</h2>
          <button type="button" class="sign" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </div>
        <table>
          <caption>Keys, where no field has the focus</caption>
          <tbody>
            {KEYS.map(([keys, what]) => (
              <tr key={what}>
                <th scope="row">
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </th>
                <td>{what}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p>
          Forward values are <span class="value">green</span> and stand above the wires; gradients are{" "}
          <span class="gradient">red</span> and stand below. Point at a line of code to light its gate, or at a gate to light its
          line.
        </p>
        <p>
          The source is in mathjs syntax: <code>f(x, y) = ...</code> or several lines that name stages.{" "}
          <code>param w in [0, 1]</code>, <code>input X [m, 3]</code> and <code>const a = 2</code> declare inputs.
        </p>
        <p>Everything happens in this page: nothing you write is sent anywhere.</p>
      </dialog>
    </>
  );
}
